import { sweep } from "../sweep.js";

/** Ten symbols, a pause, ten symbols again: who gets below the loss of a network that remembers nothing? */
export const copyingExperiment = sweep({
  name: "copying",
  shows: "copying problem: the loss against 10 ln 8 / (T + 20), which needs no memory",
  minutes: { quick: 3, full: 240 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [50, 100, 500] : [50]).map((delay) => ({
      name: String(delay),
      task: "copying",
      options: { delay },
    })),
    contestants: [
      { name: "RNN", cell: "rnn", hiddenSize: 64 },
      { name: "RNN, orthogonal", cell: "rnn", hiddenSize: 64, recurrentInit: { kind: "orthogonal" } },
      { name: "GRU", cell: "gru", hiddenSize: 64 },
      { name: "LSTM", cell: "lstm", hiddenSize: 64 },
      { name: "LSTM, chrono", cell: "lstm", hiddenSize: 64, chrono: tier === "full" ? 750 : 75 },
    ],
    batchSize: 32,
    steps: tier === "full" ? 30_000 : 1500,
    clipNorm: 1,
    checkEvery: 100,
    testSize: 200,
    untilSolved: true,
    learningRates: tier === "full" ? [1e-3, 3e-3, 1e-2] : [5e-3],
    searchSeed: 0,
    seeds: [1, 2, 3],
  }),
});
