import type { Mistake } from "./mistake.js";

const trace: Omit<Mistake, "exercise" | "from">[] = [
  { to: "1.15, 2.15, 3.15,", fails: ["the forget gate scales the old cell state"] },
  { to: "1.4, 2.3, 3.2,", fails: ["the input gate scales the candidate"] },
  { to: "0.75, 1.05, 1.35,", fails: ["each gate acts on its own part"] },
  { to: "0.135, 0.27, 0.405,", fails: ["what is kept and what is written are added"] },
];
const numbers = `0.9 * 1 + 0.3 * 0.5,
  0.9 * 2 + 0.3 * 0.5,
  0.9 * 3 + 0.3 * 0.5,`;

const forget: Omit<Mistake, "exercise">[] = [
  { from: "[...h, ...x]", to: "[...x, ...h]", fails: ["h comes before x in [h, x]"] },
  { from: "add(matVec(W, [...h, ...x]), b)", to: "matVec(W, [...h, ...x])", fails: ["the bias is added"] },
  { from: "sigmoid(preActivation)", to: "preActivation", fails: ["a sigmoid squashes the sum"] },
  { from: "sigmoid(preActivation)", to: "tanh(preActivation)", fails: ["it is the sigmoid, not tanh"] },
];

const step: Omit<Mistake, "exercise">[] = [
  { from: "mul(sigmoid(pre.f), cPrev)", to: "cPrev", fails: ["the forget gate scales cPrev"] },
  {
    from: "mul(sigmoid(pre.f), cPrev), mul(sigmoid(pre.i)",
    to: "mul(sigmoid(pre.i), cPrev), mul(sigmoid(pre.f)",
    fails: ["f acts on cPrev, i on the candidate"],
  },
  {
    from: "const c =",
    to: "const sigmoid = (v: Vector) => v;\n  const c =",
    fails: ["the gates go through the sigmoid"],
  },
  { from: "tanh(pre.g)", to: "pre.g", fails: ["the candidate goes through tanh"] },
  { from: "tanh(pre.g)", to: "sigmoid(pre.g)", fails: ["the candidate goes through tanh"], says: "may be negative" },
  { from: "tanh(c)", to: "tanh(cPrev)", fails: ["h reads the new cell state, not cPrev"] },
  { from: "tanh(c)", to: "c", fails: ["h squashes the cell state with tanh"] },
  { from: "{ h, c };", to: "{ h: c, c: h };", fails: ["h and c come back under their own names"] },
];

const cell: Omit<Mistake, "exercise">[] = [
  {
    from: "for (const x of xs) {",
    to: "for (const x of xs) {\n    ({ h, c } = start);",
    fails: ["the state is carried from step to step"],
  },
  { from: "[...h, ...x]", to: "[...x, ...h]", fails: ["h comes before x in [h, x]"] },
  { from: "[...h, ...x]), b)", to: "[...h, ...x]), weights.input.b)", fails: ["each gate has its own bias"] },
  {
    from: "add(mul(f, c), mul(i, g))",
    to: "add(mul(i, c), mul(f, g))",
    fails: ["f acts on the old cell state, i on the candidate"],
  },
  { from: "g = tanh(", to: "g = sigmoid(", fails: ["the candidate goes through tanh"] },
  {
    from: "c = add(mul(f, c), mul(i, g)); // all four sums above have read the old h\n    h = mul(o, tanh(c));",
    to: "h = mul(o, tanh(c));\n    c = add(mul(f, c), mul(i, g));",
    fails: ["h reads the new cell state"],
  },
  { from: "mul(o, tanh(c))", to: "mul(o, c)", fails: ["h squashes the cell state with tanh"] },
  {
    from: "{ hs, cs };",
    to: "{ hs: [start.h, ...hs], cs: [start.c, ...cs] };",
    fails: ["hs and cs come back under their own names"],
    says: "the start state is in the lists",
  },
  { from: "{ hs, cs };", to: "{ hs: cs, cs: hs };", fails: ["hs and cs come back under their own names"] },
];
const settings = [
  "an open forget gate keeps, a shut input gate writes nothing",
  "a shut forget gate keeps nothing",
  "with both gates open every step adds",
  "a half-open forget gate halves what is there, at every step",
];
const four: Omit<Mistake, "exercise">[] = [
  { from: "  2,\n", to: "  4,\n", fails: [settings[0]] },
  { from: "  0.5,\n", to: "  2.5,\n", fails: [settings[1]] },
  { from: "2 + 4 * 0.5", to: "2 + 0.5", fails: [settings[2]] },
  { from: "2 + 4 * 0.5", to: "2 + 3 * 0.5", fails: [settings[2]], says: "three steps" },
  { from: "  0.5,\n", to: "  2,\n", fails: [settings[1]], says: "each candidate" },
  { from: " + 0.5 * (1 + 0.5 + 0.5 ** 2 + 0.5 ** 3)", to: " + 4 * 0.5", fails: [settings[3]], says: "only the start" },
  { from: "0.5 ** 4 * 2 + 0.5 * (1 + 0.5 + 0.5 ** 2 + 0.5 ** 3)", to: "0.5 * 2 + 4 * 0.5", fails: [settings[3]] },
];

const stacked: Omit<Mistake, "exercise">[] = [
  {
    from: "sums.slice(k * n, (k + 1) * n)",
    to: "h.map((_, j) => sums[4 * j + k])",
    fails: ["each gate has a block of rows, not every fourth row"],
  },
  {
    from: "g: tanh(block(2)), o: sigmoid(block(3))",
    to: "g: tanh(block(3)), o: sigmoid(block(2))",
    fails: ["the blocks are i, f, g, o, in this order"],
  },
  {
    from: "[...h, ...x]), b);",
    to: "[...h, ...x]), [...b.slice(0, h.length), ...b.slice(0, h.length), ...b.slice(0, h.length), ...b.slice(0, h.length)]);",
    fails: ["each gate has its own part of the bias"],
  },
  {
    from: "const n =",
    to: "const sigmoid = (v: Vector) => v;\n  const n =",
    fails: ["the gates go through the sigmoid"],
  },
  { from: "tanh(block(2))", to: "block(2)", fails: ["the candidate goes through tanh"] },
  { from: "tanh(block(2))", to: "sigmoid(block(2))", fails: ["the candidate goes through tanh"], says: "negative" },
];

const quiz: Omit<Mistake, "exercise">[] = [
  { from: 'q1: "a"', to: 'q1: "d"', fails: ["what the gates do while something is held"] },
  { from: 'q2: "b"', to: 'q2: "c"', fails: ["why the candidate may be negative"] },
  { from: 'q3: "c"', to: 'q3: "a"', fails: ["what bounds the cell state"] },
  { from: 'q4: "d"', to: 'q4: "a"', fails: ["what a shut output gate costs"] },
  { from: 'q5: "b"', to: 'q5: "c"', fails: ["one matrix or two"] },
];

const overall = "the numbers are those of PyTorch's nn.LSTM"; // any mistake fails it

export const mistakes: Mistake[] = [
  ...trace.map((mistake) => ({ exercise: "05.1", from: numbers, ...mistake })),
  ...forget.map((mistake) => ({ exercise: "05.2", ...mistake })),
  ...four.map((mistake) => ({ exercise: "05.5", ...mistake })),
  ...stacked.map((mistake) => ({ exercise: "05.6", ...mistake })),
  ...quiz.map((mistake) => ({ exercise: "05.7", ...mistake })),
  ...step.map((mistake) => ({ exercise: "05.3", ...mistake })),
  ...cell.map(({ fails, ...mistake }) => ({
    exercise: "05.4",
    ...mistake,
    fails: fails.length > 0 ? [...fails, overall] : fails,
  })),
];
