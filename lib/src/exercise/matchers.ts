import { type CloseOptions, difference, uninformative } from "./difference.js";
import { nameOf } from "./numbers.js";
import { rightAnswer, slipsIn, type Variants } from "./slips.js";
import { note } from "./trace.js";

interface MatcherResult {
  pass: boolean;
  message: () => string;
  actual?: unknown;
  expected?: unknown;
}

/** The matchers of the course, for vitest's `expect.extend`. */
export const matchers = {
  toBeAllClose(received: unknown, expected: unknown, options: CloseOptions = {}): MatcherResult {
    const found = difference(received, expected, options);
    if (!found) return { pass: true, message: () => "expected some entry to differ, but all agree" };
    note({ ...found, got: received, ...(options.reveal !== false && { expected }) });
    const words = found.looksLike ? `${found.problem}\nIt looks like this: ${found.looksLike}` : found.problem;
    return { pass: false, message: () => words, actual: received, expected };
  },

  toAvoid(
    received: unknown,
    slip: string | readonly string[],
    variants: Variants,
    options: CloseOptions = {},
  ): MatcherResult {
    const made = slipsIn(received, variants, options);
    const avoided = [slip].flat();
    const shown = made && avoided.filter((name) => made.includes(name));
    if (shown?.length === 0)
      return { pass: true, message: () => `expected an answer that shows: ${avoided.join(", or ")}` };
    const expected = rightAnswer(variants);
    const problem = difference(received, expected, options)?.problem ?? "the answer is right";
    const looksLike = shown?.join("; ");
    const kind = looksLike ? undefined : "unexplained";
    note({ problem, kind, looksLike, got: received, ...(options.reveal !== false && { expected }) });
    const words = looksLike ? `It looks like this: ${looksLike}` : "It is none of the slips that this check knows.";
    return { pass: false, message: () => `${problem}\n${words}` };
  },

  toChoose(received: unknown, right: string, why: Readonly<Record<string, string>>): MatcherResult {
    const chosen = typeof received === "string" ? received.trim().toLowerCase() : received;
    if (chosen === right) return { pass: true, message: () => `expected another answer than ${right}` };
    if (chosen === undefined || chosen === "") {
      note({ problem: "not answered yet", kind: "not-started" });
      return { pass: false, message: () => "not answered yet" };
    }
    const letters = [right, ...Object.keys(why)].sort().map((letter) => JSON.stringify(letter));
    const reason = typeof chosen === "string" && Object.hasOwn(why, chosen) ? why[chosen] : undefined;
    const problem = reason
      ? `${JSON.stringify(chosen)} is not the answer`
      : `the answer must be one of ${letters.join(", ")}, got ${typeof chosen === "string" ? JSON.stringify(chosen.slice(0, 40)) : nameOf(chosen)}`;
    note({ problem, looksLike: reason });
    return { pass: false, message: () => (reason ? `${problem}: ${reason}` : problem) };
  },

  toBeInformative(received: unknown, shape?: readonly number[], name?: string): MatcherResult {
    const found = uninformative(received, shape);
    if (!found) return { pass: true, message: () => `expected an answer without information, got ${nameOf(received)}` };
    const problem = name ? `${name}: ${found}` : found;
    note({ problem, got: received });
    return { pass: false, message: () => problem };
  },
};

/** What `expect(...)` gains; `R` is what a matcher returns. */
export interface CourseMatchers<R = unknown> {
  /** Every entry within atol + rtol |expected|; accepts numbers, nested arrays, typed arrays and tensors. */
  toBeAllClose(expected: unknown, options?: CloseOptions): R;
  /**
   * The answer is right, or explained by other slips than this one: each slip fails the one check that names it.
   * An answer that no known slip explains fails. Several slips may share a check.
   */
  toAvoid<Slip extends string>(slip: Slip | readonly Slip[], variants: Variants<Slip>, options?: CloseOptions): R;
  /** The letter of the right option; `why` says of each other letter which wrong idea it comes from. */
  toChoose(right: string, why: Readonly<Record<string, string>>): R;
  /** Finite, well shaped, not constant: zeros, NaN and empty answers earn nothing. `name` says which part is meant. */
  toBeInformative(shape?: readonly number[], name?: string): R;
}
