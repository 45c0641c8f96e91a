import type { Exercise, ManifestTest } from "./pack.js";
import { shown } from "./show.js";
import type { Finding, Trace } from "./trace.js";

export type TestState = "passed" | "failed" | "not-started";
/** "to-mark": there is an answer, and a person marks it. */
export type ExerciseState = TestState | "to-mark";

/** One call, as the table shows it: `lstmStep({ i: [0.1], ... }, [1])` gave `{ h: ..., c: ... }`. */
export interface ShownCall {
  readonly call: string;
  readonly answer?: string;
}

/** What a test left behind for its row. */
export interface ShownTrace {
  readonly calls: readonly ShownCall[];
  readonly kind?: Finding["kind"];
  readonly problem?: string;
  readonly looksLike?: string;
  readonly got?: string;
  readonly expected?: string;
}

export interface TestReport extends Partial<ShownTrace> {
  readonly name: string;
  readonly state: TestState;
  readonly visibility: ManifestTest["visibility"];
  readonly earned: number;
  readonly points: number;
}

export interface ExerciseReport {
  readonly id: string;
  readonly title: string;
  readonly state: ExerciseState;
  readonly earned: number;
  readonly points: number;
  readonly tests: readonly TestReport[];
}

/** What a test left behind, as text: its calls, and why it failed. */
export function shownTrace({ calls, finding }: Trace): ShownTrace {
  return {
    calls: calls.map(({ name, args, value, answer }) => ({
      call: value ? name : `${name}(${args.map((arg) => shown(arg)).join(", ")})`,
      answer: answer === undefined ? undefined : shown(answer),
    })),
    kind: finding?.kind,
    problem: finding?.problem,
    looksLike: finding?.looksLike,
    got: finding && "got" in finding ? shown(finding.got) : undefined,
    expected: finding && "expected" in finding ? shown(finding.expected) : undefined,
  };
}

/** How one test of a suite ended, whoever ran it. */
export interface TestOutcome {
  readonly passed: boolean;
  readonly trace?: ShownTrace;
  /** The message of the error that ended it. */
  readonly error?: string;
}

/** The first line of an error's message, without the decoration that vitest adds. */
export const firstLine = (message = "no reason given"): string => message.replace(/^Error: /, "").split("\n")[0];

function testReport({ name, points, visibility }: ManifestTest, outcome: TestOutcome | undefined): TestReport {
  const titled = { name, points, visibility };
  if (!outcome) return { ...titled, earned: 0, state: "failed", problem: "the suite has no test of this name" };
  const { passed, trace, error } = outcome;
  return {
    ...trace,
    ...titled,
    earned: passed ? points : 0,
    state: passed ? "passed" : trace?.kind === "not-started" ? "not-started" : "failed",
    problem: passed ? undefined : (trace?.problem ?? firstLine(error)),
  };
}

/** The report of an exercise that a person marks: never right or wrong before that. */
export function handReport({ id, title, points }: Exercise, answered = true): ExerciseReport {
  return { id, title, state: answered ? "to-mark" : "not-started", earned: 0, points, tests: [] };
}

/**
 * The report of an exercise, from how its tests ended, by title.
 * @throws Error if the suite has a test that the manifest does not list
 */
export function reportOf(exercise: Exercise, outcomes: ReadonlyMap<string, TestOutcome>): ExerciseReport {
  const { id, title, points } = exercise;
  const unlisted = [...outcomes.keys()].find((name) => !exercise.tests.some((entry) => entry.name === name));
  if (unlisted !== undefined) throw new Error(`${id}: the manifest has no test ${JSON.stringify(unlisted)}`);
  const tests = exercise.tests.map((entry) => testReport(entry, outcomes.get(entry.name)));
  const all = (wanted: TestState): boolean => tests.every(({ state }) => state === wanted);
  return {
    id,
    title,
    state: all("passed") ? "passed" : all("not-started") ? "not-started" : "failed",
    earned: tests.reduce((sum, { earned }) => sum + earned, 0),
    points,
    tests,
  };
}
