import { allocate, type DType } from "../tensor/kernels/reference.js";
import { checkCount, checkOptions } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { Tensor } from "../tensor/tensor.js";

export interface AddingOptions {
  /** Time steps T, at least 2. */
  seqLen?: number;
  batchSize?: number;
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
 * of the two values and guessing 1/2 for the other: Var(u) = 1/12.
 *
 * @see Hochreiter & Schmidhuber (1997), experiment 4; in this form Arjovsky, Shah & Bengio (2016), ICML.
 */
export function adding(options: AddingOptions = {}, rng: Rng = seededRng(0)): AddingTask {
  checkOptions("adding", options, ["seqLen", "batchSize", "dtype"]);
  const { seqLen = 50, batchSize = 32, dtype = "float64" } = options;
  checkCount("adding", "seqLen", seqLen, 2);
  checkCount("adding", "batchSize", batchSize);
  const half = Math.floor(seqLen / 2);
  const column = (width: number): Tensor => new Tensor(batchSize, width, allocate(dtype, batchSize * width));
  return {
    inputSize: 2,
    outputSize: 1,
    seqLen,
    batchSize,
    baselines: { mean: 1 / 6, oneMarker: 1 / 12 },
    batch() {
      const xs = Array.from({ length: seqLen }, () => column(2));
      const target = column(1);
      for (let b = 0; b < batchSize; b++) {
        for (const x of xs) x.data[2 * b] = rng.uniform();
        for (const marked of [rng.int(half), half + rng.int(seqLen - half)]) {
          xs[marked].data[2 * b + 1] = 1;
          target.data[b] += xs[marked].data[2 * b];
        }
      }
      return { xs, target };
    },
  };
}
