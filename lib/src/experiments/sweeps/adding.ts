import { LSTMCell } from "../../cells/lstm.js";
import { RNNCell } from "../../cells/rnn.js";
import { matchedHiddenSize, parameterCount } from "../../measure/parameters.js";
import type { Contestant } from "../contestants.js";
import { sweep } from "../sweep.js";

const hiddenSize = 32;

/**
 * RNN, GRU and LSTM at equal hidden size, and two RNNs more: one with as many weights as the LSTM, and one of rectified
 * units that starts from the identity (Le, Jaitly & Hinton 2015, arXiv:1504.00941).
 */
export const addingContestants = (): readonly Contestant[] => [
  { name: "LSTM", cell: "lstm", hiddenSize },
  { name: "GRU", cell: "gru", hiddenSize },
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
];

/** The adding problem over fifty steps; each contestant keeps the learning rate that did best on the search seed. */
export const addingExperiment = sweep({
  name: "adding",
  shows: "RNN against LSTM and GRU on the adding problem, T = 50: equal hidden size, equal weights",
  minutes: { quick: 3, full: 60 },
  config: (tier) => ({
    tier,
    arenas: [{ name: "50", task: "adding", options: { seqLen: 50 }, solved: 0.9 }],
    contestants: addingContestants(),
    batchSize: 32,
    steps: tier === "full" ? 10_000 : 2000,
    clipNorm: 1,
    checkEvery: 10,
    testSize: 400,
    untilSolved: false,
    learningRates: tier === "full" ? [3e-4, 1e-3, 3e-3, 1e-2] : [1e-3, 3e-3, 1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3, 4, 5],
  }),
});
