import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { bitSteps } from "./parity.js";
import { byStep, common, oneHot, type StepClassBatch, type Task, type TaskOptions } from "./task.js";

export interface TemporalXorOptions extends TaskOptions {
  /** Triples of bits per sequence; each is three steps. Default 20. */
  triples?: number;
}

export interface TemporalXorTask extends Task<StepClassBatch> {
  readonly inputSize: 1;
  readonly outputSize: 2;
  readonly seqLen: number;
  /** The steps whose next bit can be known: 1, 4, 7, … */
  readonly predictable: readonly number[];
  /** Cross-entropy in nats per step: without memory, and at best. */
  readonly baselines: { readonly memoryless: number; readonly solved: number };
}

/**
 * XOR's echo in time: a stream of bits in which every third is the XOR of the two before it. Predict the next bit.
 *
 *     1 0 1   0 0 0   1 1 0   0 1 1  …
 *
 * Two bits out of three are coin tosses that nobody can predict, and nothing says which ones: the network has to
 * find the beat, and then the rule. Classes are the next bit, 0 or 1; the last step's is a coin toss too.
 *
 * Baselines, in nats per step. Knowing only the present bit, the next is 0 or 1 with equal probability at every step,
 * also where it is an XOR, since the bit before is random: ln 2. With beat and rule, one step in three is certain: 2/3 ln 2.
 *
 * @see Elman (1990), Finding structure in time, Cognitive Science 14.
 */
export function temporalXor(options: TemporalXorOptions = {}, rng: Rng = seededRng(0)): TemporalXorTask {
  const { batchSize, dtype } = common("temporalXor", options, ["triples"], rng);
  const { triples = 20 } = options;
  checkCount("temporalXor", "triples", triples);
  return {
    inputSize: 1,
    outputSize: 2,
    batchSize,
    seqLen: 3 * triples,
    predictable: Array.from({ length: triples }, (_, k) => 3 * k + 1),
    baselines: { memoryless: Math.log(2), solved: (2 / 3) * Math.log(2) },
    batch() {
      const streams = Array.from({ length: batchSize }, () => {
        const bits: number[] = [];
        for (let k = 0; k < triples; k++) {
          const [a, b] = [rng.int(2), rng.int(2)];
          bits.push(a, b, a ^ b);
        }
        return [...bits, rng.int(2)];
      });
      const classes = byStep(streams.map((bits) => bits.slice(1)));
      const xs = bitSteps(
        streams.map((bits) => bits.slice(0, -1)),
        dtype,
      );
      return { xs, targets: classes.map((row) => oneHot(row, 2, dtype)), classes };
    },
  };
}
