import { sweep } from "../sweep.js";

/** Adding and multiplication exactly as in 1997, by the network of 1997: two blocks of two cells, 93 weights. */
export const pairs1997Experiment = sweep({
  name: "pairs1997",
  shows: "adding and multiplication as in the paper of 1997: sequences until solved, with its 93 weights",
  minutes: { quick: 3, full: 120 },
  config: (tier) => ({
    tier,
    arenas: [
      ...(tier === "full" ? [100, 500, 1000] : [100]).map((seqLen) => ({
        name: `adding, T = ${seqLen}`,
        task: "adding1997" as const,
        options: { seqLen },
        solved: 0.99,
      })),
      { name: "multiplication, T = 100", task: "multiplication1997", options: { seqLen: 100 }, solved: 0.95 },
    ],
    contestants: [
      {
        name: "1997, truncated",
        cell: "lstm1997",
        hiddenSize: 4,
        options: { cellsPerBlock: 2, inputGateBias: [-3, -6] },
      },
      {
        name: "1997, full gradient",
        cell: "lstm1997",
        hiddenSize: 4,
        options: { cellsPerBlock: 2, inputGateBias: [-3, -6], truncated: false },
      },
    ],
    batchSize: 8,
    steps: tier === "full" ? 200_000 : 15_000,
    clipNorm: 1,
    checkEvery: 250,
    testSize: 512,
    untilSolved: true,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3],
  }),
});
