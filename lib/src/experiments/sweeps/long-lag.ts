import { sweep } from "../sweep.js";

const hiddenSize = 16;

/** Two sequences of p + 1 symbols without noise, told apart by the first alone: experiment 2a of 1997. */
export const longLagExperiment = sweep({
  name: "long-lag",
  shows: "noise-free long time lag 2a: the last symbol against the lag p",
  minutes: { quick: 2, full: 30 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [100] : [10, 20]).map((lag) => ({
      name: String(lag),
      task: "longLag",
      options: { lag },
      solved: 1,
    })),
    contestants: [
      { name: "1997", cell: "lstm1997", hiddenSize, options: { inputGateBias: -1 } },
      { name: "LSTM, bias 3", cell: "lstm", hiddenSize, options: { forgetBias: 3 } },
      { name: "GRU", cell: "gru", hiddenSize },
      { name: "RNN, orthogonal", cell: "rnn", hiddenSize, recurrentInit: { kind: "orthogonal" } },
    ],
    batchSize: 16,
    steps: tier === "full" ? 20_000 : 2000,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 16,
    untilSolved: true,
    learningRates: [3e-3],
    searchSeed: 0,
    seeds: [1, 2, 3],
  }),
});
