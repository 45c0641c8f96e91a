import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { blank, common, type FinalBatch, type Task, type TaskOptions } from "./task.js";

export interface MultiplicationOptions extends TaskOptions {
  /** Time steps T, at least 2. Default 50. */
  seqLen?: number;
}

export interface MultiplicationTask extends Task<FinalBatch> {
  readonly inputSize: 2;
  readonly outputSize: 1;
  readonly seqLen: number;
  /** Mean squared errors of two answers that need no memory, or half of it. */
  readonly baselines: { readonly mean: number; readonly oneMarker: number };
}

/**
 * The multiplication problem: remember two numbers, far apart, and multiply them. A cell that adds up what it lets in
 * is not enough here: the two have to be kept apart, or the second must act on the first.
 *
 * Steps are those of the adding problem: a value, uniform in [0, 1), and a marker that is 1 once in each half. The
 * target, asked for after the last step, is the product of the two marked values.
 *
 * Baselines, as mean squared error. Always answering the mean, 1/4: Var(u₁ u₂) = E[u²]² − E[u]⁴ = 1/9 − 1/16 = 7/144.
 * Knowing one value and answering half of it: E[u₁²] Var(u₂) = 1/3 · 1/12 = 1/36.
 *
 * @see Hochreiter & Schmidhuber (1997), Neural Computation 9(8), experiment 5: `multiplication1997` is that form.
 */
export function multiplication(options: MultiplicationOptions = {}, rng: Rng = seededRng(0)): MultiplicationTask {
  const { batchSize, dtype } = common("multiplication", options, ["seqLen"], rng);
  const { seqLen = 50 } = options;
  checkCount("multiplication", "seqLen", seqLen, 2);
  const half = Math.floor(seqLen / 2);
  return {
    inputSize: 2,
    outputSize: 1,
    seqLen,
    batchSize,
    baselines: { mean: 7 / 144, oneMarker: 1 / 36 },
    batch() {
      const xs = Array.from({ length: seqLen }, () => blank(batchSize, 2, dtype));
      const target = blank(batchSize, 1, dtype);
      for (let b = 0; b < batchSize; b++) {
        for (const x of xs) x.data[2 * b] = rng.uniform();
        const marked = [rng.int(half), half + rng.int(seqLen - half)];
        for (const t of marked) xs[t].data[2 * b + 1] = 1;
        target.data[b] = xs[marked[0]].data[2 * b] * xs[marked[1]].data[2 * b];
      }
      return { xs, target };
    },
  };
}
