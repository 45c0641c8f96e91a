import type { Outcome, Problem } from "./invoke.js";
import { note, noteCall } from "./trace.js";
import { decode } from "./values.js";

/** A call into the learner's code that gave no answer. */
export class SubjectError extends Error {
  override readonly name = "SubjectError";
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** How a call reaches the learner's code: the live kernel, cells loaded for CI, a sandboxed child. No `args`: read the value. */
export type Caller = (name: string, args: readonly unknown[] | undefined) => Promise<Outcome>;

/** The learner's code, as a test sees it. */
export interface Subject {
  /** @throws SubjectError if the function is a stub, throws, does not return, or returns what cannot be compared */
  call<Answer = unknown>(name: string, ...args: unknown[]): Promise<Answer>;
  /** A constant that the learner wrote. An empty array or object is a stub. */
  value<Answer = unknown>(name: string): Promise<Answer>;
}

const isEmpty = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && Object.keys(answer).length === 0;

/** A subject over any transport. After one call that did not return, the following fail at once. */
export function subjectOver(caller: Caller): Subject {
  let stuck: Problem | undefined;

  async function ask(name: string, args: readonly unknown[] | undefined): Promise<unknown> {
    const call = { name, args: args ?? [], answer: undefined as unknown, value: args === undefined };
    noteCall(call);
    const outcome: Outcome = stuck ? { problem: stuck } : await caller(name, args);
    if ("value" in outcome) {
      call.answer = decode(outcome.value);
      if (args !== undefined || !isEmpty(call.answer)) return call.answer;
    }
    const problem: Problem = "problem" in outcome ? outcome.problem : { kind: "not-started", message: "not started" };
    if (problem.kind === "timeout" || problem.kind === "interrupted") {
      stuck ??= { kind: problem.kind, message: `not tried: ${problem.message} in an earlier check` };
    }
    note({ problem: problem.message, kind: problem.kind });
    throw new SubjectError(problem);
  }

  return {
    call: (name, ...args) => ask(name, args) as Promise<never>,
    value: (name) => ask(name, undefined) as Promise<never>,
  };
}
