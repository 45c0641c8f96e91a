/** What one call into the learner's code was given and gave back. */
export interface CallTrace {
  readonly name: string;
  readonly args: readonly unknown[];
  answer?: unknown;
  error?: string;
}

/** What a matcher saw when it failed. */
export interface Finding {
  readonly problem: string;
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
