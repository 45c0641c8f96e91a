import { highway, seededRng, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients, normal } from "./gradients.js";

test("highway: one unit, worked by hand", () => {
  const layer = filled(highway(1, { activation: "tanh" }), { "gate.W": [2], "transform.W": [3], "transform.b": [-1] });
  const t = 1 / (1 + Math.exp(-1)); // σ(2 · 0.5)
  expect(layer.of(tensor([[0.5]])).item()).toBeCloseTo(t * Math.tanh(0.5) + (1 - t) * 0.5, 14);
});

test("highway: a shut gate passes x on, through any number of layers, and the gradient back", () => {
  const layer = highway(3, { rng: seededRng(1), gateBias: -60 });
  const x = normal(2, 3, "x");
  let y = x;
  for (let depth = 0; depth < 100; depth++) y = layer.of(y);
  expect(y).toBeAllClose(x.tolist());
  y.sum().backward();
  expect(x.grad).toBeAllClose(Array(6).fill(1));
});

test("highway: an open gate is the transform alone; relu unless told", () => {
  const layer = filled(highway(2, { gateBias: 60 }), { "gate.b": [60, 60], "transform.W": [1, 0, 0, -1] });
  expect(layer.of(tensor([[3, 4]]))).toBeAllClose([[3, 0]]);
});

test("highway: the gate starts at −1: more carried than transformed", () => {
  expect(highway(2).gate.b.tolist()).toEqual([[-1, -1]]);
  expect(highway(2).transform.b.tolist()).toEqual([[0, 0]]);
  expect(highway(2, { gateBias: -3 }).gate.b.tolist()).toEqual([[-3, -3]]);
});

describe.each(["relu", "tanh"] as const)("highway (%s): gradients equal central differences", (activation) => {
  const x = normal(3, 4, "x");
  holdLayerGradients(
    () => highway(4, { rng: seededRng(2), activation }),
    { x },
    (layer) => [layer.of(x)],
  );
});

test("highway: float32 weights take float64 inputs", () => {
  expect(highway(3, { dtype: "float32" }).of(zeros(1, 3)).dtype).toBe("float32");
});

test("highway: refuses what does not fit", () => {
  expect(() => highway(3).of(zeros(1, 2))).toThrow("x must be [batchSize, 3], got [1, 2]");
  expect(() => highway(0)).toThrow("inputSize must be an integer >= 1, got 0");
  // @ts-expect-error: not an activation
  expect(() => highway(3, { activation: "step" })).toThrow('highway: activation must be "relu" or "tanh", got "step"');
  expect(() => highway(3, { gateBias: Number.NaN })).toThrow("highway: gateBias must be a finite number, got NaN");
  expect(() => highway(3, { gatebias: 1 } as object)).toThrow('unknown option "gatebias"; did you mean gateBias?');
});
