import { CoupledLSTMCell, full, LSTMCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";
import { filled } from "./kinds.js";

test("CoupledLSTMCell.step: one unit, worked by hand", () => {
  const cell = filled(new CoupledLSTMCell(1, 1), {
    forgetGate: { Wx: 1, Wh: 0.5, b: 1 },
    outputGate: { Wx: -0.5, Wh: 2 },
    candidate: { Wx: 2, Wh: 1, b: -0.2 },
  });
  const { i, f, c, h } = cell.step(tensor([[1]]), { h: tensor([[0.5]]), c: tensor([[2]]) });
  // pre-activations: f 1 + 0.25 + 1 = 2.25;  o −0.5 + 1 = 0.5;  g 2 + 0.5 − 0.2 = 2.3
  expect(f.item()).toBeCloseTo(0.9046505351008906, 14);
  expect(i.item()).toBeCloseTo(0.0953494648991095, 14);
  expect(c.item()).toBeCloseTo(1.902752737135308, 14); // f·2 + (1 − f)·0.98009…
  expect(h.item()).toBeCloseTo(0.5953652329462791, 14);
});

test("CoupledLSTMCell: a gate at 1 keeps the cell state, at 0 replaces it by the candidate", () => {
  const cell = new CoupledLSTMCell(2, 3, { rng: seededRng(1) });
  cell.forgetGate.b.data.fill(50);
  const c = tensor([[0.1, -0.2, 0.3]]);
  const xs = Array.from({ length: 50 }, () => full(1, 2, 1));
  expect(unroll(cell, xs, { h: zeros(1, 3), c })[49].c).toBeAllClose(c.tolist());
  cell.forgetGate.b.data.fill(-50);
  const step = cell.step(full(1, 2, 1), { h: zeros(1, 3), c });
  expect(step.c).toBeAllClose(step.g.tolist());
});

test("CoupledLSTMCell is an LSTMCell whose input gate has the forget gate's weights with the sign turned", () => {
  const coupled = new CoupledLSTMCell(2, 3, { rng: seededRng(2) });
  const lstm = new LSTMCell(2, 3);
  const weights = coupled.parameters();
  for (const [name, { data }] of Object.entries(lstm.parameters())) {
    const turned = name.startsWith("inputGate");
    const source = weights[name.replace("inputGate", "forgetGate")].data;
    data.set(turned ? source.map((v) => -v) : source);
  }
  const xs = Array.from({ length: 5 }, () => full(1, 2, 0.7));
  expect(unroll(coupled, xs)[4].h).toBeAllClose(unroll(lstm, xs)[4].h.tolist(), { rtol: 1e-13 });
});

describe("CoupledLSTMCell: gradients equal central differences", () => {
  holdGradients(() => new CoupledLSTMCell(2, 3, { rng: seededRng(7) }));
});

test("CoupledLSTMCell: the forget gate's bias starts at 1, the others at 0; forgetBias moves it", () => {
  const biases = (cell: CoupledLSTMCell) =>
    [cell.forgetGate, cell.outputGate, cell.candidate].map(({ b }) => b.data[0]);
  expect(biases(new CoupledLSTMCell(1, 1))).toEqual([1, 0, 0]);
  expect(biases(new CoupledLSTMCell(1, 1, { forgetBias: 5 }))).toEqual([5, 0, 0]);
});

test("CoupledLSTMCell: refuses what does not fit", () => {
  const cell = new CoupledLSTMCell(3, 2);
  const state = cell.initialState(2);
  expect(() => cell.step(zeros(2, 5), state)).toThrow("x must be [batchSize, 3], got [2, 5]");
  expect(() => cell.step(zeros(2, 3), { ...state, c: zeros(1, 2) })).toThrow("c must be [2, 2], got [1, 2]");
  // @ts-expect-error: a misspelt option
  expect(() => new CoupledLSTMCell(3, 2, { forgetBas: 1 })).toThrow(
    'CoupledLSTMCell: unknown option "forgetBas"; did you mean forgetBias?',
  );
  expect(() => new CoupledLSTMCell(3, 2, { forgetBias: Number.NaN })).toThrow(
    "CoupledLSTMCell: forgetBias must be a finite number, got NaN",
  );
});
