import { seededRng } from "../../tensor/rng.js";
import { sweep } from "../sweep.js";

/** Drawn evenly in the logarithm, from 10⁻⁴ to 10⁻¹, as a random search does. */
function drawn(count: number): number[] {
  const rng = seededRng(7).fork("learning rates");
  const rates = Array.from({ length: count }, () => Number((10 ** rng.uniform(-4, -1)).toPrecision(3)));
  return rates.sort((a, b) => a - b);
}

/** How much hangs on the learning rate: random search over it, for three variants, on one task. */
export const learningRatesExperiment = sweep({
  name: "learning-rates",
  shows: "adding problem at T = 50: random search over the learning rate, for LSTM, CIFG and GRU",
  minutes: { quick: 3, full: 60 },
  config: (tier) => ({
    tier,
    arenas: [{ name: "adding", task: "adding", options: { seqLen: 50 }, solved: 0.95 }],
    contestants: drawn(tier === "full" ? 60 : 16).flatMap((learningRate) => [
      { name: `LSTM ${learningRate}`, cell: "lstm" as const, hiddenSize: 16, learningRate },
      { name: `CIFG ${learningRate}`, cell: "coupled" as const, hiddenSize: 16, learningRate },
      { name: `GRU ${learningRate}`, cell: "gru" as const, hiddenSize: 16, learningRate },
    ]),
    batchSize: 32,
    steps: tier === "full" ? 5000 : 1000,
    clipNorm: 1,
    checkEvery: 100,
    testSize: 400,
    untilSolved: false,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5] : [1, 2],
  }),
});
