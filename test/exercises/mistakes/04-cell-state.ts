import type { Mistake } from "./mistake.js";

type Edit = Omit<Mistake, "exercise">;

const belt = `2.8, // 2 + 1 · 0.8
  2.8, // the gate is shut
  3.3, // 2.8 + 0.5 · 1
  2.9, // 3.3 − 0.4`;
const back = `1, // 1 · 1 · 1 · 1
  0.0625, // 0.5 · 0.5 · 0.5 · 0.5
  0.4, // 1 · 0.5 · 1 · 0.8`;
const trace: Edit[] = [
  { from: belt, to: "0.8, 0, 0.5, -0.4,", fails: ["what is written is added to what was there"] },
  { from: belt, to: "0.8, 0.8, 1.3, 0.9,", fails: ["it starts with what was on the belt"] },
  { from: belt, to: "2.8, 1.3, 2.3, 1.9,", fails: ["the gate opens for the candidate"] },
  { from: belt, to: "2.8, 0, 0.5, 0.1,", fails: ["the gate does not touch the belt"] },
  { from: back, to: "4, 2, 3.3,", fails: ["factors over steps are multiplied"] },
  { from: back, to: "1, 0.125, 0.5,", fails: ["there is one factor per step"] },
  { from: back, to: "1, 1, 1,", fails: ["what was there is multiplied by f"] },
];

const library = "the numbers are those of the library's cell"; // any mistake fails it
const cell: Edit[] = [
  {
    from: "add(state.c, mul(i, g))",
    to: "add(mul(i.map((v) => 1 - v), state.c), mul(i, g))",
    fails: ["the old cell state goes through whole", library],
  },
  {
    from: "[...state.h, ...state.i, ...state.o]",
    to: "[...state.h, ...state.o, ...state.i]",
    fails: ["u is h, then i, then o", library],
  },
  {
    from: "squashed(weights.candidate).map((s) => 4 * s - 2)",
    to: "squashed(weights.candidate).map((s) => Math.tanh(Math.log(s / (1 - s))))",
    fails: ["the candidate reaches from −2 to 2", library],
  },
  {
    from: "const o = squashed(weights.output);",
    to: "u.splice(3, 3, ...i);\n  const o = squashed(weights.output);\n  u.splice(3, 3, ...state.i);",
    fails: ["all gates see the step before", library],
  },
  { from: "sigmoid(c).map", to: "sigmoid(state.c).map", fails: ["h reads the new cell state", library] },
  {
    from: "sigmoid(c).map((s) => 2 * s - 1)",
    to: "c.map((v) => Math.tanh(v))",
    fails: ["h squashes with 2σ − 1", library],
  },
];

const counter: Edit[] = [
  { from: "return n - 1;", to: "return n;", fails: ["the last right count is given"] },
  { from: "f * c + 1", to: "f * (c + 1)", fails: ["the leak acts on what was there, not on the new 1"] },
  { from: "return Infinity;", to: "return limit;", fails: ["a counter without a leak counts for ever"] },
  { from: ">= 0.5", to: ">= 1", fails: ["right means off by less than a half"] },
  {
    from: "3, // f = 0.9\n  10, // f = 0.99\n  32, // f = 0.999\n  100, // f = 0.9999",
    to: "4, 11, 33, 101,",
    fails: ["the readings are those of the experiment"],
  },
];

const questions: Edit[] = [
  { from: 'q1: "c"', to: 'q1: "b"', fails: ["1: which update loses its gradient"] },
  { from: 'q2: "b"', to: 'q2: "a"', fails: ["2: the gates of 1997"] },
  { from: 'q3: "d"', to: 'q3: "a"', fails: ["3: the factor on a full belt"] },
  { from: 'q4: "a"', to: 'q4: "c"', fails: ["4: the range of the candidate"] },
  { from: 'q5: "b"', to: 'q5: "d"', fails: ["5: 0.99 over a hundred steps"] },
];

export const mistakes: Mistake[] = Object.entries({
  "04.1": trace,
  "04.2": cell,
  "04.4": counter,
  "04.5": questions,
}).flatMap(([exercise, edits]) => edits.map((edit) => ({ exercise, ...edit })));
