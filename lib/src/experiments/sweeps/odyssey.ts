import { type LSTMVariant, lstmVariants } from "../../cells/ablations.js";
import type { Arena } from "../arenas.js";
import { sweep } from "../sweep.js";

/** Four tasks that ask for different things: keep and add, keep an order, follow a grammar, keep one word. */
const arenas: readonly Arena[] = [
  { name: "adding", task: "adding", options: { seqLen: 50 }, solved: 0.95 },
  { name: "temporal order", task: "temporalOrder", options: { seqLen: 50 } },
  { name: "embedded Reber", task: "embeddedReber", options: {} },
  { name: "recall", task: "recall", options: { gap: 20 } },
];

/** Every forget gate starts at σ(1) = 0.73, CIFG's 1 − i too: "coupled" and "starts by forgetting" are two things. */
const options = { forgetBias: 1 };

/** Greff et al.'s eight variants and their vanilla on four tasks: which part matters, where? */
export const odysseyExperiment = sweep({
  name: "odyssey",
  shows: "eight variants of the LSTM and the vanilla one, on four tasks, five seeds each",
  minutes: { quick: 5, full: 240 },
  config: (tier) => ({
    tier,
    arenas,
    contestants: lstmVariants.map((variant: LSTMVariant) => ({
      name: variant,
      cell: variant,
      hiddenSize: 16,
      options,
    })),
    batchSize: 32,
    steps: tier === "full" ? 5000 : 600,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 400,
    untilSolved: false,
    learningRates: tier === "full" ? [1e-3, 3e-3, 1e-2, 3e-2] : [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? Array.from({ length: 20 }, (_, k) => k + 1) : [1, 2, 3, 4, 5],
  }),
});
