import type { SweepConfig } from "../../../lib/src/experiments/sweep.js";
import { addingExperiment } from "../../../lib/src/experiments/sweeps/adding.js";

/** The adding experiment in under a second. */
export const tinyConfig: SweepConfig = {
  ...addingExperiment.config("quick"),
  arenas: [{ name: "4", task: "adding", options: { seqLen: 4 } }],
  contestants: [
    { name: "LSTM", cell: "lstm", hiddenSize: 3 },
    { name: "RNN", cell: "rnn", hiddenSize: 3 },
  ],
  batchSize: 3,
  steps: 7,
  checkEvery: 3,
  testSize: 5,
  learningRates: [0.01, 0.03],
  seeds: [1, 2],
};
