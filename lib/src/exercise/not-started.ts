const mark = Symbol.for("unrolled.not-started");

/** What a stub throws: the check says "not started", never "wrong". */
export class NotStarted extends Error {
  override readonly name = "NotStarted";
  readonly [mark] = true;

  constructor(readonly exercise: string) {
    super(`exercise ${exercise} is not started yet: replace the line with notStarted by your answer`);
  }
}

/** Stands where an answer will stand. Returns never, so that a stub has the type of its answer. */
export function notStarted(exercise: string): never {
  throw new NotStarted(exercise);
}

/** Whether an error came from a stub, also from another copy of this file. */
export const isNotStarted = (error: unknown): boolean => typeof error === "object" && error !== null && mark in error;
