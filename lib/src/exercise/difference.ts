import { apart, flatten, placeOf, shapeText } from "./numbers.js";

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
