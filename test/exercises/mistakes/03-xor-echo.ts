import type { Mistake } from "./mistake.js";

type Edit = Omit<Mistake, "exercise">;

const [first, carried, lengths, long] = [
  "a 0 is counted, a 1 is not",
  "what was counted is carried on",
  "it is right at odd and at even lengths",
  "it holds over 200 steps",
];
const weights: Edit[] = [
  {
    from: "const Wx = [-K, -K];",
    to: "return { Wx: [K, K], Wh: [[K / 2, K / 2], [-K / 2, -K / 2]], b: [-K / 2, -1.5 * K] };\n  const Wx = [-K, -K];",
    fails: [first, lengths, long],
  },
  { from: "[[K / 2, K / 2], [-K / 2, -K / 2]]", to: "[[0, 0], [0, 0]]", fails: [carried, lengths, long] },
  { from: "const b = [K / 2, -K / 2];", to: "const b = [K / 2, -2.5 * K];", fails: [carried, lengths, long] },
  { from: "const b = [K / 2, -K / 2];", to: "const b = [-K / 2, -1.5 * K];", fails: [first, carried, lengths, long] },
  { from: "const K = 10;", to: "const K = 2;", fails: [long] },
];

const four = `0.4621, // (2 ln 2 + 0) / 3
  0.5199, // (3 ln 2 + 0) / 4
  0.6931, // ln 2
  0.3251, // −0.9 ln 0.9 − 0.1 ln 0.1`;
const losses: Edit[] = [
  { from: four, to: "0.6667, 0.75, 1, 0.469,", fails: ["the loss is in nats"] },
  { from: four, to: "0.6931, 0.6931, 0.6931, 0.3251,", fails: ["the bit that follows from the others costs nothing"] },
  { from: four, to: "1.3863, 2.0794, 0.6931, 0.3251,", fails: ["the mean per step is taken, not the sum of a group"] },
  { from: four, to: "0.4621, 0.5199, 0.0693, 0.0325,", fails: ["nine bits of ten are worth nothing"] },
  { from: four, to: "0.4621, 0.5199, 0.0693, 0.3251,", fails: ["nine bits of ten are worth nothing"] },
  { from: four, to: "0.4621, 0.5199, 0.6931, 0.6931,", fails: ["a coin that is not fair costs less than a fair one"] },
  { from: four, to: "0.4621, 0.5199, 0.6931, 0.1054,", fails: ["both outcomes are paid for"] },
];

const [axis, mean, divisor, came] = [
  "one loss per step: the mean goes over the batch",
  "it is a mean, not a sum",
  "it is divided by the number of streams",
  "a 0 that came had the probability 1 − p",
];
const curve: Edit[] = [
  {
    from: "return sums.map((sum) => sum / batchSize);",
    to: `const wrong = zeros(batchSize);
  p.forEach((row, t) => row.forEach((q, b) => (wrong[b] -= Math.log(bits[t][b] === 1 ? q : 1 - q))));
  return wrong.map((sum) => sum / seqLen);`,
    fails: [axis, mean, divisor, came],
  },
  { from: "sum / batchSize", to: "sum", fails: [mean] },
  { from: "sum / batchSize", to: "sum / seqLen", fails: [divisor] },
  { from: "Math.log(bits[t][b] === 1 ? p[t][b] : 1 - p[t][b])", to: "Math.log(p[t][b])", fails: [came] },
];

const guessing: Edit[] = [
  {
    from: "sequences.every((bits) => saysOdd(net, bits) === isOdd(bits))",
    to: "sequences.filter((bits) => saysOdd(net, bits) === isOdd(bits)).length > sequences.length / 2",
    fails: ["the net must be right on every sequence"],
  },
  { from: "lengths.flatMap(allSequences)", to: "allSequences(lengths[0])", fails: ["every length is asked"] },
  { from: "return tries;", to: "return tries - 1;", fails: ["the net that passes counts as a try"] },
  {
    from: "874, // [4]\n  874, // [8]\n  4046, // [3]\n  4046, // [3, 4]",
    to: "873, 873, 4045, 4045,",
    fails: ["the readings are those of the experiment"],
  },
];

export const mistakes: Mistake[] = Object.entries({
  "03.1": weights,
  "03.2": losses,
  "03.3": curve,
  "03.4": guessing,
}).flatMap(([exercise, edits]) => edits.map((edit) => ({ exercise, ...edit })));
