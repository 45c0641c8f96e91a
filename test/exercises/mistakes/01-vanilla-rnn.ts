import type { Mistake } from "./mistake.js";

type Edit = Omit<Mistake, "exercise">;

const numbers = /* the worked solution's three rows */ `0.537, // tanh(1 · 1 + 0.5 · 0 − 0.4) = tanh 0.6
  0.9535, // tanh(1 · 2 + 0.5 · 0.537 − 0.4) = tanh 1.8685
  -0.7272, // tanh(1 · (−1) + 0.5 · 0.9535 − 0.4) = tanh(−0.9232)`;
const trace: Edit[] = [
  { from: numbers, to: "0.0997, 0.6044, -0.2871,", fails: ["the input gets w_x, the past gets w_h"] },
  { from: numbers, to: "0.7616, 0.983, -0.4691,", fails: ["the bias is added at every step"] },
  { from: numbers, to: "0.537, 0.9217, -0.8854,", fails: ["the state is carried on"] },
  { from: numbers, to: "0.537, 0.9562, -0.4219,", fails: ["what is carried on has been squashed"] },
  { from: numbers, to: "0.6, 1.9, -0.45,", fails: ["tanh squashes the sum"] },
];

const step: Edit[] = [
  { from: "add(times(x, Wx), times(h, Wh))", to: "times(x, Wx)", fails: ["the past comes in through W_h"] },
  { from: "times(h, Wh)", to: "times(h, transpose(Wh))", fails: ["W_h goes from the old unit to the new one"] },
  {
    from: "add(add(times(x, Wx), times(h, Wh)), b)",
    to: "add(times(x, Wx), times(h, Wh))",
    fails: ["the bias is added"],
  },
  {
    from: "preActivation = add(add(times(x, Wx), times(h, Wh)), b);\n  return tanh(preActivation)",
    to: "sum = add(times(x, Wx), times(h, Wh));\n  return add(tanh(sum), b)",
    fails: ["the bias comes before the squashing"],
  },
  { from: "return tanh(preActivation)", to: "return preActivation", fails: ["tanh squashes the sum"] },
  {
    from: "return tanh(preActivation)",
    to: "return preActivation.map((a) => 1 / (1 + Math.exp(-a)))",
    fails: ["it is tanh, not the logistic function"],
  },
];

const sequence: Edit[] = [
  { from: "const hs: Vector[] = [];", to: "const hs: Vector[] = [h0];", fails: ["there is one state per input"] },
  { from: "rnnStep(x, h, Wx", to: "rnnStep(x, h0, Wx", fails: ["the state is carried from step to step"] },
  { from: "let h = h0;", to: "let h = zeros(h0.length);", fails: ["it starts at h0"] },
  {
    from: "h = rnnStep(x, h, Wx, Wh, b);",
    to: "rnnStep(x, h, Wx, Wh, b).forEach((v, k) => (h[k] = v));",
    fails: ["each state is the one after its input"],
  },
  { from: "hs.push(h);", to: "hs.unshift(h);", fails: ["the states are in order of time"] },
];

const overall = "the gradients are those of the tape"; // any mistake fails it
const backward: Edit[] = [
  {
    from: "add(sub(hs[t], ys[t]), fromAfter)",
    to: "t === xs.length - 1 ? sub(hs[t], ys[t]) : fromAfter",
    fails: ["a step's own miss is added to what comes back", overall],
  },
  {
    from: "add(sub(hs[t], ys[t]), fromAfter)",
    to: "sub(hs[t], ys[t])",
    fails: ["the gradient comes back from the steps after", overall],
  },
  {
    from: "times(delta, transpose(Wh))",
    to: "times(delta, Wh)",
    fails: ["it comes back along the wires, the other way", overall],
  },
  { from: "mul(dh, hs[t].map((h) => 1 - h * h))", to: "dh", fails: ["the slope of tanh is taken", overall] },
  {
    from: "1 - h * h",
    to: "1 - Math.tanh(h) ** 2",
    fails: ["the slope of tanh is told from its answer", overall],
  },
  {
    from: "outer(before, delta)",
    to: "outer(hs[t], delta)",
    fails: ["W_h gets the state before, not the state after", overall],
  },
  {
    from: "dWx = add(dWx, outer(xs[t], delta));\n    dWh = add(dWh, outer(before, delta));\n    db = add(db, delta);",
    to: "dWx = outer(xs[t], delta);\n    dWh = outer(before, delta);\n    db = delta;",
    fails: ["a weight's gradient is the sum over all steps", overall],
  },
];

const loop = "for (const x of xs) {";
const leak: Edit[] = [
  {
    from: "const answers: Vector[] = [];\n  for (const xs of sequences) {\n    let h = zeros(b.length);",
    to: "const answers: Vector[] = [];\n  let h = zeros(b.length);\n  for (const xs of sequences) {",
    fails: [
      "a sequence gets the same answer wherever it stands",
      "within a sequence the state is carried on",
      "each sequence is answered after its last step",
    ],
  },
  { from: loop, to: `${loop}\n      h = zeros(b.length);`, fails: ["within a sequence the state is carried on"] },
  {
    from: loop,
    to: "for (const x of xs.slice(0, 1)) {",
    fails: ["each sequence is answered after its last step"],
  },
];

export const mistakes: Mistake[] = Object.entries({
  "01.1": trace,
  "01.2": step,
  "01.3": sequence,
  "01.4": backward,
  "01.5": leak,
}).flatMap(([exercise, edits]) => edits.map((edit) => ({ exercise, ...edit })));
