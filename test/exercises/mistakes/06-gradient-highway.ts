import type { Mistake } from "./mistake.js";

const numbers = `1,
  0.9,
  0.9 * 0.8,
  0.9 * 0.8 * 0.5,
  0.9 * 0.8 * 0.5 * 0.9,`;
const trace: Omit<Mistake, "exercise" | "from">[] = [
  { to: "0.9, 0.72, 0.36, 0.324, 0.1944,", fails: ["at lag 0 it is 1"] },
  { to: "1, 0.9, 1.7, 2.2, 3.1,", fails: ["the factors are multiplied"] },
  { to: "1, 0.1, 0.02, 0.01, 0.001,", fails: ["each factor is f, not 1 − f"] },
  { to: "1, 0.9, 0.45, 0.36, 0.324,", fails: ["the last step's factor comes first"] },
  { to: "1, 0.6, 0.54, 0.27, 0.216,", fails: ["the last step's factor comes first"] },
];

const tape = "the numbers are the tape's"; // any mistake fails it
const back: Omit<Mistake, "exercise">[] = [
  {
    from: "add(dc, mul(mul(dh, o)",
    to: "add(dc.map(() => 0), mul(mul(dh, o)",
    fails: ["dc collects from h and from the step after"],
  },
  { from: "oneMinus(mul(shown, shown))", to: "oneMinus(mul(c, c))", fails: ["tanh's slope at c is 1 − tanh²(c)"] },
  { from: "oneMinus(mul(g, g))", to: "oneMinus(mul(tanh(g), tanh(g)))", fails: ["the candidate's slope is 1 − g²"] },
  { from: "mul(gate, oneMinus(gate))", to: "gate.map(() => 1)", fails: ["the way back goes through the sigmoids"] },
  { from: "mul(dcAll, cPrev)", to: "mul(dcAll, c)", fails: ["the forget gate's gradient reads cPrev"] },
  {
    from: "i: mul(mul(dcAll, g), slope(i)),\n      f: mul(mul(dcAll, cPrev), slope(f)),",
    to: "f: mul(mul(dcAll, g), slope(i)),\n      i: mul(mul(dcAll, cPrev), slope(f)),",
    fails: ["each gate has its own gradient"],
  },
  { from: "dcPrev: mul(dcAll, f)", to: "dcPrev: dcAll", fails: ["f scales what goes on to cPrev"] },
  { from: "dcPrev: mul(dcAll, f)", to: "dcPrev: mul(dc, f)", fails: ["f scales what goes on to cPrev"] },
  { from: "mul(mul(dh, o)", to: "mul(dh", fails: ["dc collects from h and from the step after"] },
  { from: "oneMinus(mul(g, g))", to: "oneMinus(g)", fails: ["the candidate's slope is 1 − g²"] },
  { from: "mul(mul(dh, shown), slope(o))", to: "mul(mul(dh, c), slope(o))", fails: ["each gate has its own gradient"] },
  {
    from: "mul(mul(dh, shown), slope(o))",
    to: "mul(mul(dcAll, shown), slope(o))",
    fails: ["each gate has its own gradient"],
  },
];

const check: Omit<Mistake, "exercise">[] = [
  {
    from: "(nudged(k, eps) - nudged(k, -eps)) / (2 * eps)",
    to: "(nudged(k, eps) - nudged(k, 0)) / eps",
    fails: ["the loss is looked at on both sides"],
  },
  { from: "/ (2 * eps)", to: "/ eps", fails: ["the difference is divided by 2ε"] },
  {
    from: "j === k ? value + by : value",
    to: "j === k ? value + by : j < k ? value - eps : value",
    fails: ["one entry is nudged at a time, and then put back"],
  },
  {
    from: "Math.abs(value - claimed[k])",
    to: "value - claimed[k]",
    fails: ["the worst entry has the largest difference, whatever its sign"],
  },
  {
    from: "Math.abs(value - claimed[k])",
    to: "claimed[k] - value",
    fails: ["the worst entry has the largest difference, whatever its sign"],
  },
  {
    from: "Math.abs(value - claimed[k])",
    to: "value",
    fails: ["the worst entry has the largest difference, whatever its sign"],
  },
];

const titles = [
  "tanh's slope is taken at the right value",
  "the slope is 1 minus a square",
  "what comes from the step after is added",
  "f scales what goes to the step before",
];
const reversed: Omit<Mistake, "exercise">[] = [
  { from: "1 - Math.tanh(c) ** 2", to: "1 - c ** 2", fails: titles },
  { from: "1 - Math.tanh(c) ** 2", to: "1 - Math.tanh(c)", fails: [titles[1]] },
  { from: "slope + fromLater", to: "slope", fails: [titles[2]] },
  { from: "fromLater = dc * f", to: "fromLater = dc", fails: [titles[3]] },
];

export const mistakes: Mistake[] = [
  ...trace.map((mistake) => ({ exercise: "06.1", from: numbers, ...mistake })),
  ...back.map(({ fails, ...mistake }) => ({ exercise: "06.2", ...mistake, fails: [...fails, tape] })),
  ...check.map((mistake) => ({ exercise: "06.3", ...mistake })),
  ...reversed.map((mistake) => ({ exercise: "06.4", ...mistake })),
];
