import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { between, blank, common, type FinalBatch, type Task, type TaskOptions } from "./task.js";

export interface Pairs1997Options extends TaskOptions {
  /** The least number of pairs T, at least 20; sequences have T to T + ⌊T/10⌋ of them. Default 100. */
  seqLen?: number;
}

export interface Pairs1997Task extends Task<FinalBatch> {
  readonly inputSize: 2;
  readonly outputSize: 1;
  readonly seqLen: number;
  /** Mean squared error of always answering the mean. */
  readonly baselines: { readonly mean: number };
}

/**
 * The adding problem as it was first posed.
 *
 * A sequence has T to T + T/10 pairs (value, marker); values are uniform in [−1, 1). One marker is 1 among the first
 * ten pairs, one more among the first T/2 − 1 pairs that are left; the first and the last pair carry −1, all
 * others 0. The target is 0.5 + (X₁ + X₂)/4, which lies in [0, 1]. Should the first pair be one of the two, it keeps
 * its −1 and its value is set to 0. One length is drawn per batch, so that nothing needs padding.
 *
 * A sequence counts as solved when the answer is off by less than 0.04.
 *
 * Baseline, as mean squared error: always answering the mean, 0.5, costs Var(X₁ + X₂)/16 = (2 − q)/48, where
 * Var(u) = 1/3 and q = 1/10 + 9/10 · 1/(T/2 − 1) is how often one of the two is the first pair.
 *
 * @see Hochreiter & Schmidhuber (1997), Neural Computation 9(8), experiment 4.
 */
export function adding1997(options: Pairs1997Options = {}, rng: Rng = seededRng(0)): Pairs1997Task {
  const rule = { low: -1, ifFirst: 0, answer: (a: number, b: number) => 0.5 + (a + b) / 4 };
  return pairs("adding1997", rule, (q) => (2 - q) / 48, options, rng);
}

/**
 * The multiplication problem as it was first posed: pairs, lengths and markers as in `adding1997`, values uniform in
 * [0, 1), the target their product. Should the first pair be one of the two, its value is set to 1.
 *
 * Baseline, as mean squared error of always answering the mean. With q as in `adding1997`, the product has the mean
 * m = (1 − q)/4 + q/2 and the mean square (1 − q)/9 + q/3; what remains is (1 − q)/9 + q/3 − m². Without the special
 * case, q = 0, that is 7/144.
 *
 * @see Hochreiter & Schmidhuber (1997), Neural Computation 9(8), experiment 5.
 */
export function multiplication1997(options: Pairs1997Options = {}, rng: Rng = seededRng(0)): Pairs1997Task {
  const rule = { low: 0, ifFirst: 1, answer: (a: number, b: number) => a * b };
  const cost = (q: number): number => (1 - q) / 9 + q / 3 - ((1 - q) / 4 + q / 2) ** 2;
  return pairs("multiplication1997", rule, cost, options, rng);
}

interface Rule {
  readonly low: number; // values are uniform in [low, 1)
  readonly ifFirst: number; // the first pair's value, if it is marked
  readonly answer: (a: number, b: number) => number;
}

function pairs(
  where: string,
  { low, ifFirst, answer }: Rule,
  costOfMean: (q: number) => number,
  options: Pairs1997Options,
  rng: Rng,
): Pairs1997Task {
  const { batchSize, dtype } = common(where, options, ["seqLen"], rng);
  const { seqLen = 100 } = options;
  checkCount(where, "seqLen", seqLen, 20);
  const early = Math.floor(seqLen / 2) - 1;
  return {
    inputSize: 2,
    outputSize: 1,
    seqLen,
    batchSize,
    baselines: { mean: costOfMean(1 / 10 + 9 / 10 / early) },
    batch() {
      const length = between(rng, seqLen, seqLen + Math.floor(seqLen / 10));
      const xs = Array.from({ length }, () => blank(batchSize, 2, dtype));
      const target = blank(batchSize, 1, dtype);
      for (let b = 0; b < batchSize; b++) {
        for (const x of xs) x.data[2 * b] = rng.uniform(low, 1);
        const first = rng.int(10);
        const other = rng.int(early);
        const marked = [first, other < first ? other : other + 1]; // the pair already marked is passed over
        for (const t of marked) xs[t].data[2 * b + 1] = 1;
        if (marked.includes(0)) xs[0].data[2 * b] = ifFirst;
        for (const x of [xs[0], xs[length - 1]]) x.data[2 * b + 1] = -1;
        target.data[b] = answer(xs[marked[0]].data[2 * b], xs[marked[1]].data[2 * b]);
      }
      return { xs, target };
    },
  };
}
