import { RNNCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";

function oneUnit(wx: number, wh: number, b: number, activation: "tanh" | "relu" = "tanh"): RNNCell {
  const cell = new RNNCell(1, 1, { activation });
  cell.hidden.Wx.data[0] = wx;
  cell.hidden.Wh.data[0] = wh;
  cell.hidden.b.data[0] = b;
  return cell;
}

test("RNNCell.step: two steps of one unit, worked by hand", () => {
  const [first, second] = unroll(oneUnit(0.5, -2, 0.1), [tensor([[1]]), tensor([[3]])]);
  expect(first.h.item()).toBeCloseTo(Math.tanh(0.6), 15); // 0.5·1 − 2·0 + 0.1
  expect(second.h.item()).toBeCloseTo(Math.tanh(1.6 - 2 * 0.5370495669980353), 14); // 0.5·3 + 0.1 − 2 tanh(0.6)
});

test("RNNCell with relu: a recurrent weight of 1 and no bias adds its inputs up", () => {
  const steps = unroll(oneUnit(1, 1, 0, "relu"), [tensor([[1]]), tensor([[2]]), tensor([[3]])]);
  expect(steps.map(({ h }) => h.item())).toEqual([1, 3, 6]);
});

describe.each(["tanh", "relu"] as const)("RNNCell (%s): gradients equal central differences", (activation) => {
  holdGradients(() => new RNNCell(2, 3, { rng: seededRng(5), activation }));
});

test("RNNCell: refuses what does not fit", () => {
  const cell = new RNNCell(3, 2);
  expect(() => cell.step(zeros(2, 5), cell.initialState(2))).toThrow("x must be [batchSize, 3], got [2, 5]");
  // @ts-expect-error: not an activation
  expect(() => new RNNCell(3, 2, { activation: "sigmoid" })).toThrow(
    'RNNCell: activation must be "tanh" or "relu", got "sigmoid"',
  );
});
