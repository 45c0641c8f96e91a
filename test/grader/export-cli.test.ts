import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main as autogradeMain } from "../../lib/src/cli/autograde.js";
import { main as exportMain } from "../../lib/src/cli/export.js";
import { main as markMain } from "../../lib/src/cli/mark.js";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { parseCsv } from "../../lib/src/grader/export/csv.js";
import { resultText } from "../../lib/src/grader/result.js";
import { exercises, sample } from "./sample-results.js";

const root = courseRoot();
const work = mkdtempSync(join(tmpdir(), "unrolled-export-"));
const at = (name: string): string => join(work, name);
afterAll(() => rmSync(work, { recursive: true, force: true }));

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  for (const stream of ["log", "error"] as const)
    vi.spyOn(console, stream).mockImplementation((...parts) => void said.push(parts.join(" ")));
});
afterEach(() => vi.restoreAllMocks());

const exporting = (...args: string[]): Promise<number> => exportMain(args, { root });

function graded(): string {
  const folder = at("graded/4711/05-gates");
  mkdirSync(folder, { recursive: true });
  const done = sample({ learner: "4711", exercises: exercises.slice(0, 3), earned: 5, points: 12 });
  writeFileSync(join(folder, "result.json"), resultText(done));
  return at("graded");
}

describe("unrolled export", () => {
  test.each([
    [[], "name one of gradescope, classroom"],
    [["toString"], "got toString"],
    [["gradescope"], "gradescope needs --assignment"],
    [["gradescope", "--assignment", "5"], 'there is no assignment "5"; there are'],
    [["gradescope", "--assignment", "05-gates", "--hidden-tests", "later"], "--hidden-tests must be one of visible"],
    [["reports", "--graded", "/nowhere"], "--graded: there is no /nowhere"],
    [["nbgrader", "--wrong"], "Unknown option '--wrong'"],
  ])("%j is wrong usage: 2, and says why", async (args, message) => {
    expect(await exporting(...args)).toBe(2);
    expect(said.join("\n")).toContain(message);
  });

  test("nbgrader, classroom and prairielearn write folders", async () => {
    for (const [what, file] of [
      ["nbgrader", "release/05-gates/05-gates.ipynb"],
      ["classroom", "template/05-gates.ipynb"],
      ["prairielearn", "questions/unrolled-05-gates/info.json"],
    ]) {
      expect(await exporting(what, "--assignment", "05-gates", "--out", at(what))).toBe(0);
      expect(existsSync(join(at(what), file))).toBe(true);
    }
  });

  test("gradescope writes a zip, with the seed and when hidden tests are shown", async () => {
    writeFileSync(at("seed.txt"), "a secret of ours\n");
    const args = ["--seed-file", at("seed.txt"), "--hidden-tests", "after_published", "--out", at("g.zip")];
    expect(await exporting("gradescope", "--assignment", "05-gates", ...args)).toBe(0);
    expect(readFileSync(at("g.zip")).subarray(0, 4)).toEqual(Buffer.from("PK\u0003\u0004"));
  });

  test("reports, and a gradebook of Canvas's", async () => {
    const folder = graded();
    expect(await exporting("reports", "--graded", folder)).toBe(0);
    expect(existsSync(join(folder, "class.html"))).toBe(true);
    writeFileSync(at("canvas.csv"), "Student,ID,05-gates (1)\nAda,4711,\nBob,4712,3\n");
    const args = ["--graded", folder, "--roster", at("canvas.csv"), "--out", at("filled.csv")];
    expect(await exporting("canvas", "--assignment", "05-gates", ...args)).toBe(0);
    expect(parseCsv(readFileSync(at("filled.csv"), "utf8")).slice(1)).toEqual([
      ["Ada", "4711", "5"],
      ["Bob", "4712", "3"],
    ]);
    expect(said.join("\n")).toContain("1 learner filled in");
  });
});

test.each([
  [[], "one folder of results must be named, got 0"],
  [["/nowhere"], "/nowhere does not exist"],
  [[work, "--port", "x"], "--port must be 0 to 65535, got x"],
])("unrolled mark %j is wrong usage: 2", async (args, message) => {
  expect(await markMain(args, { root })).toBe(2);
  expect(said.join("\n")).toContain(message);
});

test("unrolled mark: nothing to mark is no error", async () => {
  expect(await markMain([graded()], { root })).toBe(0);
  expect(said).toEqual(["There is nothing to mark."]);
});

test.each([
  [[], "name one service of gradescope, prairielearn, classroom, got none"],
  [["moodle", "--root", work], "got moodle"],
  [["gradescope"], "--root must name the service's folder"],
])("unrolled autograde %j is wrong usage: 2", async (args, message) => {
  expect(await autogradeMain(args, { root })).toBe(2);
  expect(said.join("\n")).toContain(message);
});
