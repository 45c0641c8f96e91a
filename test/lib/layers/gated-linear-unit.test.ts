import { gatedLinearUnit, seededRng, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients, normal } from "./gradients.js";

const weights = { "value.W": [3], "value.b": [1], "gate.W": [2], "gate.b": [-0.5] };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("gatedLinearUnit: one unit, worked by hand; swish also multiplies by the gate's pre-activation", () => {
  const x = tensor([[0.5]]); // value 2.5, gate's pre-activation 0.5
  expect(filled(gatedLinearUnit(1, 1), weights).of(x).item()).toBeCloseTo(2.5 * sigmoid(0.5), 14);
  const swish = filled(gatedLinearUnit(1, 1, { squash: "swish" }), weights);
  expect(swish.of(x).item()).toBeCloseTo(2.5 * 0.5 * sigmoid(0.5), 14);
});

test("gatedLinearUnit: an open gate is a linear layer, a shut one nothing", () => {
  const layer = gatedLinearUnit(3, 2, { rng: seededRng(1) });
  const x = normal(4, 3, "x");
  layer.gate.b.data.fill(60);
  expect(layer.of(x)).toBeAllClose(layer.value.of(x).tolist());
  layer.gate.b.data.fill(-60);
  expect(layer.of(x)).toBeAllClose(zeros(4, 2).tolist());
});

describe.each(["sigmoid", "swish"] as const)("gatedLinearUnit (%s): gradients equal central differences", (squash) => {
  const x = normal(3, 2, "x");
  holdLayerGradients(
    () => gatedLinearUnit(2, 4, { rng: seededRng(2), squash }),
    { x },
    (layer) => [layer.of(x)],
  );
});

test("gatedLinearUnit: refuses what does not fit", () => {
  expect(() => gatedLinearUnit(3, 2).of(zeros(1, 2))).toThrow("x must be [batchSize, 3], got [1, 2]");
  expect(() => gatedLinearUnit(3, 0)).toThrow("outputSize must be an integer >= 1, got 0");
  // @ts-expect-error: not a squashing
  expect(() => gatedLinearUnit(3, 2, { squash: "relu" })).toThrow(
    'gatedLinearUnit: squash must be "sigmoid" or "swish", got "relu"',
  );
  expect(() => gatedLinearUnit(3, 2, { gate: "swish" } as object)).toThrow('gatedLinearUnit: unknown option "gate"');
});
