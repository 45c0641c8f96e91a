import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { byStep, common, oneHotSteps, type StepClassBatch, type Task, type TaskOptions } from "./task.js";

export interface LongLagOptions extends TaskOptions {
  /** Steps p between seeing x or y and having to say it, at least 2. Default 100. */
  lag?: number;
}

export interface LongLagTask extends Task<StepClassBatch> {
  /** p: steps, and predictions, per sequence. */
  readonly seqLen: number;
  /** What each component of input and output stands for: a1 … a(p−1), x, y. */
  readonly symbols: readonly string[];
  /** accuracy: of the last prediction. memoryless: cross-entropy in nats per step. */
  readonly baselines: { readonly accuracy: number; readonly memoryless: number };
}

/**
 * Noise-free sequences with a long time lag: there are only two, equally often,
 *
 *     x a₁ a₂ … aₚ₋₁ x      and      y a₁ a₂ … aₚ₋₁ y
 *
 * and at every step the next symbol is to be predicted. All but the last follow from the symbol before; the last has
 * to be remembered for p steps. Inputs and outputs are one-hot over the p + 1 symbols.
 *
 * Baselines. Who sees only the present symbol is sure of all predictions but the last, which is a coin toss: accuracy 1/2 there,
 * and ln 2 / p nats per step, so little for large p that the loss alone looks like success.
 *
 * @see Hochreiter & Schmidhuber (1997), Neural Computation 9(8), experiment 2a.
 */
export function longLag(options: LongLagOptions = {}, rng: Rng = seededRng(0)): LongLagTask {
  const { batchSize, dtype } = common("longLag", options, ["lag"], rng);
  const { lag = 100 } = options;
  checkCount("longLag", "lag", lag, 2);
  const between = Array.from({ length: lag - 1 }, (_, k) => k);
  const symbols = [...between.map((k) => `a${k + 1}`), "x", "y"];
  return {
    inputSize: symbols.length,
    outputSize: symbols.length,
    batchSize,
    seqLen: lag,
    symbols,
    baselines: { accuracy: 1 / 2, memoryless: Math.log(2) / lag },
    batch() {
      const marks = Array.from({ length: batchSize }, () => lag - 1 + rng.int(2));
      const next = marks.map((mark) => [...between, mark]);
      return {
        xs: oneHotSteps(
          marks.map((mark) => [mark, ...between]),
          symbols.length,
          dtype,
        ),
        targets: oneHotSteps(next, symbols.length, dtype),
        classes: byStep(next),
      };
    },
  };
}
