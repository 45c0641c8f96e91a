import { sweep } from "../sweep.js";

const hiddenSize = 50;

/**
 * What a vanilla RNN can do that is clipped and starts well, on temporal order over 50 to 200 steps, as Pascanu et al.
 * (2013) ask; their regulariser is left out. Fifty units, as theirs. Of the LSTM, only the forget gates' start is set.
 */
export const temporalOrderLengths = sweep({
  name: "temporal-order-lengths",
  shows: "temporal order over 50, 100, 200 steps: a clipped vanilla RNN from three starts, and an LSTM",
  minutes: { quick: 3, full: 120 },
  config: (tier) => ({
    tier,
    arenas: [50, 100, 200].map((seqLen) => ({ name: String(seqLen), task: "temporalOrder", options: { seqLen } })),
    contestants: [
      { name: "RNN", cell: "rnn", hiddenSize, learningRate: 1e-3 },
      { name: "RNN, orthogonal", cell: "rnn", hiddenSize, recurrentInit: { kind: "orthogonal" }, learningRate: 1e-3 },
      {
        name: "RNN, relu from identity",
        cell: "rnn",
        hiddenSize,
        options: { activation: "relu" },
        recurrentInit: { kind: "identity" },
        learningRate: 1e-3,
      },
      { name: "LSTM, bias 3", cell: "lstm", hiddenSize: 16, options: { forgetBias: 3 }, learningRate: 1e-2 },
    ],
    batchSize: 16,
    steps: tier === "full" ? 40_000 : 2500,
    clipNorm: 1,
    checkEvery: 50,
    testSize: 256,
    untilSolved: true,
    learningRates: [1e-3],
    searchSeed: 0,
    seeds: Array.from({ length: tier === "full" ? 10 : 3 }, (_, k) => k + 1),
  }),
});
