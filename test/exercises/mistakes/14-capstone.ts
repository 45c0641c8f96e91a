import type { Mistake } from "./mistake.js";
import { wrongLetters } from "./quiz.js";

type Planted = Omit<Mistake, "exercise">[];

const [gates, state] = ["0.5, 0.75, 0.8, 0.6,", "0.9, 0.573,"];
const [input, forget, output, candidate] = [
  "the input gate",
  "the forget gate: its bias counts",
  "the output gate reads h alone",
  "the candidate goes through tanh",
];
const [cell, shown] = [
  "the forget gate keeps, the input gate writes",
  "h is the output gate's share of tanh of the new state",
];
const trace: Planted = [
  { from: gates, to: "0.731, 0.75, 0.8, 0.6,", fails: [input, cell] },
  { from: gates, to: "0.5, 0.5, 0.8, 0.6,", fails: [forget, cell] },
  { from: gates, to: "0.75, 0.5, 0.8, 0.6,", fails: [input, forget, cell], says: "changed places" },
  { from: gates, to: "0.5, 0.75, 0.351, 0.6,", fails: [output, shown] },
  { from: gates, to: "0.5, 0.75, 0.8, 0.667,", fails: [candidate, cell] },
  { from: gates, to: "0.5, 0.75, 0.8, 0,", fails: [candidate, cell] },
  { from: state, to: "0.85, 0.553,", fails: [cell] },
  { from: state, to: "1.1, 0.64,", fails: [cell] },
  { from: state, to: "0.9, 0.531,", fails: [shown] },
  { from: state, to: "0.9, 0.72,", fails: [shown] },
];

const quiz: Planted = [
  ...wrongLetters("q1", "b", "acd", "1: why the gradient of a plain RNN fades"),
  ...wrongLetters("q2", "d", "abc", "2: what parity takes"),
  ...wrongLetters("q3", "a", "bcd", "3: an entry over a hundred steps"),
  ...wrongLetters("q4", "c", "abd", "4: the gates of 1997"),
  ...wrongLetters("q5", "c", "abd", "5: a forget bias of 0"),
];

const [scales, opens, whole] = [
  "the forget gate scales what was there, and nothing else",
  "h opens on the cell state that was just written",
  "a whole sequence comes out right",
];
const update = "c = add(mul(f, c), mul(i, g));";
const mended: Planted = [
  { from: update, to: "c = mul(f, add(c, mul(i, g)));", fails: [scales, whole] },
  { from: update, to: "c = add(c, mul(f, mul(i, g)));", fails: [scales, whole] },
  { from: update, to: "c = add(c, mul(i, g));", fails: [scales, whole] },
  { from: update, to: "c = add(mul(i, c), mul(f, g));", fails: [scales, whole] },
  {
    from: `${update}\n    h = mul(o, tanh(c));`,
    to: `h = mul(o, tanh(c));\n    ${update}`,
    fails: [opens, whole],
  },
  { from: "h = mul(o, tanh(c));", to: "h = mul(o, c);", fails: [opens, whole] },
];

const tape = "the gradients are those of the tape"; // any mistake fails it
const backward: Planted = [
  { from: "d + dh[k] * o[k]", to: "0 * d + dh[k] * o[k]", fails: ["dc and what comes through h are added", tape] },
  { from: "d + dh[k] * o[k] * (1 - shown[k] ** 2)", to: "d + 0 * k", fails: ["h's gradient goes on into c", tape] },
  {
    from: "(1 - shown[k] ** 2)",
    to: "(1 - Math.atanh(shown[k]) ** 2)",
    fails: ["tanh's slope is 1 − tanh²(c)", tape],
  },
  { from: "(cPrev[k] - g[k])", to: "cPrev[k]", fails: ["f keeps cPrev and holds back g", tape] },
  { from: "(cPrev[k] - g[k])", to: "(cPrev[k] + g[k])", fails: ["f keeps cPrev and holds back g", tape] },
  {
    from: "d * (1 - f[k]) * (1 - g[k] ** 2)",
    to: "d * f[k] * (1 - g[k] ** 2)",
    fails: ["the candidate comes in with 1 − f", tape],
  },
  {
    from: "* f[k] * (1 - f[k])),\n    o: dh.map((d, k) => d * shown[k] * o[k] * (1 - o[k])),",
    to: "),\n    o: dh.map((d, k) => d * shown[k]),",
    fails: ["the sigmoids have slopes", tape],
  },
  { from: "cPrev: mul(dcAll, f)", to: "cPrev: dcAll", fails: ["cPrev's gradient is scaled by f", tape] },
];

const reading: Planted = [
  ...wrongLetters("q1", "d", "abc", "1: what the tanh RNNs have learnt"),
  ...wrongLetters("q2", "c", "abd", "2: the run that ended at 0.0803"),
  ...wrongLetters("q3", "b", "acd", "3: what the third row is for"),
  ...wrongLetters("q4", "a", "bcd", "4: what the fourth row refutes"),
  ...wrongLetters("q5", "c", "abd", "5: what the table does not support"),
];

const claims: Planted = [
  ...wrongLetters("q1", "b", "acd", "1: clipping and vanishing"),
  ...wrongLetters("q2", "d", "abc", "2: a norm above 1"),
  ...wrongLetters("q3", "c", "abd", "3: adding, and the gradient"),
  ...wrongLetters("q4", "a", "bcd", "4: the first Google Translate"),
  ...wrongLetters("q5", "a", "bcd", "5: the output gate's peephole"),
  ...wrongLetters("q6", "d", "abc", "6: equal numbers of units"),
];

const of = (exercise: string, planted: Planted): Mistake[] => planted.map((mistake) => ({ exercise, ...mistake }));

export const mistakes: Mistake[] = [
  ...of("14.1", trace),
  ...of("14.2", quiz),
  ...of("14.3", mended),
  ...of("14.4", backward),
  ...of("14.5", reading),
  ...of("14.6", claims),
];
