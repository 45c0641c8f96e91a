import type { Mistake } from "./mistake.js";

type Planted = Omit<Mistake, "exercise">[];

const stacked: Planted = [
  {
    from: "run(inputs, layer)",
    to: "run(xs, layer)",
    fails: ["a layer reads the hidden states of the one below"],
  },
  { from: "run(inputs, layer)", to: "run(inputs, layers[0])", fails: ["each layer has its own weights"] },
  {
    from: "outputs: inputs, final",
    to: "outputs: run(xs, layers[0]), final",
    fails: ["the outputs are the top layer's"],
  },
  {
    from: "inputs, final }",
    to: "inputs, final: final.slice(-1) }",
    fails: ["final has the last state of every layer"],
  },
  {
    from: "inputs, final }",
    to: "inputs, final: final.reverse() }",
    fails: ["final has the last state of every layer"],
    says: "top layer first",
  },
  {
    from: "inputs, final }",
    to: "inputs, final: inputs }",
    fails: ["final has the last state of every layer"],
    says: "states of all steps",
  },
];

const bidirectional: Planted = [
  {
    from: "const back = run([...real].reverse(), backward).reverse();",
    to: "const back = run([...xs].reverse(), backward).reverse();",
    fails: ["the backward cell starts at the last real step"],
  },
  { from: "backward).reverse()", to: "backward)", fails: ["the backward states are turned round again"] },
  { from: "reverse(), backward)", to: "reverse(), forward)", fails: ["each direction has its own weights"] },
  { from: "[...there[t], ...back[t]]", to: "[...back[t], ...there[t]]", fails: ["forward comes first in each output"] },
  {
    from: "return xs.map((_, t)",
    to: "return real.map((_, t)",
    fails: ["past the end the output is zero"],
    says: "missing",
  },
  {
    from: "const real = xs.slice(0, length);\n  const there = run(real, forward);\n  const back = run([...real].reverse(), backward).reverse();",
    to: `const turned = <T>(a: T[]): T[] => [...a.slice(0, length).reverse(), ...a.slice(length)];
  const there = run(xs, forward);
  const back = turned(run(turned(xs), backward));
  length = xs.length;`,
    fails: ["past the end the output is zero"],
  },
];

const shapes: Planted = [
  { from: "8, 3, 12,", to: "8, 3, 6,", fails: ["output joins both directions"] },
  { from: "8, 3, 12,", to: "8, 3, 24,", fails: ["output shows the top layer alone"] },
  { from: "8, 3, 12,", to: "3, 8, 12,", fails: ["time comes before the batch"] },
  { from: "4, 3, 6,", to: "2, 3, 6,", fails: ["h_n has one state per layer and direction"] },
  { from: "4, 3, 6,", to: "2, 3, 12,", fails: ["h_n keeps the directions apart"] },
  { from: "24, 12,", to: "6, 12,", fails: ["four gates lie below each other"] },
  { from: "24, 12,", to: "24, 4,", fails: ["layer 1 reads both directions of layer 0"] },
  { from: "24, 12,", to: "12, 24,", fails: ["a row belongs to an output"] },
];

const [lastStep, realLoss] = [
  "the state at each sequence's last real step is read",
  "the loss is the average over the real steps",
];
const lengths: Planted = [
  { from: "states[lengths[s] - 1]", to: "states.at(-1)!", fails: [lastStep] },
  { from: "states[lengths[s] - 1]", to: "states[lengths[s]]", fails: [lastStep] },
  { from: "states[lengths[s] - 1]", to: "states[Math.max(...lengths) - 1]", fails: [lastStep] },
  { from: "row.slice(0, lengths[s])", to: "row", fails: [realLoss] },
  { from: "/ real.length", to: "/ losses.flat().length", fails: [realLoss] },
  {
    from: "const loss = real.reduce((sum, value) => sum + value, 0) / real.length;",
    to: `const mean = (v: Vector): number => v.reduce((sum, value) => sum + value, 0) / v.length;
  const loss = mean(losses.map((row, s) => mean(row.slice(0, lengths[s]))));`,
    fails: [realLoss],
  },
];

const dropout: Planted = [
  {
    from: "above = step(training ? thinned : below, above, upper);",
    to: "below = training ? thinned : below;\n    above = step(below, above, upper);",
    fails: ["the recurrent path stays whole"],
  },
  { from: "value / (1 - rate)", to: "value", fails: ["what stays is scaled by 1 / (1 − rate)"] },
  { from: "value / (1 - rate)", to: "value / rate", fails: ["what stays is scaled by 1 / (1 − rate)"] },
  { from: "u[t][k] < rate", to: "u[t][k] >= rate", fails: ["u < rate means dropped"] },
  { from: "u[t][k]", to: "u[0][k]", fails: ["every step chooses anew"] },
  {
    from: "return above;",
    to: "return training ? above.map((value, k) => (u[t][k] < rate ? 0 : value / (1 - rate))) : above;",
    fails: ["the upper layer's output stays whole"],
  },
  { from: "training ? thinned : below", to: "thinned", fails: ["nothing is dropped unless training"] },
];

const overall = "the numbers are those that PyTorch computed"; // any mistake fails it
const pytorch: Planted = [
  {
    from: "const [i, f, g, o] = [sigmoid(part(0)), sigmoid(part(1)), tanh(part(2)), sigmoid(part(3))]",
    to: "const [i, f, o, g] = [sigmoid(part(0)), sigmoid(part(1)), sigmoid(part(2)), tanh(part(3))]",
    fails: ["the candidate comes third, the output gate fourth", overall],
  },
  {
    from: "tanh(part(2))",
    to: "sigmoid(part(2))",
    fails: ["the candidate comes third, the output gate fourth", overall],
    says: "goes through tanh",
  },
  {
    from: "sigmoid(part(0)), sigmoid(part(1))",
    to: "sigmoid(part(1)), sigmoid(part(0))",
    fails: ["the input gate comes first, the forget gate second", overall],
  },
  {
    from: "pre.slice(place * n, (place + 1) * n)",
    to: "h.map((_, k) => pre[4 * k + place])",
    fails: ["a gate's rows lie together", overall],
  },
  {
    from: "add(matVec(W.weight_ih_l0, x), W.bias_ih_l0)",
    to: "matVec(W.weight_ih_l0, x)",
    fails: ["bias_ih_l0 is added", overall],
  },
  {
    from: "add(matVec(W.weight_hh_l0, h), W.bias_hh_l0)",
    to: "matVec(W.weight_hh_l0, h)",
    fails: ["bias_hh_l0 is added", overall],
  },
  {
    from: "matVec(W.weight_hh_l0, h)",
    to: "W.weight_hh_l0.map((_, r) => h.reduce((sum, v, k) => sum + v * W.weight_hh_l0[r - (r % n) + k][r % n], 0))",
    fails: ["a row of weight_hh_l0 belongs to an output", overall],
  },
  {
    from: "for (const x of xs) {",
    to: "for (const x of xs) {\n    [h, c] = [h0, c0];",
    fails: ["the state is carried from step to step", overall],
  },
  {
    from: "c = add(mul(f, c), mul(i, g));\n    h = mul(o, tanh(c));",
    to: "h = mul(o, tanh(c));\n    c = add(mul(f, c), mul(i, g));",
    fails: ["h reads the new cell state", overall],
  },
  { from: "hn: h, cn: c", to: "hn: c, cn: h", fails: ["hn and cn come back under their own names", overall] },
];

const of = (exercise: string, planted: Planted): Mistake[] => planted.map((mistake) => ({ exercise, ...mistake }));

export const mistakes: Mistake[] = [
  ...of("11.1", stacked),
  ...of("11.2", bidirectional),
  ...of("11.3", shapes),
  ...of("11.4", lengths),
  ...of("11.5", dropout),
  ...of("11.6", pytorch),
];
