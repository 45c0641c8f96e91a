import { sweep } from "../sweep.js";

/** Two sequences of p + 1 symbols without noise, told apart by the first alone: experiment 2a of 1997. */
export const longLagExperiment = sweep({
  name: "long-lag",
  shows: "noise-free long time lag 2a: the last symbol against the lag p",
  minutes: { quick: 3, full: 30 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [4, 10, 50, 100] : [10, 100]).map((lag) => ({
      name: String(lag),
      task: "longLag",
      options: { lag },
      solved: 1,
    })),
    contestants: [
      { name: "1997", cell: "lstm1997", hiddenSize: 1 },
      { name: "LSTM", cell: "lstm", hiddenSize: 8 },
      { name: "GRU", cell: "gru", hiddenSize: 8 },
      { name: "RNN", cell: "rnn", hiddenSize: 16 },
    ],
    batchSize: 4,
    steps: tier === "full" ? 20_000 : 2000,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 16,
    untilSolved: true,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? Array.from({ length: 18 }, (_, k) => k + 1) : [1, 2, 3, 4, 5],
  }),
});
