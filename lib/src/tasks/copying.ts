import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { byStep, common, oneHotSteps, type StepClassBatch, type Task, type TaskOptions } from "./task.js";

export interface CopyingOptions extends TaskOptions {
  /** Steps T between the last symbol shown and the first asked for, at least 1. Default 100. */
  delay?: number;
  /** How many symbols to remember. Default 10. */
  count?: number;
  /** How many different ones there are, at least 2. Default 8. */
  alphabet?: number;
}

export interface CopyingTask extends Task<StepClassBatch> {
  /** delay + 2 count */
  readonly seqLen: number;
  /** The first step that asks for a symbol back: delay + count. */
  readonly recallFrom: number;
  /** Cross-entropy in nats per step of knowing when to answer, but not what. */
  readonly baselines: { readonly memoryless: number };
}

/**
 * The copying memory problem: ten symbols, a long silence, then say them again.
 *
 *     step    0 … 9       10 … T + 8   T + 9    T + 10 … T + 19
 *     input   ten of 8    blank        signal   blank
 *     answer  blank       blank        blank    the ten, in order
 *
 * Inputs are one-hot over the 8 symbols, the blank (number 8) and the signal (9); answers over the 8 symbols and the
 * blank.
 *
 * Baseline. Blanks can be told from the time alone and cost nothing; each of the ten symbols costs ln 8. Over the
 * T + 20 steps that is 10 ln 8 / (T + 20) nats per step.
 *
 * @see Hochreiter & Schmidhuber (1997) for the idea; in this form Arjovsky, Shah & Bengio (2016), ICML.
 */
export function copying(options: CopyingOptions = {}, rng: Rng = seededRng(0)): CopyingTask {
  const { batchSize, dtype } = common("copying", options, ["delay", "count", "alphabet"], rng);
  const { delay = 100, count = 10, alphabet = 8 } = options;
  checkCount("copying", "delay", delay);
  checkCount("copying", "count", count);
  checkCount("copying", "alphabet", alphabet, 2);
  const [blank, signal] = [alphabet, alphabet + 1];
  const blanks = (length: number): number[] => Array<number>(length).fill(blank);
  return {
    inputSize: alphabet + 2,
    outputSize: alphabet + 1,
    batchSize,
    seqLen: delay + 2 * count,
    recallFrom: delay + count,
    baselines: { memoryless: (count * Math.log(alphabet)) / (delay + 2 * count) },
    batch() {
      const shown = Array.from({ length: batchSize }, () => Array.from({ length: count }, () => rng.int(alphabet)));
      const inputs = shown.map((symbols) => [...symbols, ...blanks(delay - 1), signal, ...blanks(count)]);
      const answers = shown.map((symbols) => [...blanks(delay + count), ...symbols]);
      return {
        xs: oneHotSteps(inputs, alphabet + 2, dtype),
        targets: oneHotSteps(answers, alphabet + 1, dtype),
        classes: byStep(answers),
      };
    },
  };
}
