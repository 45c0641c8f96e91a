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
  { from: "{ hs, cs };", to: "{ hs: cs, cs: hs };", fails: ["hs and cs come back under their own names"] },
];
const overall = "the numbers are those of PyTorch's nn.LSTM"; // any mistake fails it

export const mistakes: Mistake[] = [
  ...trace.map((mistake) => ({ exercise: "05.1", from: numbers, ...mistake })),
  ...forget.map((mistake) => ({ exercise: "05.2", ...mistake })),
  ...step.map((mistake) => ({ exercise: "05.3", ...mistake })),
  ...cell.map(({ fails, ...mistake }) => ({
    exercise: "05.4",
    ...mistake,
    fails: fails.length > 0 ? [...fails, overall] : fails,
  })),
];
