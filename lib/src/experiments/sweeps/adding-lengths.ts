import { LSTMCell } from "../../cells/lstm.js";
import { RNNCell } from "../../cells/rnn.js";
import { matchedHiddenSize, parameterCount } from "../../measure/parameters.js";
import { sweep } from "../sweep.js";

const hiddenSize = 32;

/**
 * How long may the adding problem be? A vanilla RNN at equal size, at equal weights and from the identity (Le, Jaitly &
 * Hinton 2015), a GRU, an LSTM, and an LSTM from chrono initialisation (Tallec & Ollivier 2018).
 */
export const addingLengths = sweep({
  name: "adding-lengths",
  shows: "adding problem: how many seeds solve it, against the length",
  minutes: { quick: 3, full: 240 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [50, 100, 200, 500, 750] : [50, 100, 200]).map((seqLen) => ({
      name: String(seqLen),
      task: "adding",
      options: { seqLen },
      solved: 0.95,
    })),
    contestants: [
      { name: "RNN", cell: "rnn", hiddenSize },
      {
        name: "RNN, as many weights",
        cell: "rnn",
        hiddenSize: matchedHiddenSize((size) => new RNNCell(2, size), parameterCount(new LSTMCell(2, hiddenSize))),
      },
      {
        name: "RNN, relu from identity",
        cell: "rnn",
        hiddenSize,
        options: { activation: "relu" },
        recurrentInit: { kind: "identity" },
      },
      { name: "GRU", cell: "gru", hiddenSize },
      { name: "LSTM", cell: "lstm", hiddenSize },
      { name: "LSTM, chrono", cell: "lstm", hiddenSize, chrono: tier === "full" ? 750 : 200 },
    ],
    batchSize: 32,
    steps: tier === "full" ? 20_000 : 2000,
    clipNorm: 1,
    checkEvery: 100,
    testSize: 400,
    untilSolved: true,
    learningRates: tier === "full" ? [1e-3, 3e-3, 1e-2] : [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5] : [1, 2, 3],
  }),
});
