import { full, JANETCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";
import { filled } from "./kinds.js";

test("JANETCell.step: one unit, worked by hand", () => {
  const cell = filled(new JANETCell(1, 1), {
    forgetGate: { Wx: 1, Wh: 0.5, b: 1 },
    candidate: { Wx: 2, Wh: 1, b: -0.2 },
  });
  const { f, i, h } = cell.step(tensor([[1]]), { h: tensor([[0.5]]) });
  expect(f.item()).toBeCloseTo(0.9046505351008906, 14); // σ(2.25)
  expect(i.item()).toBeCloseTo(0.2227001388253089, 14); // 1 − σ(2.25 − 1)
  expect(h.item()).toBeCloseTo(0.6705928710611111, 14); // f·0.5 + i·tanh(2.3)
});

test("JANETCell: a gate at 1 keeps the past, at 0 takes the candidate", () => {
  const cell = new JANETCell(2, 3, { rng: seededRng(1) });
  const h = tensor([[0.1, -0.2, 0.3]]);
  cell.forgetGate.b.data.fill(50);
  expect(unroll(cell, Array(50).fill(full(1, 2, 1)), { h })[49].h).toBeAllClose(h.tolist());
  cell.forgetGate.b.data.fill(-50);
  const step = cell.step(full(1, 2, 1), { h });
  expect(step.h).toBeAllClose(step.g.tolist());
});

test("JANETCell: beta 0 lets in exactly what was forgotten, beta 1 more", () => {
  const [x, h] = [full(1, 2, 0.3), full(1, 3, 0.5)];
  const plain = new JANETCell(2, 3, { rng: seededRng(1), beta: 0 }).step(x, { h });
  expect(plain.i).toBeAllClose([plain.f.tolist()[0].map((f) => 1 - f)]);
  const { i, f } = new JANETCell(2, 3, { rng: seededRng(1) }).step(x, { h });
  for (const [k, admitted] of i.data.entries()) expect(admitted).toBeGreaterThan(1 - f.data[k] + 0.1);
});

describe.each([0, 1])("JANETCell (beta %d): gradients equal central differences", (beta) => {
  holdGradients(() => new JANETCell(2, 3, { rng: seededRng(7), beta }));
});

test("JANETCell: the forget gate's bias starts at 1, the candidate's at 0; forgetBias moves it", () => {
  const biases = (cell: JANETCell) => [cell.forgetGate.b.data[0], cell.candidate.b.data[0]];
  expect(biases(new JANETCell(1, 1))).toEqual([1, 0]);
  expect(biases(new JANETCell(1, 1, { forgetBias: 5 }))).toEqual([5, 0]);
});

test("JANETCell: refuses what does not fit", () => {
  const cell = new JANETCell(3, 2);
  expect(() => cell.step(zeros(2, 5), cell.initialState(2))).toThrow("x must be [batchSize, 3], got [2, 5]");
  // @ts-expect-error: a misspelt option
  expect(() => new JANETCell(3, 2, { bta: 1 })).toThrow('JANETCell: unknown option "bta"; did you mean beta?');
  expect(() => new JANETCell(3, 2, { beta: Number.NaN })).toThrow("JANETCell: beta must be a finite number, got NaN");
  expect(() => new JANETCell(3, 2, { forgetBias: Number.NaN })).toThrow(
    "JANETCell: forgetBias must be a finite number, got NaN",
  );
});
