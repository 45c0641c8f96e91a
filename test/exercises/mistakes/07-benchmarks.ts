import type { Mistake } from "./mistake.js";

type Slip = Omit<Mistake, "exercise">;

const baselines: Slip[] = [
  { from: "0.7 + 0.6", to: "0.4 + 0.7 + 0.1 + 0.9 + 0.6 + 0.2", fails: ["the target adds the two marked values"] },
  { from: "0.7 + 0.6", to: "(0.7 + 0.6) / 2", fails: ["the target adds the two marked values"] },
  {
    from: "1 / 12 + 1 / 12,",
    to: "1 / 12,",
    fails: ["always answering the mean leaves the variance of both values"],
  },
  {
    from: "1 / 12 + 1 / 12,\n  1 / 12,",
    to: "1 / 12 + 1 / 12,\n  1 / 12 + 1 / 12,",
    fails: ["with one value known, one variance is left"],
  },
  {
    from: "1 / 12 + 1 / 12 + (1.3 - 1) ** 2",
    to: "(1.3 - 1) ** 2",
    fails: ["a wrong constant costs its squared distance on top"],
  },
  { from: "(1.3 - 1) ** 2", to: "(1.3 - 1)", fails: ["a wrong constant costs its squared distance on top"] },
];

const sequence: Slip[] = [
  {
    from: "[value, t === a || t === b ? 1 : 0]",
    to: "[t === a || t === b ? 1 : 0, value]",
    fails: ["a step shows the value, then the marker"],
  },
  {
    from: "Math.floor(r1 * half)",
    to: "Math.floor(r1 * values.length)",
    fails: ["the first marker stays in the first half"],
  },
  { from: "const b = half + ", to: "const b = ", fails: ["the second marker stays in the second half"] },
  {
    from: "Math.floor(r1 * half);\n  const b = half + Math.floor(",
    to: "Math.round(r1 * half);\n  const b = half + Math.round(",
    fails: ["places are rounded down"],
  },
  {
    from: "Math.floor(values.length / 2)",
    to: "Math.ceil(values.length / 2)",
    fails: ["the middle step belongs to the second half"],
  },
  {
    from: "(values.length - half)",
    to: "half",
    fails: ["the middle step belongs to the second half"],
    says: "one more",
  },
  {
    from: "values[a] + values[b]",
    to: "(values[a] + values[b]) / 2",
    fails: ["the target is the sum of the marked values"],
  },
  { from: "values[a] + values[b]", to: "a + b", fails: ["the target is the sum of the marked values"] },
];

const weights: Slip[] = [
  { from: "hiddenSize + 1)", to: "hiddenSize)", fails: ["the biases count"] },
  {
    from: "(inputSize + hiddenSize + 1)",
    to: "(inputSize + 1)",
    fails: ["the weights from the hidden state count"],
  },
  {
    from: "layers * hiddenSize * (inputSize + hiddenSize + 1)",
    to: "layers * (hiddenSize * (inputSize + hiddenSize) + 1)",
    fails: ["every unit has its own bias"],
  },
  { from: "gru: 3, lstm: 4", to: "gru: 2, lstm: 3", fails: ["the candidate is a layer too"] },
];

const sizes: Slip[] = [
  {
    from: "return size;",
    to: "return 4 * lstmSize;",
    fails: ["the size is found by parameters, not by units"],
  },
  {
    from: "distance(size + 1) < distance(size)",
    to: 'parameters("rnn", inputSize, size) < wanted',
    fails: ["the nearest size counts, also from below"],
  },
  {
    from: "distance(size + 1) < distance(size)",
    to: 'parameters("rnn", inputSize, size + 1) <= wanted',
    fails: ["the nearest size counts, also from above"],
  },
];

const loss: Slip[] = [
  {
    from: "/ costs.length",
    to: "/ costs.length / probabilities[0][0].length",
    fails: ["the average is not taken over the classes"],
  },
  { from: "/ costs.length", to: "/ classes.length", fails: ["the average is taken over the steps"] },
  { from: "/ costs.length", to: "/ classes[0].length", fails: ["the average is taken over the sequences"] },
  {
    from: "steps.map((right, t) => -Math.log(probabilities[b][t][right])));\n  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length",
    to: "steps.map((right, t) => probabilities[b][t][right]));\n  return -Math.log(costs.reduce((sum, cost) => sum + cost, 0) / costs.length)",
    fails: ["the logarithm is taken before the average"],
  },
  { from: "-Math.log(", to: "Math.log(", fails: ["the loss is in nats, and positive"] },
  { from: "-Math.log(", to: "-Math.log2(", fails: ["the loss is in nats, and positive"], says: "in bits" },
  { from: "(T + 20)", to: "T", fails: ["the baseline divides by all steps"] },
  { from: "(T + 20)", to: "(T + 10)", fails: ["the baseline divides by all steps"], says: "T + 10" },
  { from: "(T + 20)", to: "10", fails: ["the baseline divides by all steps"], says: "the ten steps that ask" },
  { from: "Math.log(8)", to: "Math.log(9)", fails: ["the baseline guesses among the eight symbols"] },
  { from: "(10 * Math.log(8))", to: "Math.log(8)", fails: ["the baseline pays for ten symbols"] },
];

const run: Slip[] = [
  { from: "seededRng(seed)", to: "seededRng(1)", fails: ["the seed decides everything that is random"] },
  {
    from: 'const options = { rng: rng.fork("cell") };',
    to: "rng.fork = () => rng;\n  const options = { rng };",
    fails: ["cell, readout and sequences draw from streams of their own"],
  },
  { from: "new RNNCell(", to: "new LSTMCell(", fails: ["an RNN is trained when one is asked for"] },
  { from: "adding({ seqLen, ", to: "adding({ ", fails: ["the sequences are as long as asked for"] },
  { from: "{ learningRate: 0.01 }", to: "{ learningRate: 0.001 }", fails: ["the learning rate is 0.01"] },
  { from: "clipNorm: 1, ", to: "", fails: ["the gradient is clipped at norm 1"] },
  {
    from: "[...firsts].sort(",
    to: "firsts.filter((step) => step < Infinity).sort(",
    fails: ["a run that never gets there still counts in the median"],
  },
  {
    from: "place < 0 ?",
    to: "place < 0 || curve[curve.length - 1] >= level ?",
    fails: ["the first step below the level counts, also if the curve rises again"],
  },
  { from: "place + 1", to: "place", fails: ["steps are counted from 1"] },
  { from: "sort((a, b) => a - b)", to: "sort()", fails: ["steps are put in order as numbers"] },
  {
    from: "inOrder[Math.floor(inOrder.length / 2)]",
    to: "firsts.reduce((sum, step) => sum + step, 0) / firsts.length",
    fails: ["it is the median, not the mean"],
  },
];

export const mistakes: Mistake[] = [
  ...baselines.map((slip) => ({ exercise: "07.1", ...slip })),
  ...sequence.map((slip) => ({ exercise: "07.2", ...slip })),
  ...weights.map((slip) => ({ exercise: "07.3", ...slip })),
  ...sizes.map((slip) => ({ exercise: "07.3", ...slip })),
  ...loss.map((slip) => ({ exercise: "07.4", ...slip })),
  ...run.map((slip) => ({ exercise: "07.5", ...slip })),
];
