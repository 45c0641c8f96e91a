import type { Mistake } from "./mistake.js";

type Slip = Omit<Mistake, "exercise">;

const forward = (i: string, f: string, o: string): string =>
  `const i = ${i};
  const f = ${f};
  const g = tanh(a.g);
  const c = add(mul(f, cPrev), mul(i, g));
  const o = ${o};`;
const right = forward(
  "sigmoid(add(a.i, mul(p.i, cPrev)))",
  "sigmoid(add(a.f, mul(p.f, cPrev)))",
  "sigmoid(add(a.o, mul(p.o, c)))",
);
const peepholes: Slip[] = [
  {
    from: right,
    to: forward("sigmoid(add(a.i, p.i))", "sigmoid(add(a.f, p.f))", "sigmoid(add(a.o, p.o))"),
    fails: ["a peephole is a weight on c, not a bias"],
  },
  {
    from: right,
    to: forward(
      "add(sigmoid(a.i), mul(p.i, cPrev))",
      "add(sigmoid(a.f), mul(p.f, cPrev))",
      "add(sigmoid(a.o), mul(p.o, c))",
    ),
    fails: ["a peephole acts before the sigmoid"],
  },
  { from: "const i =", to: "p = { i: p.i, f: p.i, o: p.i };\n  const i =", fails: ["each gate has its own peephole"] },
  { from: "tanh(a.g)", to: "a.g", fails: ["the candidate goes through tanh"] },
  { from: "tanh(a.g)", to: "sigmoid(a.g)", fails: ["the candidate goes through tanh"], says: "may be negative" },
  { from: "mul(p.o, c))", to: "mul(p.o, cPrev))", fails: ["the output gate sees the new cell state"] },
  { from: "mul(o, tanh(c))", to: "mul(o, c)", fails: ["h squashes the cell state with tanh"] },
];

const gru: Slip[] = [
  {
    from: "add(mul(z, h), mul(oneMinus(z), n))",
    to: "add(mul(oneMinus(z), h), mul(z, n))",
    fails: ["z keeps the past, 1 - z lets in the candidate"],
  },
  {
    from: "sigmoid(sum(weights.update));\n  const r = sigmoid(sum(weights.reset));",
    to: "sigmoid(sum(weights.reset));\n  const r = sigmoid(sum(weights.update));",
    fails: ["the update gate and the reset gate have their own weights"],
  },
  { from: "const n = tanh(", to: "const n = add(", fails: ["the candidate goes through tanh"] },
  { from: "const n = tanh(", to: "const n = sigmoid(", fails: ["the candidate goes through tanh"], says: "negative" },
  {
    from: "matVec(Wh, mul(r, h)) :",
    to: "mul(r, matVec(Wh, h)) :",
    fails: ["before: the reset gate acts on h, before the product"],
  },
  {
    from: ": mul(r, add(matVec(Wh, h), bh))",
    to: ": matVec(Wh, mul(r, h))",
    fails: ["after: the reset gate acts on the product"],
  },
  {
    from: "mul(r, add(matVec(Wh, h), bh))",
    to: "add(mul(r, matVec(Wh, h)), bh)",
    fails: ["after: the second bias is scaled by the reset gate too"],
  },
];

const coupled: Slip[] = [
  { from: "c - g[k]", to: "c", fails: ["opening the gate takes from the candidate too"] },
  { from: "c - g[k]", to: "g[k] - c", fails: ["opening the gate brings more of the old state"] },
  {
    from: "mul(delta, difference, f, oneMinus(f))",
    to: "mul(delta, difference)",
    fails: ["the gate's gradient goes through the sigmoid"],
  },
  {
    from: "ag: mul(delta, oneMinus(f), ",
    to: "ag: mul(delta, f, ",
    fails: ["the candidate was scaled by 1 - f"],
  },
  {
    from: "ag: mul(delta, oneMinus(f), oneMinus(mul(g, g)))",
    to: "ag: mul(delta, oneMinus(f))",
    fails: ["the candidate's gradient goes through tanh"],
  },
  { from: "cPrev: mul(delta, f)", to: "cPrev: mul(delta, oneMinus(f))", fails: ["the old state was scaled by f"] },
];

const everyCheck = [
  "a shut gate keeps the past",
  "the candidate sees the past through the gate",
  "the candidate goes through tanh",
  "h comes before x in [h, x]",
];
const minimal: Slip[] = [
  { from: "add(mul(oneMinus(f), h), mul(f, n))", to: "add(mul(f, h), mul(oneMinus(f), n))", fails: everyCheck },
  { from: "...mul(f, h), ...x", to: "...h, ...x", fails: ["the candidate sees the past through the gate"] },
  {
    from: "...mul(f, h), ...x",
    to: "...mul(oneMinus(f), h), ...x",
    fails: ["the candidate sees the past through the gate"],
    says: "stands as it is",
  },
  { from: "const n = tanh(", to: "const n = add(", fails: ["the candidate goes through tanh"] },
  {
    from: "[...h, ...x]), forget.b));\n  const n = tanh(add(matVec(candidate.W, [...mul(f, h), ...x])",
    to: "[...x, ...h]), forget.b));\n  const n = tanh(add(matVec(candidate.W, [...x, ...mul(f, h)])",
    fails: ["h comes before x in [h, x]"],
  },
];

const of = (exercise: string, slips: readonly Slip[]): Mistake[] => slips.map((slip) => ({ exercise, ...slip }));
export const mistakes: Mistake[] = [
  ...of("09.1", peepholes),
  ...of("09.2", gru),
  ...of("09.3", coupled),
  ...of("09.4", minimal),
];
