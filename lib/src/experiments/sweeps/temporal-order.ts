import type { Arena } from "../arenas.js";
import { sweep } from "../sweep.js";

const over100 = (variant: "6a" | "6b"): Arena => ({
  name: variant,
  task: "temporalOrder",
  options: { variant, seqLen: 100 },
});

/** X and Y, far apart, in the order that counts: the cell of 1997 in the paper's shape, and a vanilla RNN done well. */
export const temporalOrderExperiment = sweep({
  name: "temporal-order",
  shows: "temporal order 6a (full tier: 6b) at T = 100: sequences until solved; the cell of 1997, LSTM, GRU, RNN",
  minutes: { quick: 3, full: 30 },
  config: (tier) => ({
    tier,
    arenas: [tier === "full" ? over100("6b") : over100("6a")],
    contestants: [
      {
        name: "1997",
        cell: "lstm1997",
        hiddenSize: tier === "full" ? 6 : 4,
        options: { cellsPerBlock: 2, inputGateBias: tier === "full" ? [-2, -4, -6] : [-2, -4] },
      },
      { name: "LSTM", cell: "lstm", hiddenSize: 16 },
      { name: "GRU", cell: "gru", hiddenSize: 16 },
      { name: "RNN", cell: "rnn", hiddenSize: 32 },
      { name: "RNN, orthogonal", cell: "rnn", hiddenSize: 32, recurrentInit: { kind: "orthogonal" } },
    ],
    batchSize: 16,
    steps: tier === "full" ? 40_000 : 2000,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 256,
    untilSolved: true,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: [1, 2, 3, 4, 5],
  }),
});
