import { sweep } from "../sweep.js";
import { addingContestants } from "./adding.js";

/** What served at T = 50, in `adding`; the others: 0.01. At 0.01 the identity lost one seed of five there. */
const rates: Readonly<Record<string, number>> = { RNN: 1e-3, "RNN, relu from identity": 3e-3 };

/**
 * How long may the adding problem be? The contestants of `adding`, and an LSTM from chrono initialisation
 * (Tallec & Ollivier 2018, arXiv:1804.11188).
 */
export const addingLengths = sweep({
  name: "adding-lengths",
  shows: "adding problem: how many seeds solve it, against the length",
  minutes: { quick: 3, full: 40 },
  config: (tier) => ({
    tier,
    arenas: (tier === "full" ? [200, 500, 750] : [25, 50, 100]).map((seqLen) => ({
      name: String(seqLen),
      task: "adding",
      options: { seqLen },
      solved: 0.9,
    })),
    contestants: [
      ...addingContestants()
        .filter(({ name }) => name !== "RNN, as many weights")
        .map((contestant) => ({ ...contestant, learningRate: rates[contestant.name] ?? 1e-2 })),
      { name: "LSTM, chrono", cell: "lstm", hiddenSize: 32, chrono: tier === "full" ? 750 : 200 },
    ],
    batchSize: 32,
    steps: tier === "full" ? 5000 : 1500,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 300,
    untilSolved: true,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: [1, 2, 3],
  }),
});
