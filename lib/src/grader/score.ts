import { type Exercise, gradeId, markedByHand } from "../exercise/pack.js";
import type { ExerciseReport, TestReport } from "../exercise/report.js";
import type { ResultExercise, ResultTest } from "./result.js";

/** What was found out about one submission. Points come from the manifest alone. */
export interface Found {
  readonly visible: readonly ExerciseReport[];
  /** The run on secret inputs, where there was one. */
  readonly hidden?: readonly ExerciseReport[];
  /** The learner's text by answer cell. */
  readonly answers: ReadonlyMap<string, string>;
  /** The text that stood in each answer cell before the learner wrote. */
  readonly stubs: ReadonlyMap<string, string>;
}

const testOf = (reports: readonly ExerciseReport[] | undefined, id: string, name: string): TestReport | undefined =>
  reports?.find((report) => report.id === id)?.tests.find((test) => test.name === name);

function scoreTest(id: string, entry: Exercise["tests"][number], { visible, hidden }: Found): ResultTest {
  const { name, points, visibility } = entry;
  const secret = testOf(hidden, id, name);
  if (visibility === "hidden") {
    const state = secret?.state ?? "not-started";
    return { name, visibility, points, earned: state === "passed" ? points : 0, state };
  }
  const shown = testOf(visible, id, name);
  const { calls, problem, looksLike, got, expected, state = "failed" } = shown ?? {};
  const base = { name, visibility, points, calls };
  if (state !== "passed") return { ...base, earned: 0, state, problem, looksLike, got, expected };
  if (!hidden || secret?.state === "passed") return { ...base, earned: points, state };
  const words = "right on the inputs of the check, not on other inputs";
  return { ...base, earned: 0, state: "failed", failsOnOtherInputs: true, problem: words };
}

function scoreByHand(exercise: Exercise, { answers, stubs }: Found): ResultExercise {
  const { id, title, kind, points } = exercise;
  const cell = `${gradeId(id)}-answer`;
  const answer = answers.get(cell)?.trim() ?? "";
  const written = answer !== "" && answer !== stubs.get(cell)?.trim();
  const base = { id, title, kind, earned: 0, points, tests: [] };
  return written ? { ...base, state: "to-mark", answer } : { ...base, state: "not-started" };
}

/** The result of one exercise: each test earns its points where it passed in every run. */
export function scoreExercise(exercise: Exercise, found: Found): ResultExercise {
  if (markedByHand(exercise)) return scoreByHand(exercise, found);
  const { id, title, kind, points } = exercise;
  const tests = exercise.tests.map((entry) => scoreTest(id, entry, found));
  const all = (wanted: ResultTest["state"]): boolean => tests.every(({ state }) => state === wanted);
  const state = all("passed") ? "passed" : all("not-started") ? "not-started" : "failed";
  const earned = tests.reduce((sum, test) => sum + test.earned, 0);
  return { id, title, kind, state, earned, points, tests };
}
