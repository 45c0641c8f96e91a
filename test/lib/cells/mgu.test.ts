import { full, MGUCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";
import { filled } from "./kinds.js";

test("MGUCell.step: one unit, worked by hand", () => {
  const cell = filled(new MGUCell(1, 1), {
    forgetGate: { Wx: 1, Wh: 2, b: -1 },
    candidate: { Wx: 0.5, Wh: 3, b: 0.2 },
  });
  const { f, n, h } = cell.step(tensor([[1]]), { h: tensor([[0.5]]) });
  expect(f.item()).toBeCloseTo(0.7310585786300049, 14); // σ(1 + 1 − 1)
  expect(n.item()).toBeCloseTo(0.9464515141212119, 14); // tanh(0.5 + 3·(f·0.5) + 0.2)
  expect(h.item()).toBeCloseTo(0.8263822093406668, 14); // (1 − f)·0.5 + f·n
});

test("MGUCell: a gate at 0 keeps the past, at 1 takes the candidate", () => {
  const cell = new MGUCell(2, 3, { rng: seededRng(1) });
  const h = tensor([[0.1, -0.2, 0.3]]);
  cell.forgetGate.b.data.fill(-50);
  expect(unroll(cell, Array(50).fill(full(1, 2, 1)), { h })[49].h).toBeAllClose(h.tolist());
  cell.forgetGate.b.data.fill(50);
  const step = cell.step(full(1, 2, 1), { h });
  expect(step.h).toBeAllClose(step.n.tolist());
});

describe("MGUCell: gradients equal central differences", () => {
  holdGradients(() => new MGUCell(2, 3, { rng: seededRng(7) }));
});

test("MGUCell: refuses what does not fit", () => {
  const cell = new MGUCell(3, 2);
  expect(() => cell.step(zeros(2, 5), cell.initialState(2))).toThrow("x must be [batchSize, 3], got [2, 5]");
  expect(() => new MGUCell(3, 2, { forgetBias: 1 } as object)).toThrow('MGUCell: unknown option "forgetBias"');
});
