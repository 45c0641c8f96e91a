import type { Mistake } from "./mistake.js";

type Slip = Omit<Mistake, "exercise">;

const interval: Slip[] = [
  {
    from: "inOrder(resamples.map((places) => median(places.map((k) => losses[k]))))",
    to: "inOrder(losses)",
    fails: ["the interval is that of the medians, not of the losses"],
  },
  {
    from: "median(places.map((k) => losses[k]))",
    to: "places.reduce((sum, k) => sum + losses[k], 0) / places.length",
    fails: ["each draw gives its median, not its mean"],
  },
  {
    from: "median: median(losses)",
    to: "median: losses.reduce((sum, loss) => sum + loss, 0) / losses.length",
    fails: ["the median of the losses is reported, not their mean"],
  },
  { from: "sort((a, b) => a - b)", to: "sort()", fails: ["numbers are put in order as numbers"] },
  {
    from: "inOrder(resamples.map((places) => median(places.map((k) => losses[k]))))",
    to: "resamples.map((places) => median(places.map((k) => losses[k])))",
    fails: ["numbers are put in order as numbers"],
    says: "not put in order",
  },
  {
    from: "const medians =",
    to: "losses.sort((a, b) => a - b);\n  const medians =",
    fails: ["the places count in the losses as they came"],
  },
  {
    from: "quantile(medians, 0.05), high: quantile(medians, 0.95)",
    to: "quantile(medians, 0.1), high: quantile(medians, 0.9)",
    fails: ["the interval runs from 5 % to 95 %"],
  },
];

const settings: Slip[] = [
  {
    from: "logUniform(u[0], 1e-5, 1e-1)",
    to: "1e-5 + u[0] * (1e-1 - 1e-5)",
    fails: ["the learning rate is uniform in its logarithm"],
  },
  {
    from: "low * (high / low) ** share",
    to: "Math.exp(Math.log10(low) + share * (Math.log10(high) - Math.log10(low)))",
    fails: ["power and logarithm have the same base"],
  },
  { from: "logUniform(u[1], 8, 128)", to: "8 + u[1] * 120", fails: ["the hidden size is uniform in its logarithm"] },
  {
    from: "Math.round(logUniform(u[1], 8, 128))",
    to: "logUniform(u[1], 8, 128)",
    fails: ["the hidden size is a whole number"],
  },
  { from: "Math.round(", to: "Math.floor(", fails: ["it is the nearest whole number"] },
  {
    from: "const logUniform",
    to: "u = [u[0], u[0], u[0]];\n  const logUniform",
    fails: ["each setting has a random number of its own"],
  },
];

const reports: Slip[] = [
  {
    from: "return { rate, loss: median(",
    to: "const lucky = runs.reduce((low, run) => (run.test < low.test ? run : low));\n  if (lucky) return { rate: lucky.rate, loss: lucky.test };\n  return { rate, loss: median(",
    fails: [
      "the best number that ever came up is not the report",
      "the rate is chosen by validation",
      "the rate is chosen by all seeds, not by the luckiest",
      "the test loss is reported, not the validation loss",
      "all seeds are reported, not the luckiest",
      "medians are taken, not means",
    ],
  },
  { from: "run.validation)", to: "run.test)", fails: ["the rate is chosen by validation"] },
  {
    from: "median(at(rate).map((run) => run.validation))",
    to: "Math.min(...at(rate).map((run) => run.validation))",
    fails: ["the rate is chosen by all seeds, not by the luckiest"],
  },
  { from: "run.test)", to: "run.validation)", fails: ["the test loss is reported, not the validation loss"] },
  {
    from: "median(at(rate).map((run) => run.test))",
    to: "Math.min(...at(rate).map((run) => run.test))",
    fails: ["all seeds are reported, not the luckiest"],
  },
  {
    from: "median(at(rate).map((run) => run.test))",
    to: "at(rate).reduce((low, run) => (run.validation < low.validation ? run : low)).test",
    fails: ["all seeds are reported, not the luckiest"],
    says: "of one run",
  },
  {
    from: "quantile([...values].sort((a, b) => a - b), 0.5)",
    to: "values.reduce((sum, value) => sum + value, 0) / values.length",
    fails: ["medians are taken, not means"],
  },
];

const quiz: Slip[] = [
  { from: 'q1: "c"', to: 'q1: "a"', fails: ["1: which gate matters most"] },
  { from: 'q2: "b"', to: 'q2: "a"', fails: ["2: two medians with their intervals"] },
  { from: 'q3: "a"', to: 'q3: "d"', fails: ["3: the weakest point of the study"] },
  { from: 'q4: "a"', to: 'q4: "b"', fails: ["4: the missing gate or the missing size"] },
  { from: 'q5: "c"', to: 'q5: "a"', fails: ["5: a sentence about T = 1000"] },
];

const of = (exercise: string, slips: readonly Slip[]): Mistake[] => slips.map((slip) => ({ exercise, ...slip }));
export const mistakes: Mistake[] = [
  ...of("10.1", interval),
  ...of("10.2", settings),
  ...of("10.3", reports),
  ...of("10.4", quiz),
];
