import { sweep } from "../sweep.js";

/**
 * The embedded Reber grammar: strings until every prediction on fresh ones is legal. The paper's best setting is
 * four blocks of one cell with a learning rate of 0.5, online, without momentum; ours trains with Adam on batches of two.
 */
export const reberExperiment = sweep({
  name: "reber",
  shows: "embedded Reber grammar: strings until every prediction is legal",
  minutes: { quick: 3, full: 30 },
  config: (tier) => ({
    tier,
    arenas: [{ name: "embedded Reber", task: "embeddedReber", options: {}, solved: 1 }],
    contestants: [
      {
        name: "1997",
        cell: "lstm1997",
        hiddenSize: 4,
        options: { inputGateBias: -1, outputGateBias: [-1, -2, -3, -4] },
      },
      { name: "LSTM", cell: "lstm", hiddenSize: 8 },
      { name: "GRU", cell: "gru", hiddenSize: 8 },
      { name: "RNN", cell: "rnn", hiddenSize: 16 },
    ],
    batchSize: 2,
    steps: tier === "full" ? 100_000 : 10_000,
    clipNorm: 1,
    checkEvery: 250,
    testSize: 256,
    untilSolved: true,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: Array.from({ length: tier === "full" ? 30 : 10 }, (_, k) => k + 1),
  }),
});
