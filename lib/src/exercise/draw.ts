import { type Rng, seededRng } from "../tensor/rng.js";

/** The seed of the checks that a learner sees; grading draws from another. */
export const visibleSeed = "visible";

/**
 * The inputs of a test, drawn from a seed. Each test has a stream of its own: adding one changes no other.
 * Numbers have two decimals, so that a learner can copy a failing call.
 */
export class Draw {
  private rng: Rng;

  constructor(private readonly seed = visibleSeed) {
    this.rng = seededRng(1).fork(seed);
  }

  /** Starts the stream of one test. */
  begin(exercise: string, test: string): void {
    this.rng = seededRng(1).fork(this.seed).fork(exercise).fork(test);
  }

  /** An integer from low to high, both included. */
  integer(low: number, high: number): number {
    return low + this.rng.int(high - low + 1);
  }

  /** A number with two decimals between low and high, never 0. */
  number(low = -2, high = 2): number {
    for (;;) {
      const value = Math.round(this.rng.uniform(low, high) * 100) / 100;
      if (value !== 0) return value;
    }
  }

  /** Numbers that all differ. */
  vector(size: number, low = -2, high = 2): number[] {
    const seen = new Set<number>();
    while (seen.size < size) seen.add(this.number(low, high));
    return [...seen];
  }

  matrix(rows: number, cols: number, low = -1, high = 1): number[][] {
    return Array.from({ length: rows }, () => this.vector(cols, low, high));
  }

  /** Four pre-activations and a cell state, all of one size. */
  lstmInputs(size = 3) {
    const vector = () => this.vector(size);
    return { pre: { i: vector(), f: vector(), o: vector(), g: vector() }, cPrev: vector() };
  }
}
