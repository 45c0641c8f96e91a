import { types } from "node:util";
import { Script } from "node:vm";
import { withFixtures } from "./fixtures.js";
import { isNotStarted } from "./not-started.js";
import { nameOf } from "./numbers.js";
import { CrossingError, encode, type Json } from "./values.js";

const problemKinds = ["not-started", "threw", "timeout", "interrupted", "unreadable", "missing"] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** Why a call gave no answer, in words for the learner. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
}

export type Outcome = { readonly value: Json } | { readonly problem: Problem };

/** An outcome as it came from the other side of a wall, where nothing is to be believed. */
export function readOutcome(message: unknown): Outcome {
  const { value, problem } = (message ?? {}) as { value?: Json; problem?: Partial<Problem> };
  if (value !== undefined) return { value };
  const kind = problemKinds.find((known) => known === problem?.kind);
  const text = problem?.message;
  if (kind && typeof text === "string") return { problem: { kind, message: text.slice(0, 500) } };
  return { problem: { kind: "unreadable", message: "the answer could not be read" } };
}

const slot = Symbol.for("unrolled.call");
const script = new Script('globalThis[Symbol.for("unrolled.call")]()', { filename: "check" });

/** Runs synchronous code so that an endless loop ends: at the time limit, or at the stop button. */
function within<T>(milliseconds: number, run: () => T): T {
  if (milliseconds === Number.POSITIVE_INFINITY) return run();
  const globals = globalThis as unknown as Record<symbol, unknown>;
  globals[slot] = run;
  try {
    return script.runInThisContext({ timeout: milliseconds, breakOnSigint: true }) as T;
  } finally {
    delete globals[slot];
  }
}

const late = Symbol("late");

async function settled(promise: Promise<unknown>, milliseconds: number): Promise<unknown> {
  if (milliseconds === Number.POSITIVE_INFINITY) return promise;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, milliseconds, late);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The line of a stack that points into the learner's code; tslab names cells so. */
function describeError(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error === "string" ? error : nameOf(error);
  return error.message ? `${error.name}: ${error.message}` : error.name;
}

function problemOf(error: unknown, name: string, milliseconds: number): Problem {
  const code = types.isNativeError(error) ? (error as NodeJS.ErrnoException).code : undefined;
  if (error === late || code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
    return { kind: "timeout", message: `${name} did not return within ${milliseconds / 1000} s` };
  }
  if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return { kind: "interrupted", message: `${name} was stopped` };
  if (isNotStarted(error)) return { kind: "not-started", message: "not started" };
  if (error instanceof CrossingError) {
    const nothing = error.message === `${name}(…) is undefined`;
    return { kind: "unreadable", message: nothing ? `${name} returned nothing: is a return missing?` : error.message };
  }
  return { kind: "threw", message: `${name} stopped with ${describeError(error)}` };
}

/**
 * Calls the learner's function with copies of the arguments and copies its answer; never throws, always ends
 * (save for an endless chain of promises, which nothing inside the process can stop).
 * Without arguments it reads the value itself. Code that is trusted to end may have Infinity milliseconds: that is faster.
 */
export async function invoke(
  target: unknown,
  name: string,
  args: readonly unknown[] | undefined,
  milliseconds = 5000,
): Promise<Outcome> {
  try {
    if (args === undefined) return { value: within(milliseconds, () => encode(target, name)) };
    if (typeof target !== "function")
      return { problem: { kind: "missing", message: `${name} must be a function, got ${nameOf(target)}` } };
    const given = args.map(withFixtures);
    const first = within(milliseconds, () => {
      const answer: unknown = target(...given);
      return types.isPromise(answer) ? { answer } : { json: encode(answer, `${name}(…)`) };
    });
    if (first.answer === undefined) return { value: first.json };
    const answer = await settled(first.answer, milliseconds);
    if (answer === late) throw late;
    return { value: within(milliseconds, () => encode(answer, `${name}(…)`)) };
  } catch (error) {
    return { problem: problemOf(error, name, milliseconds) };
  }
}
