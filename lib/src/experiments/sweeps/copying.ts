import { LSTMCell } from "../../cells/lstm.js";
import { RNNCell } from "../../cells/rnn.js";
import { matchedHiddenSize, parameterCount } from "../../measure/parameters.js";
import { sweep } from "../sweep.js";

const hiddenSize = 32;
const asManyWeights = (): number =>
  matchedHiddenSize((size) => new RNNCell(10, size), parameterCount(new LSTMCell(10, hiddenSize)));

/** Ten symbols, a pause, ten symbols again: who gets below the loss of a network that remembers nothing? */
export const copyingExperiment = sweep({
  name: "copying",
  shows: "copying problem: the loss against 10 ln 8 / (T + 20), which needs no memory",
  minutes: { quick: 3, full: 60 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [20, 50] : [20]).map((delay) => ({
      name: String(delay),
      task: "copying",
      options: { delay },
      solved: 0.95,
    })),
    contestants: [
      { name: "RNN, orthogonal", cell: "rnn", hiddenSize: asManyWeights(), recurrentInit: { kind: "orthogonal" } },
      { name: "GRU", cell: "gru", hiddenSize },
      { name: "LSTM", cell: "lstm", hiddenSize },
      { name: "LSTM, chrono", cell: "lstm", hiddenSize, chrono: tier === "full" ? 60 : 40 },
    ],
    batchSize: 32,
    steps: tier === "full" ? 20_000 : 1000,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 200,
    untilSolved: false,
    learningRates: [3e-3],
    searchSeed: 0,
    seeds: [1, 2, 3],
  }),
});
