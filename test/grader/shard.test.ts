// --shard: a class in parts, each graded by itself.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main as grade } from "../../lib/src/cli/grade.js";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { isInShard } from "../../lib/src/grader/batch/shard.js";
import { temporaryFolder } from "../temporary-folder.js";
import { stubs } from "./submissions.js";

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  for (const stream of ["log", "error"] as const)
    vi.spyOn(console, stream).mockImplementation((...parts) => void said.push(parts.join(" ")));
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const root = courseRoot();
const learners = Array.from({ length: 400 }, (_, k) => `learner ${k}`);

describe("isInShard", () => {
  test.each([1, 2, 7, 50])("each learner is in exactly one of %i parts, and no part is far from its share", (count) => {
    const parts = Array.from({ length: count }, (_, k) =>
      learners.filter((learner) => isInShard(learner, { index: k + 1, count })),
    );
    expect(parts.flat().sort()).toEqual([...learners].sort());
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan((400 / count) * 1.5 + 10);
  });
});

describe("unrolled grade --shard", () => {
  test("three parts grade everybody once; reports come when all are together", async () => {
    const [input, out] = [temporaryFolder(), temporaryFolder()];
    const names = learners.slice(0, 7);
    for (const [k, name] of names.entries()) {
      mkdirSync(join(input, name));
      writeFileSync(join(input, name, "05-gates.ipynb"), k === 0 ? JSON.stringify(stubs()) : "{");
    }
    const learnersIn = () => readdirSync(out).filter((name) => name.startsWith("learner"));
    let before = 0;
    for (const part of ["1/3", "2/3", "3/3"]) {
      await grade([input, "--out", out, "--shard", part, "--jobs", "1", "--allow-weak-sandbox"], { root });
      expect(learnersIn().length).toBeGreaterThan(before);
      before = learnersIn().length;
      expect(readdirSync(out)).not.toContain("class.html");
    }
    expect(learnersIn()).toEqual(names);
    said.length = 0;
    await grade([input, "--out", out, "--allow-weak-sandbox"], { root });
    expect(said.join("\n")).toContain("0 graded, 7 kept from before");
    expect(readFileSync(join(out, "class.html"), "utf8")).toContain("learner 3");
  });

  test.each([
    ["0/2", "--shard must be 1/n to n/n, got 0/2"],
    ["2", "--shard must be 1/n to n/n, got 2"],
  ])("%s is wrong usage", async (text, message) => {
    expect(await grade([temporaryFolder(), "--shard", text], { root })).toBe(2);
    expect(said.join("\n")).toContain(message);
  });

  test("of a single notebook there are no parts", async () => {
    const file = join(temporaryFolder(), "05-gates.ipynb");
    writeFileSync(file, "{}");
    expect(await grade([file, "--shard", "1/2"], { root })).toBe(2);
    expect(said.join("\n")).toContain("--shard is for a folder of many");
  });
});
