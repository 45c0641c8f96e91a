import { sweep } from "../sweep.js";

/** X and Y, far apart, in the order that counts: the cell of 1997 in the paper's shape, and a vanilla RNN done well. */
export const temporalOrderExperiment = sweep({
  name: "temporal-order",
  shows: "temporal order 6a at T = 100: sequences until solved; the cell of 1997, LSTM, GRU, RNN",
  minutes: { quick: 3, full: 120 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? (["6a", "6b"] as const) : (["6a"] as const)).map((variant) => ({
      name: variant,
      task: "temporalOrder",
      options: { variant, seqLen: 100 },
    })),
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
    learningRates: tier === "full" ? [1e-3, 3e-3, 1e-2] : [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3, 4, 5],
  }),
});
