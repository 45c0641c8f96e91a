/**
 * Suites run in this process, without vitest's machinery: a check takes milliseconds, so the course can try its own
 * suites on hundreds of seeds. Only for code that is trusted.
 */
import { Draw, visibleSeed } from "./draw.js";
import type { Exercise } from "./pack.js";
import { type ExerciseReport, reportOf, shownTrace, type TestOutcome } from "./report.js";
import { type Caller, type Subject, subjectOver } from "./subject.js";
import { beginTrace } from "./trace.js";

/** What a suite hands to `exercise`: registers the tests. */
export type SuiteBody = (subject: Subject, draw: Draw) => void;
type TestBody = () => void | Promise<void>;

let suites: Map<string, SuiteBody> | undefined;
let tests: Map<string, TestBody> | undefined;

/** Keeps a suite for runs in this process, if one is being loaded for them. */
export function takesSuite(id: string, body: SuiteBody): boolean {
  suites?.set(id, body);
  return suites !== undefined;
}

/** Keeps a test of the suite that is about to run in this process. */
export function takesTest(title: string, body: TestBody): boolean {
  tests?.set(title, body);
  return tests !== undefined;
}

/** The suites of one file, by exercise id: `await loadSuites(() => import(file))`. One file at a time. */
export async function loadSuites(load: () => Promise<unknown>): Promise<ReadonlyMap<string, SuiteBody>> {
  const loaded = new Map<string, SuiteBody>();
  suites = loaded;
  try {
    await load();
  } finally {
    suites = undefined;
  }
  return loaded;
}

function testsOf(body: SuiteBody, subject: Subject, draw: Draw): ReadonlyMap<string, TestBody> {
  const registered = new Map<string, TestBody>();
  tests = registered;
  try {
    body(subject, draw);
  } finally {
    tests = undefined;
  }
  return registered;
}

/** Runs the checks of one exercise against the code behind `caller`; the same report as the engine's. */
export async function runInProcess(
  exercise: Exercise,
  body: SuiteBody,
  { caller, seed = visibleSeed }: { readonly caller: Caller; readonly seed?: string },
): Promise<ExerciseReport> {
  const draw = new Draw(seed);
  const outcomes = new Map<string, TestOutcome>();
  for (const [title, run] of testsOf(body, subjectOver(caller), draw)) {
    const trace = beginTrace();
    draw.begin(exercise.id, title);
    try {
      await run();
      outcomes.set(title, { passed: true });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      outcomes.set(title, { passed: false, trace: shownTrace(trace), error: message });
    }
  }
  return reportOf(exercise, outcomes);
}
