import type { Contestant } from "../contestants.js";
import { sweep } from "../sweep.js";

const centre = { cell: "lstm", hiddenSize: 16, learningRate: 0.01 } as const;

/** As many sequences for every batch size. */
const batches = (sequences: number, batchSize: number): Contestant["training"] => ({
  batchSize,
  steps: sequences / batchSize,
});

/** One setting changed at a time. Without clipping is a norm that no gradient reaches. */
function settings(sequences: number): Contestant[] {
  return [
    { name: "centre", ...centre },
    ...[1e-4, 3e-4, 1e-3, 3e-3, 3e-2, 1e-1, 3e-1].map((learningRate) => ({
      ...centre,
      name: `learning rate ${learningRate}`,
      learningRate,
    })),
    ...[2, 4, 8, 32, 64].map((hiddenSize) => ({ ...centre, name: `hidden size ${hiddenSize}`, hiddenSize })),
    ...[0.01, 0.1, 10, 1e9].map((clipNorm) => ({ ...centre, name: `clip norm ${clipNorm}`, training: { clipNorm } })),
    ...[4, 8, 16, 64, 128, 256].map((batchSize) => ({
      ...centre,
      name: `batch size ${batchSize}`,
      training: batches(sequences, batchSize),
    })),
  ];
}

/** How much hangs on each setting, around one that works. */
export const hyperParametersExperiment = sweep({
  name: "hyper-parameters",
  shows: "adding problem at T = 50: learning rate, hidden size, clipping norm and batch size, one changed at a time",
  minutes: { quick: 3, full: 60 },
  config(tier) {
    const steps = tier === "full" ? 4000 : 1000;
    return {
      tier,
      arenas: [{ name: "adding", task: "adding", options: { seqLen: 50 }, solved: 0.95 }],
      contestants: settings(32 * steps),
      batchSize: 32,
      steps,
      clipNorm: 1,
      checkEvery: 250,
      testSize: 400,
      untilSolved: false,
      learningRates: [1e-2],
      searchSeed: 0,
      seeds: tier === "full" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3],
    };
  },
});
