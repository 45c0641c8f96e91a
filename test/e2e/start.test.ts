import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { reason, root, serve } from "./jupyter.js";

describe.skipIf(reason)("npm start", () => {
  test("serves the lessons with the course's kernel as the default, and ends when told to", async () => {
    const server = await serve((port) =>
      spawn(process.execPath, [join(root, "lib/bin/unrolled.mjs"), "start", "--no-browser", "--port", String(port)], {
        cwd: root,
      }),
    );
    try {
      const get = async (path: string) =>
        (await fetch(`${server.base}${path}`, { headers: { Authorization: `token ${server.token}` } })).json();
      const specs = (await get("/api/kernelspecs")) as { default: string; kernelspecs: Record<string, unknown> };
      expect(specs.default).toBe("unrolled");
      const listed = (await get("/api/contents/notebooks")) as { content: { name: string }[] };
      expect(listed.content.map(({ name }) => name)).toContain("02-vanishing-gradients.ipynb");
      const front = await fetch(`${server.base}/?token=${server.token}`);
      expect(front.url).toContain("/tree/notebooks");
      const plotly = await fetch(`${server.base}/kernelspecs/unrolled/plotly.min.js?token=${server.token}`);
      expect(plotly.status).toBe(200);
      expect((await plotly.text()).length).toBeGreaterThan(1e6);
    } finally {
      await server.stop();
    }
    await expect(fetch(server.base)).rejects.toThrow();
  });
});
