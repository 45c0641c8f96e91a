import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AddingConfig, addingExperiment } from "../../../lib/src/experiments/adding.js";

/** The adding experiment in under a second. */
export const tinyConfig: AddingConfig = {
  ...addingExperiment.config("quick"),
  task: { seqLen: 4, batchSize: 3 },
  models: [
    { name: "LSTM", cell: "lstm", hiddenSize: 3 },
    { name: "RNN", cell: "rnn", hiddenSize: 3 },
  ],
  steps: 7,
  learningRates: [0.01, 0.03],
  seeds: [1, 2],
  testBatches: 2,
  curvePoints: 3,
};

export const freshFolder = (): string => mkdtempSync(join(tmpdir(), "unrolled-experiments-"));
