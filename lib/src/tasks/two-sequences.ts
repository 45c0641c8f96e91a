import { checkChoice, checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { between, blank, type ClassBatch, common, type Task, type TaskOptions } from "./task.js";

export interface TwoSequencesOptions extends TaskOptions {
  /** "3a" (default), "3b": the information is noisy too, "3c": the target is noisy too. */
  variant?: "3a" | "3b" | "3c";
  /** How many elements at the start tell the class. Default 3. */
  informative?: number;
  /** The least length T; sequences have T to T + ⌊T/10⌋ steps. Default 100. */
  seqLen?: number;
}

export interface TwoSequencesTask extends Task<ClassBatch> {
  readonly inputSize: 1;
  readonly outputSize: 1;
  readonly seqLen: number;
  /** accuracy of a guess; mse of always answering the mean, and of the best answer there is. */
  readonly baselines: { readonly accuracy: number; readonly mse: number; readonly solved: number };
}

/** Standard deviations; the paper gives variances, 0.2 for inputs and 0.1 for targets. */
const [inputNoise, targetNoise] = [Math.sqrt(0.2), Math.sqrt(0.1)];

/**
 * The two-sequence problem: signal and noise on one line. The first N elements are 1 (class 1) or −1 (class 0), all
 * others Gaussian with mean 0 and variance 0.2; name the class after the last one. One length is drawn per
 * batch, so that nothing needs padding.
 *
 * The target is a number, not a one-hot row: 1 for class 1, 0 for class 0. "3b" adds the same noise to the first N
 * elements (the sign of their mean is still right in 98.7 % of sequences for N = 1, in 99.995 % for N = 3). "3c" does
 * too and asks for 0.8 or 0.2 plus Gaussian noise of variance 0.1: what is to be learned is the mean.
 *
 * Baselines. Guessing the class: accuracy 1/2. Mean squared error of always answering the mean, 1/2: 1/4; for "3c"
 * 0.3² + 0.1 = 0.19. `solved`, the mean squared error of answering the class's mean: 0; for "3c" 0.1, the noise.
 *
 * Random weights solve "3a" quickly; "3c" was made so that they do not.
 *
 * @see Bengio, Simard & Frasconi (1994), IEEE Transactions on Neural Networks 5(2); Hochreiter & Schmidhuber (1997),
 * Neural Computation 9(8), experiments 3a to 3c.
 */
export function twoSequences(options: TwoSequencesOptions = {}, rng: Rng = seededRng(0)): TwoSequencesTask {
  const { batchSize, dtype } = common("twoSequences", options, ["variant", "informative", "seqLen"], rng);
  const { variant = "3a", informative = 3, seqLen = 100 } = options;
  checkChoice("twoSequences", "variant", variant, ["3a", "3b", "3c"]);
  checkCount("twoSequences", "informative", informative);
  checkCount("twoSequences", "seqLen", seqLen, informative);
  const noisySignal = variant !== "3a";
  const noisyTarget = variant === "3c";
  return {
    inputSize: 1,
    outputSize: 1,
    batchSize,
    seqLen,
    baselines: noisyTarget
      ? { accuracy: 1 / 2, mse: 0.3 ** 2 + 0.1, solved: 0.1 }
      : { accuracy: 1 / 2, mse: 1 / 4, solved: 0 },
    batch() {
      const length = between(rng, seqLen, seqLen + Math.floor(seqLen / 10));
      const xs = Array.from({ length }, () => blank(batchSize, 1, dtype));
      const target = blank(batchSize, 1, dtype);
      const classes = Array.from({ length: batchSize }, () => rng.int(2));
      classes.forEach((label, b) => {
        xs.forEach((x, t) => {
          const signal = t < informative ? 2 * label - 1 : 0;
          const noise = t < informative && !noisySignal ? 0 : inputNoise * rng.normal();
          x.data[b] = signal + noise;
        });
        target.data[b] = noisyTarget ? 0.2 + 0.6 * label + targetNoise * rng.normal() : label;
      });
      return { xs, target, classes };
    },
  };
}
