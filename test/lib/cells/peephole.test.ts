import { full, LSTMCell, PeepholeLSTMCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";
import { filled } from "./kinds.js";

test("PeepholeLSTMCell.step: one unit, worked by hand; the output gate sees the new cell state", () => {
  const cell = filled(new PeepholeLSTMCell(1, 1), {
    inputGate: { Wx: 0.5, Wh: -1, b: 0.1, p: 0.5 },
    forgetGate: { Wx: 1, Wh: 0.5, b: 1, p: -0.25 },
    outputGate: { Wx: -0.5, Wh: 2, p: 1 },
    candidate: { Wx: 2, Wh: 1, b: -0.2 },
  });
  const { i, f, o, g, c, h } = cell.step(tensor([[1]]), { h: tensor([[0.5]]), c: tensor([[2]]) });
  // pre-activations: i 0.5 − 0.5 + 0.1 + 0.5·2 = 1.1;  f 1 + 0.25 + 1 − 0.25·2 = 1.75;  g 2 + 0.5 − 0.2 = 2.3
  expect([[i.item(), f.item(), g.item()]]).toBeAllClose(
    [[0.7502601055951177, 0.8519528019683106, 0.9800963962661914]],
    { rtol: 1e-14 },
  );
  expect(c.item()).toBeCloseTo(2.4392328296926884, 13); // f·2 + i·g
  expect(o.item()).toBeCloseTo(0.9497521277528711, 13); // σ(−0.5 + 1 + c); the old c would give σ(2.5) = 0.924
  expect(h.item()).toBeCloseTo(0.9354085446137029, 13);
});

test("PeepholeLSTMCell without its peepholes is the LSTMCell", () => {
  const [withThem, plain] = [PeepholeLSTMCell, LSTMCell].map((Kind) => new Kind(2, 3, { rng: seededRng(4) }));
  const { pi, pf, po } = withThem as PeepholeLSTMCell;
  for (const p of [pi, pf, po]) p.data.fill(0);
  const xs = Array.from({ length: 5 }, () => full(2, 2, 0.7));
  expect(unroll(withThem, xs)[4].h.tolist()).toEqual(unroll(plain, xs)[4].h.tolist());
});

test("PeepholeLSTMCell: a peephole can close the input gate once its own cell is full", () => {
  const cell = filled(new PeepholeLSTMCell(1, 2), {
    inputGate: { p: [-100, 0], b: 20 },
    forgetGate: { b: 50 },
    candidate: { b: 50 },
  });
  const steps = unroll(cell, Array(10).fill(zeros(1, 1)));
  expect(steps[9].c).toBeAllClose([[1, 10]], { rtol: 1e-6 }); // one write, then shut; the neighbour counts on
});

describe("PeepholeLSTMCell: gradients equal central differences", () => {
  holdGradients(() => new PeepholeLSTMCell(2, 3, { rng: seededRng(7) }));
});

test("PeepholeLSTMCell: starts like the LSTMCell, with peepholes in ±1/√hiddenSize", () => {
  const cell = new PeepholeLSTMCell(1, 100, { rng: seededRng(1), forgetBias: 2 });
  expect([cell.inputGate, cell.forgetGate, cell.outputGate, cell.candidate].map(({ b }) => b.data[0])).toEqual([
    0, 2, 0, 0,
  ]);
  expect(new PeepholeLSTMCell(1, 1).forgetGate.b.item()).toBe(1);
  for (const p of [cell.pi, cell.pf, cell.po]) {
    const most = Math.max(...p.data.map(Math.abs));
    expect(most).toBeLessThan(0.1);
    expect(most).toBeGreaterThan(0.08);
  }
  expect(Object.values(new PeepholeLSTMCell(2, 3, { dtype: "float32" }).parameters()).map((p) => p.dtype)).toEqual(
    Array(15).fill("float32"),
  );
});

test("PeepholeLSTMCell: refuses what does not fit", () => {
  const cell = new PeepholeLSTMCell(3, 2);
  const state = cell.initialState(2);
  expect(() => cell.step(zeros(2, 5), state)).toThrow("x must be [batchSize, 3], got [2, 5]");
  expect(() => cell.step(zeros(2, 3), { ...state, c: zeros(1, 2) })).toThrow("c must be [2, 2], got [1, 2]");
  // @ts-expect-error: a misspelt option
  expect(() => new PeepholeLSTMCell(3, 2, { forgetBas: 1 })).toThrow(
    'PeepholeLSTMCell: unknown option "forgetBas"; did you mean forgetBias?',
  );
  expect(() => new PeepholeLSTMCell(3, 2, { forgetBias: Number.NaN })).toThrow(
    "PeepholeLSTMCell: forgetBias must be a finite number, got NaN",
  );
});
