import { sweep } from "../sweep.js";

/**
 * Trained on aⁿbⁿ with n up to ten, asked about longer ones: Gers & Schmidhuber (2001). The same training each time;
 * only the strings that are asked differ. Their network had peepholes.
 */
export const countingExperiment = sweep({
  name: "counting",
  shows: "a^n b^n learned with n <= 10: which greater n are counted right?",
  minutes: { quick: 2, full: 30 },
  config: (tier) => ({
    tier,
    arenas: (
      [
        [1, 10],
        [11, 20],
        [21, 40],
      ] as const
    ).map((n) => ({
      name: `n = ${n.join(" to ")}`,
      task: "counting",
      options: { n: [1, 10], predict: "next" },
      asked: { n },
      solved: 1,
    })),
    contestants: [
      { name: "peephole LSTM", cell: "peephole", hiddenSize: 4 },
      { name: "LSTM", cell: "lstm", hiddenSize: 4 },
      { name: "GRU", cell: "gru", hiddenSize: 5 },
      { name: "RNN", cell: "rnn", hiddenSize: 10 },
    ],
    batchSize: 8,
    steps: tier === "full" ? 20_000 : 2000,
    clipNorm: 1,
    checkEvery: 100,
    testSize: 64,
    untilSolved: false,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: Array.from({ length: tier === "full" ? 20 : 5 }, (_, k) => k + 1),
  }),
});
