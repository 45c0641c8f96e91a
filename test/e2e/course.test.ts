import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { linkModules } from "../link-modules.js";
import { reason, root, serve } from "./jupyter.js";

const folder = join(mkdtempSync(join(tmpdir(), "unrolled-course-")), "out");
afterAll(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

describe.skipIf(reason)("a student package", { timeout: 600_000 }, () => {
  test("starts by its own npm start, and serves its exercises with its kernel", async () => {
    execFileSync(process.execPath, [join(root, "lib/bin/unrolled.mjs"), "release", "--course", folder], {
      stdio: "pipe",
    });
    linkModules(folder);
    const program = join(folder, "lib/bin/unrolled.mjs");
    const server = await serve((port) =>
      spawn(process.execPath, [program, "start", "--no-browser", "--port", String(port)], { cwd: folder }),
    );
    try {
      const get = async (path: string) =>
        (await fetch(`${server.base}${path}`, { headers: { Authorization: `token ${server.token}` } })).json();
      expect((await get("/api/kernelspecs")) as object).toMatchObject({ default: "unrolled" });
      const { content } = (await get("/api/contents/exercises")) as { content: { name: string }[] };
      expect(content.map(({ name }) => name)).toContain("05-gates.ipynb");
      await expect(get("/api/contents/solutions")).resolves.not.toHaveProperty("content");
    } finally {
      await server.stop();
    }
  });
});
