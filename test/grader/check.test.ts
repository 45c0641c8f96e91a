import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { notStarted } from "../../lib/src/exercise/not-started.js";
import { coursePack, courseRoot } from "../../lib/src/exercise/pack.js";
import { Checker } from "../../lib/src/notebook/check/client.js";
import { checkBundle } from "../../lib/src/notebook/check/index.js";
import { unsaved } from "../../lib/src/notebook/check/saved.js";
import { add, mul, sigmoid, tanh, type Vector } from "../exercises/reference/vectors.js";
import { isRunning } from "../is-running.js";

type Pre = Record<"i" | "f" | "o" | "g", Vector>;
function lstmStep(pre: Pre, cPrev: Vector) {
  const c = add(mul(sigmoid(pre.f), cPrev), mul(sigmoid(pre.i), tanh(pre.g)));
  return { h: mul(sigmoid(pre.o), tanh(c)), c };
}

const checker = new Checker();
const hasty = new Checker({ callMilliseconds: 1000 });
afterAll(() => {
  checker.close();
  hasty.close();
});
const said = async (id: unknown, answers?: unknown, by = checker): Promise<string> =>
  (await checkBundle(by, id, answers))["text/plain"] as string;
const shown = async (id: unknown, answers?: unknown): Promise<string> =>
  (await checkBundle(checker, id, answers))["text/html"] as string;

describe("check: wrong use is answered in one line", () => {
  test.each([
    ["05.33", {}, 'check: there is no exercise "05.33"; did you mean 05.3?'],
    ["5.3", {}, 'check: there is no exercise "5.3"; did you mean 05.3?'],
    [5.3, {}, "check: there is no exercise 5.3; did you mean 05.3?"],
    ["gates", {}, 'check: there is no exercise "gates"; they go from 0'],
    [undefined, {}, "check: there is no exercise undefined; they go from"],
    ["05.3", undefined, 'check("05.3"): pass the function lstmStep: await check("05.3", { lstmStep })'],
    ["05.3", {}, 'check("05.3"): pass the function lstmStep: await check("05.3", { lstmStep })'],
    ["05.3", lstmStep, 'check("05.3"): put braces around the name: await check("05.3", { lstmStep })'],
    ["05.3", { lstmstep: lstmStep }, "{ lstmStep }); got lstmstep"],
    ["05.3", { lstmStep: 3 }, 'check("05.3"): lstmStep must be a function, got a number'],
    ["05.1", {}, 'check("05.1"): pass the constant cNext: await check("05.1", { cNext })'],
  ])("%j, %j", async (id, answers, line) => {
    expect(await said(id, answers)).toContain(line);
    expect(await said(id, answers)).not.toContain("\n");
  });
});

describe("check: what it shows", () => {
  test("a stub is not started, and nothing is wrong", async () => {
    const text = await said("05.3", { lstmStep: () => notStarted("05.3") });
    expect(text).toMatch(/^○ 05\.3 One LSTM step: not started\. .*\(7 points\)\.$/);
    expect(text).not.toContain("✗");
  });

  test("a right answer passes with all points, each check named", async () => {
    const text = await said("05.3", { lstmStep });
    expect(text).toContain("✓ 05.3 One LSTM step: all checks passed, 7 of 7 points.");
    expect(text).toContain("✓ passed  1/1  h reads the new cell state, not cPrev");
  });

  test("a slip is named, with the call, what came and what was expected", async () => {
    const slip = (pre: Pre, cPrev: Vector) => ({ ...lstmStep(pre, cPrev), h: mul(sigmoid(pre.o), tanh(cPrev)) });
    const text = await said("05.3", { lstmStep: slip });
    expect(text).toContain("✗ 05.3 One LSTM step: 6 of 7 points.");
    expect(text).toContain("it looks like this: h opens on cPrev: use the new c");
    expect(text).toMatch(/worst at \[\d\]: got -?[\d.]+, expected -?[\d.]+/);
    expect(text).toMatch(
      /lstmStep\(\{ i: \[.*\], f: .* \}, \[.*\]\)\n +→ \{ h: \[.*\], c: \[.*\] \}\n +got +\[.*\]\n +expected +\[/,
    );
  });

  test("what is found by hand is not given away", async () => {
    const text = await said("05.1", { cNext: [1.05, 1.95, 2.86] });
    expect(text).toContain("worst at [2]: got 2.86, which is too large");
    expect(text).not.toContain("2.85");
  });

  test("one trouble is told once", async () => {
    const text = await said("05.3", { lstmStep: (pre: Partial<Pre>) => (pre.g as unknown as { x: { y: 1 } }).x.y });
    expect(text.match(/TypeError/g)).toHaveLength(1);
    expect(text.match(/as above/g)).toHaveLength(6);
  });

  test("an answer put together from several calls shows them all", async () => {
    const text = await said("04.4", { countsTo: (f: number, limit: number) => (f === 1 ? limit : 3), readings: [] });
    expect(text.match(/countsTo\([\d.]+, 500\) → \d+/g)?.length).toBeGreaterThanOrEqual(4);
    expect(text).toMatch(/countsTo\(1, 500\) → 500\n +got +\[3, 3, 3, 500\]/);
  });

  test("two functions with a trouble each: both are told", async () => {
    const text = await said("07.4", { crossEntropy: () => 17, memorylessLoss: () => 19 });
    expect(text).toContain("got 17, expected");
    expect(text).toContain("got 19, expected");
    expect(text.match(/as above/g)).toHaveLength(6); // of eight
  });

  test.each([
    ["nothing", () => undefined, "lstmStep returned nothing: is a return missing?"],
    ["a function in its answer", () => ({ h: tanh, c: tanh }), "lstmStep(…).h is a function, which cannot be compared"],
    ["an array for { h, c }", (_: Pre, c: Vector) => c, "the answer must be { h, c }, got an array"],
    [
      "one entry too few",
      (pre: Pre, c: Vector) => ({ ...lstmStep(pre, c), c: [1, 2] }),
      "the shape must be [3], got [2]",
    ],
    [
      "an error of its own",
      () => {
        throw new RangeError("too big");
      },
      "lstmStep stopped with RangeError: too big",
    ],
    [
      "a thrown text",
      () => {
        throw "no";
      },
      "lstmStep stopped with no",
    ],
    ["a promise of a right answer", async (pre: Pre, c: Vector) => lstmStep(pre, c), "all checks passed"],
    [
      "a rejected promise",
      async () => {
        throw new Error("later");
      },
      "lstmStep stopped with Error: later",
    ],
  ])("an answer that is %s", async (_what, answer, line) => {
    expect(await said("05.3", { lstmStep: answer })).toContain(line);
  });

  test("HTML says the same in a table with headings, and escapes what learners wrote", async () => {
    const html = await shown("05.3", {
      lstmStep: () => {
        throw new Error("<script>alert(1)</script>");
      },
    });
    expect(html).toContain('<th scope="col"');
    expect(html).toContain('<th scope="row"');
    expect(html).toContain("✗ failed");
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toContain("<script>");
  });

  test("changing an argument changes nothing for the check", async () => {
    const greedy = (pre: Pre, cPrev: Vector) => {
      const answer = lstmStep(pre, cPrev);
      cPrev.fill(0);
      pre.i.length = 0;
      return answer;
    };
    expect(await said("05.3", { lstmStep: greedy })).toContain("all checks passed");
  });
});

describe("check: code that does not come back", () => {
  test.each<[string, () => unknown]>([
    [
      "an endless loop",
      () => {
        for (;;);
      },
    ],
    ["a promise that never settles", () => new Promise(() => {})],
  ])("%s ends with a clear row, once, and the next check works", async (_what, stuck) => {
    let calls = 0;
    const text = await said("05.3", { lstmStep: () => ++calls && stuck() }, hasty);
    expect(text).toContain("lstmStep did not return within 1 s");
    expect(text.match(/as above/g)).toHaveLength(6);
    expect(calls).toBe(1); // the limit is waited for once, not seven times
    expect(await said("05.3", { lstmStep }, hasty)).toContain("all checks passed");
  });
});

/** Says "begun", then waits for an answer and does other work meanwhile. */
const waiting = `const { watched } = await import(${JSON.stringify(pathToFileURL(join(courseRoot(), "lib/dist/notebook/check/watchdog.js")).href)});
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await watched(200, () => sleep(300)); // by then there is a watching thread
  console.log("begun");
  setTimeout(() => { for (const end = performance.now() + 300; performance.now() < end; ); console.log("worked"); }, 250);
  await watched(200, () => sleep(300));
  console.log("went on");`;

/** What a process says that stands still for a while as soon as it waits. */
async function slept(): Promise<string> {
  const kernel = spawn(process.execPath, ["--input-type=module", "-e", waiting], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  kernel.stdout.on("data", (part) => (text += part));
  const over = new Promise((resolve) => void kernel.once("close", resolve));
  await expect.poll(() => text).toContain("begun");
  kernel.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 2000));
  kernel.kill("SIGCONT");
  await over;
  return text;
}

test("check: a laptop that slept while an answer was waited for goes on where it was", async () => {
  const said = await Promise.all(Array.from({ length: 4 }, slept)); // whom the sleep would harm is chance
  expect(said).toEqual(Array(4).fill("begun\nworked\nwent on\n"));
});

describe("the checker", () => {
  test("checks asked for at once are answered each for itself", async () => {
    const [right, stub, trace] = await Promise.all([
      checker.check("05.3", { lstmStep }),
      checker.check("05.3", { lstmStep: () => notStarted("05.3") }),
      checker.check("05.1", { cNext: [1.05, 1.95, 2.85] }),
    ]);
    expect([right.state, stub.state, trace.state]).toEqual(["passed", "not-started", "passed"]);
  });

  test("if it is killed, the check says so and the next one starts another", async () => {
    const own = new Checker();
    await own.check("05.3", { lstmStep });
    const running = checkBundle(own, "05.3", { lstmStep });
    process.kill(own.pid!, "SIGKILL");
    expect((await running)["text/plain"]).toBe("check: the checker stopped. Run the check again.");
    expect((await own.check("05.3", { lstmStep })).state).toBe("passed");
    own.close();
  });

  test("it ends when its kernel is killed, and does not keep an idle kernel alive", async () => {
    const client = pathToFileURL(join(courseRoot(), "lib/dist/notebook/check/client.js")).href;
    const script = (then: string) => `import { Checker } from "${client}"; const c = new Checker();
      const { state } = await c.check("05.1", { cNext: [] }); console.log(c.pid, state); ${then}`;
    const node = ["--input-type=module", "-e"];
    const ended = execFileSync(process.execPath, [...node, script("")], { encoding: "utf8", timeout: 50_000 });
    expect(ended).toMatch(/^\d+ not-started/);
    const kernel = spawn(process.execPath, [...node, script("setInterval(() => {}, 1000);")], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const pid = await new Promise<number>((resolve) =>
      kernel.stdout.once("data", (text) => resolve(Number.parseInt(String(text), 10))),
    );
    kernel.kill("SIGKILL");
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test("a stop signal means the kernel, not the checker", async () => {
    await checker.check("05.1", { cNext: [] });
    process.kill(checker.pid!, "SIGINT");
    expect((await checker.check("05.3", { lstmStep })).state).toBe("passed");
  });
});

describe("unsaved", () => {
  const exercise = coursePack().exercises.find(({ id }) => id === "05.3")!;
  const folder = mkdtempSync(join(tmpdir(), "unrolled-saved-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const save = (...sources: string[]) =>
    writeFileSync(
      join(folder, exercise.file),
      JSON.stringify({ cells: sources.map((source) => ({ cell_type: "code", source })) }),
    );
  const mine = "function lstmStep() {\n  return 1;\n}";

  test("the latest cell that ran is compared with the last saved one that declares the name", () => {
    save("const lstmStep = 0;", mine);
    expect(
      unsaved(exercise, folder, [
        { source: mine.replace("1", "2"), ok: true },
        { source: mine, ok: true },
      ]),
    ).toEqual([]);
    expect(
      unsaved(exercise, folder, [
        { source: mine, ok: true },
        { source: mine.replace("1", "2"), ok: true },
      ]),
    ).toEqual(["lstmStep"]);
  });

  test("line ends, and cells that failed, do not count", () => {
    save(mine.replace(/\n/g, "\r\n"));
    expect(
      unsaved(exercise, folder, [
        { source: mine, ok: true },
        { source: "const lstmStep = (", ok: false },
      ]),
    ).toEqual([]);
  });

  test("a cell that was never saved counts; without records or file there is nothing to say", () => {
    save("1 + 1");
    expect(unsaved(exercise, folder, [{ source: mine, ok: true }])).toEqual(["lstmStep"]);
    expect(unsaved(exercise, folder, [])).toEqual([]);
    expect(unsaved(exercise, "/nowhere", [{ source: mine, ok: true }])).toEqual([]);
  });
});
