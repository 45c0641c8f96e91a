// The command lines of the long measurements, and the submission that bench:grade times.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main as benchGrade } from "../../lib/src/cli/bench-grade.js";
import { main as soak } from "../../lib/src/cli/soak.js";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { Grader } from "../../lib/src/grader/grade.js";
import { fullSizeClass, fullSizePack } from "../../lib/src/grader/measure/full-size.js";

const work = mkdtempSync(join(tmpdir(), "unrolled-commands-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  for (const stream of ["log", "error"] as const)
    vi.spyOn(console, stream).mockImplementation((...parts) => void said.push(parts.join(" ")));
});
afterEach(() => vi.restoreAllMocks());

describe("unrolled soak", () => {
  test.each([
    [["grading"], "soak: there are memory, grader, queue, "],
    [["memory", "toString"], "got toString"],
    [["--long"], "Unknown option '--long'"],
  ])("%j is wrong usage: 2, says why, runs nothing", async (args, message) => {
    expect(await soak(args, { root: courseRoot() })).toBe(2);
    expect(said.join("\n")).toContain(message);
    expect(said.join("\n")).not.toContain("well");
  });
});

describe("unrolled bench-grade", () => {
  test.each([
    [["--fast"], "Unknown option '--fast'"],
    [["300"], "Unexpected argument '300'"],
  ])("%j is wrong usage: 2, and says why", async (args, message) => {
    expect(await benchGrade(args)).toBe(2);
    expect(said.join("\n")).toContain(message);
  });

  test("what it times has five exercises and 100 tests that all run and pass", async () => {
    const pack = fullSizePack(work);
    const [one, other] = fullSizeClass(pack, join(work, "submitted"), 2);
    const grader = await Grader.start({ pack });
    try {
      const result = await grader.grade(one);
      const tests = result.exercises.flatMap((exercise) => exercise.tests);
      expect(result.exercises).toHaveLength(5);
      expect(tests).toHaveLength(100);
      expect(new Set(tests.map(({ state }) => state))).toEqual(new Set(["passed"]));
      expect((await grader.read(other)).key).not.toBe(result.key);
    } finally {
      await grader.close();
    }
  });
});
