import { feedForward, linear, seededRng, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients, normal } from "./gradients.js";

test("feedForward: exclusive or with two hidden units, worked by hand", () => {
  const net = filled(feedForward([2, 2, 1], { activation: "relu" }), {
    "layer0.W": [1, 1, 1, 1],
    "layer0.b": [0, -1], // how many are on, and how many beyond one
    "layer1.W": [1, -2],
  });
  const all = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(net.of(all).tolist()).toEqual([[0], [1], [1], [0]]);
});

test("feedForward: no squashing before the first layer and none after the last", () => {
  const net = filled(feedForward([1, 1, 1]), { "layer0.W": [2], "layer1.W": [3], "layer1.b": [10] });
  expect(net.of(tensor([[4]])).item()).toBeCloseTo(10 + 3 * Math.tanh(8), 14);
});

test("feedForward of two sizes is a linear layer", () => {
  const [net, layer] = [feedForward([3, 2], { rng: seededRng(1) }), linear(3, 2, { rng: seededRng(1) })];
  const x = normal(4, 3, "x");
  expect(net.of(x).tolist()).toEqual(layer.of(x).tolist());
});

describe.each(["tanh", "sigmoid", "relu"] as const)(
  "feedForward (%s): gradients equal central differences",
  (activation) => {
    const x = normal(3, 2, "x");
    holdLayerGradients(
      () => feedForward([2, 4, 3, 2], { rng: seededRng(2), activation }),
      { x },
      (net) => [net.of(x)],
    );
  },
);

test("feedForward: refuses what does not fit", () => {
  expect(() => feedForward([3, 2]).of(zeros(1, 2))).toThrow("x must be [batchSize, 3], got [1, 2]");
  expect(() => feedForward([3])).toThrow(
    "feedForward: sizes must be at least two sizes like [2, 8, 1], got an array of 1",
  );
  expect(() => feedForward([3, 0])).toThrow("outputSize must be an integer >= 1, got 0");
  // @ts-expect-error: not an activation
  expect(() => feedForward([3, 2], { activation: "step" })).toThrow(
    'feedForward: activation must be "tanh" or "sigmoid" or "relu", got "step"',
  );
  expect(() => feedForward([3, 2], { bias: true } as object)).toThrow('feedForward: unknown option "bias"');
});
