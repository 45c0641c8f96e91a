// What learners do to a notebook, in a real kernel that has the exercises' own cells.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNotebook, sourceOf } from "../../lib/src/exercise/nbformat.js";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { readProgress } from "../../lib/src/notebook/check/course-progress.js";
import { KernelClient } from "../../lib/src/notebook/client.js";
import type { Content } from "../../lib/src/notebook/wire.js";

const root = courseRoot();
const cells = new Map(
  readNotebook(join(root, "solutions/05-gates.ipynb")).cells.map((cell) => [cell.id, sourceOf(cell)]),
);
const source = (id: string): string => cells.get(id)!;
const answer = source("ex-05-3-answer");
const check = source("ex-05-3-check");
const folder = mkdtempSync(join(tmpdir(), "unrolled-learners-"));
const progress = join(folder, "progress.json");

let kernel: KernelClient;
const start = async (): Promise<void> => {
  const env = { ...process.env, UNROLLED_PROGRESS: progress, VITEST: undefined };
  kernel = await KernelClient.start({ directory: join(root, "exercises"), env });
};
beforeAll(start);
afterAll(async () => {
  await kernel.kill();
  rmSync(folder, { recursive: true });
});

/** Everything that one cell showed, as text. */
async function run(code: string): Promise<string> {
  const shown: string[] = [];
  const onOutput = (type: string, content: Content): void => {
    if (type === "stream") shown.push(String(content.text));
    if (/display|result/.test(type)) shown.push((content.data as Record<string, string>)["text/plain"]);
    if (type === "error") shown.push(stripVTControlCharacters((content.traceback as string[]).join("\n")));
  };
  await kernel.execute(code, { onOutput });
  return shown.join("\n");
}

const passed = "✓ 05.3 One LSTM step: all checks passed";

describe("cells run out of order, twice, or after a restart", () => {
  test("a check before its answer names what is missing; then setup and answer make it pass", async () => {
    expect(await run(check)).toContain("Cannot find name 'check'");
    await run(source("setup"));
    expect(await run(check)).toContain("'lstmStep'");
    expect(await run(answer)).toBe("");
    expect(await run(check)).toContain(passed);
  });

  test("an answer run before the setup works once the setup has run", async () => {
    expect(await run(answer)).toBe("");
    expect(await run(source("setup"))).toBe("");
    expect(await run(check)).toContain(passed);
  });

  test("a top-level const run twice is simply the newer one", async () => {
    expect(await run(source("ex-05-1-answer"))).toBe("");
    expect(await run("const cNext: number[] = [1.15, 2.15, 3.15];")).toBe("");
    expect(await run(source("ex-05-1-check"))).toContain("the forget gate is missing");
    expect(await run(source("ex-05-1-answer"))).toBe("");
    expect(await run(source("ex-05-1-check"))).toContain("all checks passed");
  });

  test("progress survives the kernel, and is drawn in any notebook", async () => {
    await kernel.kill();
    await start();
    expect(readProgress(progress)).toMatchObject({ "05.1": { earned: 4 }, "05.3": { earned: 7 } });
    expect(await run('import { progress } from "unrolled";\nprogress()')).toMatch(
      /^05-gates +✓ ○ ✓ ○.* 11 of \d+ points$/m,
    );
    expect(await run(check)).toContain("Cannot find name");
    await run(source("setup"));
    await run(answer);
    expect(await run(check)).toContain(passed);
  });
});

const setUp = async (): Promise<void> => {
  await run(source("setup"));
  await run(answer);
};

describe("names", () => {
  beforeAll(setUp);

  test("a function of another name is asked for by the right one", async () => {
    await run(answer.replace("function lstmStep", "function myStep"));
    expect(await run('await check("05.3", { myStep });')).toContain(
      'check("05.3"): pass the function lstmStep: await check("05.3", { lstmStep }); got myStep',
    );
    expect(await run('await check("05.3", { lstmStep: myStep });')).toContain(passed);
  });

  test("a helper function may live in another cell", async () => {
    await run("function show(o: number[], c: number[]): number[] { return mul(sigmoid(o), tanh(c)); }");
    await run(answer.replace("const h = mul(sigmoid(pre.o), tanh(c));", "const h = show(pre.o, c);"));
    expect(await run(check)).toContain(passed);
  });
});

describe("code that does not come back", () => {
  beforeAll(setUp);

  const bodies: Record<string, string> = {
    "an endless loop": "for (;;);",
    "an endless chain of promises":
      "const again = (): Promise<void> => Promise.resolve().then(again);\n  return again() as never;",
    "an endless loop after a pause": "const wait = async () => { await null; for (;;); };\n  return wait() as never;",
  };
  const region = /\/\/ BEGIN SOLUTION[\s\S]*END SOLUTION/;

  test.each(Object.entries(bodies))(
    "%s: the check ends and says so; the kernel keeps its variables",
    async (_what, body) => {
      await run("const kept = 42;");
      await run(answer.replace(region, body));
      const said = await run(check);
      expect(said).toContain("✗ 05.3 One LSTM step: 0 of 7 points.");
      expect(said).toContain("lstmStep did not return within 5 s");
      expect(await run("kept")).toBe("42");
      await run(answer);
      expect(await run(check)).toContain(passed);
    },
  );

  test("an answer that logs 100,000 lines shows the first, and how many there were", async () => {
    const noisy = 'for (let k = 0; k < 100000; k++) console.log("line", k);\n  // BEGIN';
    await run(answer.replace("// BEGIN", noisy));
    const said = await run(check);
    expect(said).toContain("line 0\n");
    expect(said.length).toBeLessThan(10_000);
    expect(said).toMatch(/Note: your code printed \d{6} more lines while it was checked; they are not shown/);
    expect(said).toContain(passed);
    await run(answer);
    expect(await run(check)).not.toContain("more lines");
  });
});
