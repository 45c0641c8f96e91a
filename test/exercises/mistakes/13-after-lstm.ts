import type { Mistake } from "./mistake.js";

type Planted = Omit<Mistake, "exercise">[];

const attention: Planted = [
  {
    from: "return { weights, contexts };",
    to: `const scores = queries.map((q) => hs.slice(0, length).map((h) => dot(q, h)));
  const columns = hs.map((_, t) => (t < length ? softmax(scores.map((row) => row[t])) : zeros(queries.length)));
  const turned = queries.map((_, j) => columns.map((column) => column[j]));
  const summed = turned.map((row) => hs[0].map((_, k) => row.reduce((sum, a, t) => sum + a * hs[t][k], 0)));
  return { weights: turned, contexts: summed };`,
    fails: ["the shares are over time"],
  },
  {
    from: "softmax(hs.map((h, t) => (t < length ? dot(q, h) : -Infinity)))",
    to: "hs.map((h, t) => (t < length ? dot(q, h) : 0))",
    fails: ["scores become shares by the softmax"],
  },
  { from: "dot(q, h)", to: "dot(q, h) / Math.sqrt(q.length)", fails: ["the scores are plain dot products"] },
  { from: "t < length ? dot(q, h) : -Infinity", to: "dot(q, h)", fails: ["padding is out of sight"] },
  {
    from: "return { weights, contexts };",
    to: "return { weights: weights.map((row) => row.slice(0, length)), contexts };",
    fails: ["padding is out of sight"],
    says: "are missing",
  },
  { from: "-Infinity", to: "0", fails: ["a padded score is −Infinity, not 0"] },
  {
    from: "softmax(hs.map((h, t) => (t < length ? dot(q, h) : -Infinity)))",
    to: "softmax(hs.map((h) => dot(q, h))).map((a, t) => (t < length ? a : 0))",
    fails: ["padding is out before the shares are made"],
  },
  {
    from: "shares.reduce((sum, a, t) => sum + a * hs[t][k], 0)",
    to: "shares.reduce((sum, a, t) => sum + (t < length ? hs[t][k] / length : 0), 0)",
    fails: ["each state counts with its weight"],
  },
];

const highway = "0.1 * 0.5 + 0.9 * 2,\n  0.8 * 0.5 + 0.2 * -1,";
const [glu, left] = ["2 * 0.5,\n  -3 * 0.75,", "0.95 ** 20,"];
const gates: Planted = [
  { from: highway, to: "0.65, -0.7,", fails: ["t scales what is new, 1 − t what is there"] },
  { from: highway, to: "2.05, -0.6,", fails: ["x is carried by 1 − t, not whole"] },
  { from: highway, to: "0.05, 0.4,", fails: ["x is carried by 1 − t, not whole"] },
  { from: glu, to: "0, -3.296,", fails: ["the gate is squashed by the sigmoid"] },
  { from: glu, to: "0, -2.4,", fails: ["the gate is squashed by the sigmoid"] },
  { from: glu, to: "0.482, -0.7463,", fails: ["the value goes through unsquashed"] },
  { from: left, to: "0,", fails: ["each layer takes its share of what is left"] },
  { from: left, to: "1 - 0.95 ** 20,", fails: ["each layer takes its share of what is left"] },
  { from: left, to: "0.05 ** 20,", fails: ["each layer takes its share of what is left"] },
];

const [step, looking] = [
  "an LSTM step uses every weight once, whatever t is",
  "an attention step compares and adds up",
];
const [state, cache] = ["the LSTM keeps h and c, whatever t is", "attention keeps a key and a value of every step"];
const costs: Planted = [
  { from: "4 * 64 * (64 + 64)", to: "64 * (64 + 64)", fails: [step] },
  { from: "4 * 64 * (64 + 64)", to: "4 * 64 * 64", fails: [step] },
  { from: "4 * 64 * (64 + 64)", to: "1000 * 4 * 64 * (64 + 64)", fails: [step] },
  { from: "1000 * 64 + 1000 * 64", to: "1000 * 64", fails: [looking] },
  { from: "1000 * 64 + 1000 * 64", to: "2 * 64 * 1000 * 1000", fails: [looking] },
  { from: "  64 + 64,", to: "  64,", fails: [state] },
  { from: "  64 + 64,", to: "  1000 * 128,", fails: [state] },
  { from: "1000 * 64 * 2", to: "1000 * 64", fails: [cache] },
  { from: "1000 * 64 * 2", to: "128", fails: [cache] },
  { from: "257", to: "256", fails: ["the first step with more, not with as many"] },
  { from: "257", to: "513", fails: ["the first step with more, not with as many"] },
];

const [carried, forced, own, stops] = [
  "the state is carried from step to step",
  "in training the target of the step before is read",
  "in use its own last choice is read",
  "it stops when it has chosen end, and end is part of the answer",
];
const decoding: Planted = [
  { from: "decoderStep(read, h, decoder)", to: "decoderStep(read, h0, decoder)", fails: [carried, own, stops] },
  { from: "targets ? targets[t] : chosen", to: "chosen", fails: [forced] },
  {
    from: "const step = decoderStep(read, h, decoder);",
    to: "const step = decoderStep(targets ? targets[t] : read, h, decoder);",
    fails: [forced],
  },
  { from: "targets ? targets[t] : chosen", to: "targets ? (targets[t + 1] ?? begin) : chosen", fails: [forced] },
  { from: "if (!targets && chosen === end) break;", to: "if (chosen === end) break;", fails: [forced] },
  { from: "targets ? targets[t] : chosen", to: "targets ? targets[t] : begin", fails: [own, stops] },
  { from: "if (!targets && chosen === end) break;", to: "", fails: [stops] },
  {
    from: "symbols.push(chosen);",
    to: "if (!targets && chosen === end) break;\n    symbols.push(chosen);",
    fails: [stops],
  },
];

const of = (exercise: string, planted: Planted): Mistake[] => planted.map((mistake) => ({ exercise, ...mistake }));

export const mistakes: Mistake[] = [
  ...of("13.1", attention),
  ...of("13.2", gates),
  ...of("13.3", costs),
  ...of("13.4", decoding),
];
