import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../lib/src/cli/progress.js";
import { coursePack, courseRoot } from "../../lib/src/exercise/pack.js";
import type { ExerciseReport } from "../../lib/src/exercise/report.js";
import {
  courseProgress,
  progressFile,
  readProgress,
  recordProgress,
} from "../../lib/src/notebook/check/course-progress.js";

const root = mkdtempSync(join(tmpdir(), "unrolled-progress-"));
cpSync(join(courseRoot(), "solutions/manifest.json"), join(root, "solutions/manifest.json"));
const pack = coursePack(root);
const { exercises } = pack;
const file = progressFile(root);
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => rmSync(file, { force: true }));

const report = (id: string, earned: number, state: ExerciseReport["state"] = "failed"): ExerciseReport => {
  const { title, points } = exercises.find((exercise) => exercise.id === id)!;
  return { id, title, points, earned, state, tests: [] };
};
const text = (): string => courseProgress(root, pack).bundle["text/plain"] as string;
const total = exercises.reduce((sum, { points }) => sum + points, 0);

test("progress: nothing done, something begun, something passed", () => {
  expect(text()).toContain(`  0 of ${total} points, 0 of ${exercises.length} exercises done`);
  recordProgress(report("05.1", 4, "passed"), file);
  recordProgress(report("05.2", 3), file);
  expect(text()).toContain(`  7 of ${total} points, 1 of ${exercises.length} exercises done`);
  expect(text()).toMatch(/^05-gates +✓ ◐ ○ ○/m);
  expect(courseProgress(root, pack).bundle["text/html"]).toContain(`<progress value="7" max="${total}"`);
});

test("progress: the best stays; a stub that is run again takes nothing away", () => {
  recordProgress(report("05.1", 4, "passed"), file);
  recordProgress(report("05.1", 1), file);
  recordProgress(report("05.1", 0, "not-started"), file);
  expect(readProgress(file)).toEqual({ "05.1": { state: "passed", earned: 4, points: 4 } });
});

test("progress: the file is read again by whoever comes next, may be deleted, and may be broken", async () => {
  recordProgress(report("05.1", 4, "passed"), file);
  expect(JSON.parse(readFileSync(file, "utf8")).exercises).toHaveProperty(["05.1"]);
  for (const broken of ["{ half", "[]", '{"exercises":{"05.1":3}}', '{"exercises":{"05.1":null}}']) {
    writeFileSync(file, broken);
    expect(readProgress(file)).toEqual({});
  }
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  expect(await main(["--forget"], { root })).toBe(0);
  expect(log.mock.calls.flat().join("\n")).toContain("progress.json is deleted; the exercises keep their answers");
  expect(log.mock.calls.flat().join("\n")).toContain(`0 of ${total} points`);
  log.mockRestore();
});

test("progress: a folder that cannot be written to does not fail a check", () => {
  recordProgress(report("05.1", 4, "passed"), "/dev/null/progress.json");
});

test("npm run progress refuses an unknown argument", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  expect(await main(["--reset"], { root })).toBe(2);
  expect(error.mock.calls[0][0]).toContain("progress: unknown argument --reset");
  error.mockRestore();
});
