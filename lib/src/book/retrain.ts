import { LSTMCell } from "../cells/lstm.js";
import { compile } from "../compile/compile.js";
import { linear } from "../layers/linear.js";
import { adding } from "../tasks/adding.js";
import { seededRng } from "../tensor/rng.js";
import { type Progress, fit as train } from "../training/fit.js";
import { adam } from "../training/optimizers.js";

export interface RetrainOptions {
  /** The forget gates' bias before training. */
  readonly forgetBias: number;
  /** Time steps of a sequence. */
  readonly seqLen: number;
  readonly seed: number;
  readonly steps: number;
}

/** The error of always answering the mean, 1/6: where a network stands that remembers nothing. */
export const withoutMemory = 1 / 6;

/**
 * An LSTM of 16 units learns the adding problem. The laboratory's page runs this in a worker, the tests in Node: the same
 * seed gives the same bits in both.
 */
export async function* retrain({
  forgetBias,
  seqLen,
  seed,
  steps,
}: RetrainOptions): AsyncGenerator<Progress, void, undefined> {
  const rng = seededRng(seed);
  const cell = new LSTMCell(2, 16, { rng: rng.fork("cell"), forgetBias, dtype: "float32" });
  const readout = linear(16, 1, { rng: rng.fork("readout"), dtype: "float32" });
  const task = adding({ seqLen, batchSize: 32, dtype: "float32" }, rng.fork("task"));
  const optimizer = adam({ learningRate: 0.01 });
  const model = { cell: compile(cell), readout };
  for await (const progress of train(model, task, { optimizer, clipNorm: 1, steps })) yield progress;
}
