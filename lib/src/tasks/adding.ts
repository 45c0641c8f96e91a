import type { DType } from "../tensor/kernels/reference.js";
import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { blank, checkInterval, common } from "./task.js";

export interface AddingOptions {
  /** Time steps T, at least 2. Default 50. */
  seqLen?: number;
  batchSize?: number;
  /** Values are uniform in [low, high). Default [0, 1]; Hochreiter & Schmidhuber drew from [−1, 1]. */
  range?: readonly [number, number];
  dtype?: DType;
}

export interface AddingTask {
  readonly inputSize: 2;
  readonly outputSize: 1;
  readonly seqLen: number;
  readonly batchSize: number;
  /** Mean squared errors of two answers that need no memory, or half of it. */
  readonly baselines: { readonly mean: number; readonly oneMarker: number };
  /** xs: seqLen tensors [batchSize, 2]; target: [batchSize, 1] */
  batch(): { xs: Tensor[]; target: Tensor };
}

/**
 * The adding problem: remember two numbers, far apart, and add them.
 *
 * Each step shows a value, uniform in [0, 1), and a marker. Two markers are 1: one somewhere in the first half, one
 * in the second; the others are 0. The target, asked for after the last step, is the sum of the two marked values.
 *
 * Baselines, as mean squared error. Always answering the mean, 1: Var(u₁ + u₂) = 2/12 = 1/6. Knowing one
 * of the two values and guessing 1/2 for the other: Var(u) = 1/12. With another `range` both grow with the square of
 * its width: 2/3 and 1/3 for [−1, 1].
 *
 * @see Hochreiter & Schmidhuber (1997), experiment 4 (`adding1997` is that form, in every detail); in this form
 * Arjovsky, Shah & Bengio (2016), ICML.
 */
export function adding(options: AddingOptions = {}, rng: Rng = seededRng(0)): AddingTask {
  const { batchSize, dtype } = common("adding", options, ["seqLen", "range"], rng);
  const { seqLen = 50, range = [0, 1] } = options;
  checkCount("adding", "seqLen", seqLen, 2);
  const [low, high] = checkInterval("adding", "range", range);
  const half = Math.floor(seqLen / 2);
  const variance = (high - low) ** 2 / 12;
  return {
    inputSize: 2,
    outputSize: 1,
    seqLen,
    batchSize,
    baselines: { mean: 2 * variance, oneMarker: variance },
    batch() {
      const xs = Array.from({ length: seqLen }, () => blank(batchSize, 2, dtype));
      const target = blank(batchSize, 1, dtype);
      for (let b = 0; b < batchSize; b++) {
        for (const x of xs) x.data[2 * b] = rng.uniform(low, high);
        for (const marked of [rng.int(half), half + rng.int(seqLen - half)]) {
          xs[marked].data[2 * b + 1] = 1;
          target.data[b] += xs[marked].data[2 * b];
        }
      }
      return { xs, target };
    },
  };
}
