import { full, GRUCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";

function filled(reset: "before" | "after", values: Record<string, number>): GRUCell {
  const cell = new GRUCell(1, 1, { reset });
  for (const [name, parameter] of Object.entries(cell.parameters())) parameter.data.fill(values[name] ?? 0);
  return cell;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("GRUCell.step: one unit, worked by hand, with the reset gate before the product", () => {
  const cell = filled("before", {
    "updateGate.Wx": 1,
    "resetGate.Wh": 2,
    "candidate.Wx": 0.5,
    "candidate.Wh": 3,
    "candidate.b": 0.2,
  });
  const { h, z, r, n } = cell.step(tensor([[1]]), { h: tensor([[0.5]]) });
  expect(z.item()).toBeCloseTo(sigmoid(1), 15);
  expect(r.item()).toBeCloseTo(sigmoid(1), 15);
  expect(n.item()).toBeCloseTo(Math.tanh(0.5 + 0.2 + 3 * sigmoid(1) * 0.5), 14);
  expect(h.item()).toBeCloseTo(z.item() * 0.5 + (1 - z.item()) * n.item(), 15);
});

test("GRUCell with reset after: the gate also scales the candidate's second bias", () => {
  const cell = filled("after", { "candidate.bh": 4 });
  expect(cell.step(tensor([[0]]), { h: tensor([[0]]) }).n.item()).toBeCloseTo(Math.tanh(0.5 * 4), 15);
});

test("GRUCell: an update gate at 1 keeps the past, at 0 takes the candidate", () => {
  const cell = new GRUCell(2, 3, { rng: seededRng(1) });
  cell.updateGate.b.data.fill(50);
  const h = tensor([[0.1, -0.2, 0.3]]);
  expect(unroll(cell, Array(50).fill(full(1, 2, 1)), { h })[49].h).toBeAllClose(h.tolist());
  cell.updateGate.b.data.fill(-50);
  const step = cell.step(full(1, 2, 1), { h });
  expect(step.h).toBeAllClose(step.n.tolist());
});

test("GRUCell: reset before and after differ as soon as Whn mixes units", () => {
  const [before, after] = (["before", "after"] as const).map(
    (reset) => new GRUCell(2, 3, { rng: seededRng(4), reset }),
  );
  for (const cell of [before, after]) cell.resetGate.b.data.set([-3, 0, 3]);
  const state = { h: tensor([[0.5, -0.5, 0.9]]) };
  const [a, b] = [before, after].map((cell) => cell.step(full(1, 2, 1), state).n.data);
  expect(Math.max(...a.map((v, k) => Math.abs(v - b[k])))).toBeGreaterThan(0.01);
});

test("GRUCell: swapping z and 1 − z, as Chung et al. write it, is only the sign of the update gate's weights", () => {
  const cell = new GRUCell(2, 3, { rng: seededRng(2) });
  const swapped = new GRUCell(2, 3, { rng: seededRng(2) });
  for (const weights of [swapped.updateGate.Wx, swapped.updateGate.Wh, swapped.updateGate.b]) {
    weights.data.set(weights.data.map((v) => -v));
  }
  const x = full(1, 2, 0.7);
  const h = tensor([[0.5, -0.5, 0.9]]);
  const { z, n } = swapped.step(x, { h });
  const chung = z.mul(-1).add(1).mul(h).add(z.mul(n));
  expect(chung).toBeAllClose(cell.step(x, { h }).h.tolist());
});

describe.each(["before", "after"] as const)("GRUCell (reset %s): gradients equal central differences", (reset) => {
  holdGradients(() => new GRUCell(2, 3, { rng: seededRng(7), reset }));
});

test("GRUCell: refuses what does not fit", () => {
  const cell = new GRUCell(3, 2);
  expect(() => cell.step(zeros(2, 5), cell.initialState(2))).toThrow("x must be [batchSize, 3], got [2, 5]");
  // @ts-expect-error: not a convention
  expect(() => new GRUCell(3, 2, { reset: "both" })).toThrow('GRUCell: reset must be "before" or "after", got "both"');
});
