import { sweep } from "../sweep.js";

const hiddenSize = 32;

/** Where the forget gates start, against how fast the adding problem is learned. */
export const forgetBiasExperiment = sweep({
  name: "forget-bias",
  shows: "adding problem at T = 100: forget bias 0, 1, 2, 5, and chrono initialisation",
  minutes: { quick: 3, full: 120 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [100, 200, 750] : [100]).map((seqLen) => ({
      name: String(seqLen),
      task: "adding",
      options: { seqLen },
      solved: 0.95,
    })),
    contestants: [
      ...[0, 1, 2, 5].map((forgetBias) => ({
        name: `bias ${forgetBias}`,
        cell: "lstm" as const,
        hiddenSize,
        options: { forgetBias },
      })),
      { name: "chrono", cell: "lstm", hiddenSize, chrono: tier === "full" ? 750 : 100 },
    ],
    batchSize: 32,
    steps: tier === "full" ? 20_000 : 1500,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 400,
    untilSolved: false,
    learningRates: tier === "full" ? [1e-3, 3e-3, 1e-2] : [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5] : [1, 2, 3],
  }),
});
