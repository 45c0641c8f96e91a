import type { ProblemKind } from "./invoke.js";

/** What one call into the learner's code was given and gave back. */
export interface CallTrace {
  readonly name: string;
  readonly args: readonly unknown[];
  /** A constant was read; nothing was called. */
  readonly value: boolean;
  answer?: unknown;
}

/** Why a test failed, as the matcher or the subject saw it. */
export interface Finding {
  readonly problem: string;
  /** "unexplained": wrong, and no known slip gives this answer. */
  readonly kind?: ProblemKind | "unexplained";
  readonly looksLike?: string;
  readonly got?: unknown;
  readonly expected?: unknown;
}

/** What happened during one test: the rows of the check's table are made from it. */
export interface Trace {
  calls: CallTrace[];
  finding?: Finding;
}

let current: Trace = { calls: [] };

/** Starts the trace of the next test. Tests of a suite run one after the other. */
export function beginTrace(): Trace {
  current = { calls: [] };
  return current;
}

export const note = (finding: Finding): void => {
  current.finding = finding;
};

export const noteCall = (call: CallTrace): void => {
  current.calls.push(call);
};
