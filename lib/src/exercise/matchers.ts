import { apart, flatten, nameOf, placeOf, shapeText } from "./numbers.js";
import { rightAnswer, slipsIn, type Variants } from "./slips.js";
import { note } from "./trace.js";

export interface CloseOptions {
  /** Allowed difference as a share of the expected value; 1e-9 unless told. */
  readonly rtol?: number;
  /** Allowed difference near zero; 1e-12 unless told. */
  readonly atol?: number;
  /** Known slips: what the answer looks like, and the value that the slip gives. */
  readonly mistakes?: Readonly<Record<string, unknown>>;
  /** Where the answer is to be found by hand: say what is off, but not the right number. */
  readonly reveal?: boolean;
  /** What the answer's entries are called, where it was put together from parts: "worst at dWx[2]", not "at [0][2]". */
  readonly names?: readonly string[];
}

/** Why two answers differ; undefined fields did not apply. */
export interface Difference {
  readonly problem: string;
  /** The known slip that gives exactly this answer. */
  readonly looksLike?: string;
}

interface MatcherResult {
  pass: boolean;
  message: () => string;
  actual?: unknown;
  expected?: unknown;
}

/** The worst entry: the one furthest outside its tolerance; NaN is further out than anything. */
function worstEntry(got: readonly number[], expected: readonly number[], rtol: number, atol: number) {
  let worst = -1;
  let excess = 0;
  for (let k = 0; k < expected.length; k++) {
    if (Object.is(got[k], expected[k]) || got[k] === expected[k]) continue;
    const distance = Math.abs(got[k] - expected[k]) - (atol + rtol * Math.abs(expected[k]));
    const over = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
    if (over > excess) [worst, excess] = [k, over];
  }
  return worst;
}

function verdict(got: number, expected: number, reveal: boolean): string {
  const [gotText, expectedText] = apart(got, expected);
  if (reveal) return `got ${gotText}, expected ${expectedText}`;
  return Number.isNaN(got) ? "got NaN" : `got ${gotText}, which is too ${got > expected ? "large" : "small"}`;
}

/**
 * Compares nested numbers entry by entry: |got − expected| ≤ atol + rtol |expected|.
 * NaN equals NaN only; returns undefined where the two agree.
 */
export function difference(received: unknown, expected: unknown, options: CloseOptions = {}): Difference | undefined {
  const { rtol = 1e-9, atol = 1e-12, mistakes = {}, reveal = true, names } = options;
  const want = flatten(expected, "expected");
  let got: ReturnType<typeof flatten>;
  try {
    got = flatten(received);
  } catch (error) {
    return { problem: (error as Error).message };
  }
  const slip = (): string | undefined =>
    Object.keys(mistakes).find(
      (name) => difference(received, mistakes[name], { rtol: Math.max(rtol, 1e-9), atol }) === undefined,
    );
  if (got.shape.join() !== want.shape.join()) {
    return { problem: `the shape must be ${shapeText(want.shape)}, got ${shapeText(got.shape)}`, looksLike: slip() };
  }
  const worst = worstEntry(got.data, want.data, rtol, atol);
  if (worst < 0) return undefined;
  const place = placeOf(worst, want.shape, names);
  const numbers = verdict(got.data[worst], want.data[worst], reveal);
  return { problem: `worst${place && ` at ${place}`}: ${numbers}`, looksLike: slip() };
}

/** Why an answer carries no information: not numbers, empty, not finite, all entries equal, or of the wrong shape. */
export function uninformative(received: unknown, shape?: readonly number[]): string | undefined {
  let flat: ReturnType<typeof flatten>;
  try {
    flat = flatten(received);
  } catch (error) {
    return (error as Error).message;
  }
  const { data } = flat;
  if (shape && flat.shape.join() !== shape.join())
    return `the shape must be ${shapeText(shape)}, got ${shapeText(flat.shape)}`;
  if (data.length === 0) return "the answer is empty";
  const bad = data.findIndex((entry) => !Number.isFinite(entry));
  if (bad >= 0) return `entry ${placeOf(bad, flat.shape)} is ${data[bad]}; every entry must be a finite number`;
  if (data.length > 1 && data.every((entry) => entry === data[0]))
    return `every entry is ${data[0]}; the answer must depend on its input`;
  if (data.length === 1 && data[0] === 0) return "the answer is 0; it must depend on its input";
  return undefined;
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
