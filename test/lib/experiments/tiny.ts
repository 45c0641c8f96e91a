import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
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

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the tests of this file are done. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-experiments-"));
  folders.push(folder);
  return folder;
}
