import { full, LSTMCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";

test("LSTMCell.step: one unit, worked by hand", () => {
  const cell = new LSTMCell(1, 1);
  const weights = {
    inputGate: [0.5, -1, 0.1],
    forgetGate: [1, 0.5, 1],
    outputGate: [-0.5, 2, 0],
    candidate: [2, 1, -0.2],
  };
  for (const [gate, [wx, wh, b]] of Object.entries(weights)) {
    const parameters = cell.parameters();
    parameters[`${gate}.Wx`].data[0] = wx;
    parameters[`${gate}.Wh`].data[0] = wh;
    parameters[`${gate}.b`].data[0] = b;
  }
  const { i, f, o, g, c, h } = cell.step(tensor([[1]]), { h: tensor([[0.5]]), c: tensor([[2]]) });
  // pre-activations: i 0.5·1 − 1·0.5 + 0.1 = 0.1;  f 1 + 0.25 + 1 = 2.25;  o −0.5 + 1 + 0 = 0.5;  g 2 + 0.5 − 0.2 = 2.3
  const gates = { i: 0.52497918747894, f: 0.904650535100891, o: 0.622459331201855, g: 0.980096396266191 };
  expect([[i.item(), f.item(), o.item(), g.item()]]).toBeAllClose([[gates.i, gates.f, gates.o, gates.g]], {
    rtol: 1e-12,
  });
  // c = 0.904650535100891 · 2 + 0.52497918747894 · 0.980096396266191 = 2.323831279935…
  expect(c.item()).toBeCloseTo(2.3238312799, 9);
  expect(h.item()).toBeCloseTo(0.622459331201855 * Math.tanh(2.3238312799), 9);
});

test("LSTMCell.step: forget gate open and input gate shut leave the cell state alone", () => {
  const cell = new LSTMCell(2, 3, { rng: seededRng(1) });
  cell.forgetGate.b.data.fill(50);
  cell.inputGate.b.data.fill(-50);
  const c = tensor([[1, -2, 3]]);
  const xs = Array.from({ length: 100 }, () => full(1, 2, 1));
  const steps = unroll(cell, xs, { h: zeros(1, 3), c });
  expect(steps[99].c).toBeAllClose(c.tolist());
});

test("LSTMCell.step: forget gate shut and input gate open replace the cell state by the candidate", () => {
  const cell = new LSTMCell(1, 2, { rng: seededRng(1) });
  cell.forgetGate.b.data.fill(-50);
  cell.inputGate.b.data.fill(50);
  const { c, g } = cell.step(tensor([[0.3]]), { h: zeros(1, 2), c: full(1, 2, 9) });
  expect(c).toBeAllClose(g.tolist());
});

test("LSTMCell: the forget gate's bias starts at 1, the others at 0; forgetBias moves it", () => {
  const biases = (cell: LSTMCell) =>
    [cell.inputGate, cell.forgetGate, cell.outputGate, cell.candidate].map(({ b }) => b.data[0]);
  expect(biases(new LSTMCell(1, 1))).toEqual([0, 1, 0, 0]);
  expect(biases(new LSTMCell(1, 1, { forgetBias: 5 }))).toEqual([0, 5, 0, 0]);
});

describe("LSTMCell: gradients equal central differences", () => {
  holdGradients(() => new LSTMCell(2, 3, { rng: seededRng(7) }));
});

test("LSTMCell: refuses what does not fit, and says what would", () => {
  const cell = new LSTMCell(3, 2);
  const state = cell.initialState(2);
  expect(() => cell.step(zeros(2, 5), state)).toThrow("x must be [batchSize, 3], got [2, 5]");
  expect(() => cell.step(zeros(4, 3), state)).toThrow("h must be [4, 2], got [2, 2]");
  expect(() => cell.step(zeros(2, 3), { ...state, c: zeros(2, 9) })).toThrow("c must be [2, 2], got [2, 9]");
  expect(() => new LSTMCell(3, 0)).toThrow("cell: hiddenSize must be an integer >= 1, got 0");
  // @ts-expect-error: a misspelt option
  expect(() => new LSTMCell(3, 2, { forgetbias: 1 })).toThrow(
    'LSTMCell: unknown option "forgetbias"; did you mean forgetBias?',
  );
  expect(() => new LSTMCell(3, 2, { forgetBias: Number.NaN })).toThrow(
    "LSTMCell: forgetBias must be a finite number, got NaN",
  );
});
