import type { Tier } from "../record.js";
import { sweep } from "../sweep.js";

const hiddenSize = 32;

/**
 * "I grew up in France … I speak fluent French": how far back may the country stand? Equal networks, equal training;
 * only the gap and the cell differ.
 */
export const recallExperiment = sweep({
  name: "recall",
  shows: "the word from the first sentence against the gap: RNN, GRU, LSTM with forget bias 1 and 3",
  minutes: { quick: 3, full: 20 },
  config: (tier: Tier) => ({
    tier,
    arenas: (tier === "full" ? [5, 10, 15, 20, 25, 30, 40, 60, 80] : [5, 10, 15, 20, 25, 30, 40]).map((gap) => ({
      name: String(gap),
      task: "recall",
      options: { gap },
    })),
    contestants: [
      { name: "RNN", cell: "rnn", hiddenSize },
      { name: "GRU", cell: "gru", hiddenSize },
      { name: "LSTM, bias 1", cell: "lstm", hiddenSize },
      { name: "LSTM, bias 3", cell: "lstm", hiddenSize, options: { forgetBias: 3 } },
    ],
    batchSize: 32,
    steps: 200,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 400,
    untilSolved: false,
    learningRates: [0.01],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3, 4, 5],
  }),
});
