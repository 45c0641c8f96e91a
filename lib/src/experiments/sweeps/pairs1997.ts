import type { Arena } from "../arenas.js";
import type { Contestant } from "../contestants.js";
import { sweep } from "../sweep.js";

const addingOver = (seqLen: number): Arena => ({
  name: `adding, T = ${seqLen}`,
  task: "adding1997",
  options: { seqLen },
  solved: 0.99,
});
const multiplication: Arena = {
  name: "multiplication, T = 100",
  task: "multiplication1997",
  options: { seqLen: 100 },
  solved: 0.95,
};

const options = { cellsPerBlock: 2, inputGateBias: [-3, -6] };
const truncated: Contestant = { name: "1997, truncated", cell: "lstm1997", hiddenSize: 4, options };
const fullGradient: Contestant = {
  ...truncated,
  name: "1997, full gradient",
  options: { ...options, truncated: false },
};

/** Adding and multiplication exactly as in 1997, by the network of 1997: two blocks of two cells, 93 weights. */
export const pairs1997Experiment = sweep({
  name: "pairs1997",
  shows: "adding and multiplication as in the paper of 1997: sequences until solved, with its 93 weights",
  minutes: { quick: 3, full: 60 },
  config: (tier) => ({
    tier,
    arenas: [...(tier === "full" ? [500, 1000] : [100]).map(addingOver), ...(tier === "full" ? [] : [multiplication])],
    contestants: tier === "full" ? [truncated] : [truncated, fullGradient],
    batchSize: 8,
    steps: tier === "full" ? 110_000 : 15_000,
    clipNorm: 1,
    checkEvery: 250,
    testSize: 512,
    untilSolved: true,
    learningRates: [1e-2],
    searchSeed: 0,
    seeds: tier === "full" ? [1, 2, 3, 4, 5] : [1, 2, 3],
  }),
});
