import type { Mistake } from "./mistake.js";

type Slip = Omit<Mistake, "exercise">;

const lives: Slip[] = [
  { from: "Math.log(sigmoid(bias))", to: "Math.log(bias)", fails: ["the bias goes through the sigmoid"] },
  {
    from: "Math.log(0.5) / Math.log(sigmoid(bias))",
    to: "Math.log(sigmoid(bias)) / Math.log(0.5)",
    fails: ["the fraction is the right way up"],
  },
  { from: "Math.log(0.5) / ", to: "-1 / ", fails: ["one half is left, not 1/e"] },
  {
    from: "Math.log(0.5) / Math.log(sigmoid(bias))",
    to: "0.5 / (1 - sigmoid(bias))",
    fails: ["every step multiplies"],
  },
  { from: "Math.log(f / (1 - f))", to: "f", fails: ["the bias undoes the sigmoid"] },
  { from: "f / (1 - f)", to: "(1 - f) / f", fails: ["the logit is the right way up"] },
  { from: "0.5 ** (1 / steps)", to: "1 - 1 / steps", fails: ["f to the power of the steps is one half"] },
];

const fused: Slip[] = [
  { from: "k >= size && k < 2 * size", to: "false", fails: ["the forget gate's bias is set"] },
  { from: "k >= size && k < 2 * size", to: "k < size", fails: ["the forget gate does not come first"] },
  {
    from: "k >= size && k < 2 * size",
    to: "k >= 2 * size && k < 3 * size",
    fails: ["the forget gate comes before the candidate"],
  },
  { from: "isForget(k) ? 0", to: "isForget(k) ? value", fails: ["the two biases do not add up twice"] },
  { from: "isForget(k) ? 0 : b", to: "b", fails: ["bias_hh gives up its part"] },
  { from: "k >= size && k < 2 * size", to: "k >= 0", fails: ["the other gates keep theirs"] },
];

const chrono: Slip[] = [
  { from: "Math.log(1 + u * (tMax - 2))", to: "1 + u * (tMax - 2)", fails: ["the logarithm makes a bias of a time"] },
  { from: "1 + u * (tMax - 2)", to: "u * (tMax - 2)", fails: ["no time is below one step"] },
  { from: "tMax - 2", to: "tMax - 1", fails: ["the longest time is tMax - 1"] },
  { from: "1 + u * (tMax - 2)", to: "tMax - 1", fails: ["each unit has a time of its own"] },
  { from: "forget.map((b) => -b)", to: "forget", fails: ["the input gate starts shut, not open"] },
];

const everyCheck = [
  "a new text starts from nothing",
  "a text goes on from piece to piece",
  "both h and c start from nothing",
  "the state is cleared before the piece that is fresh",
];
const pieces: Slip[] = [
  { from: "if (fresh) ", to: "if (!pieces) ", fails: everyCheck },
  { from: "if (fresh) ", to: "", fails: ["a text goes on from piece to piece"] },
  {
    from: "return xs.map((x) => {",
    to: "return xs.map((x) => {\n      if (fresh) state = { h: 0, c: 0 };",
    fails: ["a text goes on from piece to piece"],
    says: "at every step",
  },
  {
    from: "if (fresh) state = { h: 0, c: 0 }",
    to: "if (fresh) state.h = 0",
    fails: ["both h and c start from nothing"],
  },
  {
    from: "if (fresh) state = { h: 0, c: 0 };\n    return xs.map((x) => {\n      state = lstmStep(x, state, weights);\n      return state.h;\n    });",
    to: "const hs = xs.map((x) => (state = lstmStep(x, state, weights)).h);\n    if (fresh) state = { h: 0, c: 0 };\n    return hs;",
    fails: ["the state is cleared before the piece that is fresh"],
  },
];

const quiz: Slip[] = [
  { from: 'q1: "d"', to: 'q1: "b"', fails: ["1: writing without a forget gate"] },
  { from: 'q1: "d"', to: 'q1: "c"', fails: ["1: writing without a forget gate"] },
  { from: 'q2: "c"', to: 'q2: "d"', fails: ["2: writing with a forget gate at 0.9"] },
  { from: 'q3: "b"', to: 'q3: "a"', fails: ["3: writing into a large cell state"] },
  { from: 'q4: "c"', to: 'q4: "d"', fails: ["4: what mends the endless stream"] },
  { from: 'q5: "b"', to: 'q5: "a"', fails: ["5: a large bias where strings are short"] },
];

const of = (exercise: string, slips: readonly Slip[]): Mistake[] => slips.map((slip) => ({ exercise, ...slip }));
export const mistakes: Mistake[] = [
  ...of("08.1", lives),
  ...of("08.2", fused),
  ...of("08.3", chrono),
  ...of("08.4", pieces),
  ...of("08.5", quiz),
];
