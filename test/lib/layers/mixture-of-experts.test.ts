import { mixtureOfExperts, seededRng, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients, normal } from "./gradients.js";

test("mixtureOfExperts: two lines and a steep gate between them make |x|", () => {
  const layer = filled(mixtureOfExperts(1, 1), { "gate.W": [100, -100], "expert0.W": [1], "expert1.W": [-1] });
  expect(layer.of(tensor([[2], [-3], [0.5]]))).toBeAllClose([[2], [3], [0.5]]);
});

test("mixtureOfExperts: shares between the experts, worked by hand", () => {
  const layer = filled(mixtureOfExperts(1, 2), {
    "gate.b": [Math.log(3), 0],
    "expert0.b": [4, 0],
    "expert1.b": [0, 8],
  });
  expect(layer.shares(zeros(2, 1))).toBeAllClose([
    [0.75, 0.25],
    [0.75, 0.25],
  ]);
  expect(layer.of(zeros(1, 1))).toBeAllClose([[3, 2]], { rtol: 1e-14 });
});

test("mixtureOfExperts: experts start unlike each other, or the gate could never tell them apart", () => {
  const { experts } = mixtureOfExperts(3, 2, { experts: 4 });
  expect(new Set(experts.map(({ W }) => String(W.data))).size).toBe(4);
});

describe.each([2, 3])("mixtureOfExperts (%d): gradients equal central differences", (experts) => {
  const x = normal(3, 2, "x");
  holdLayerGradients(
    () => mixtureOfExperts(2, 3, { rng: seededRng(2), experts }),
    { x },
    (layer) => [layer.of(x)],
  );
});

test("mixtureOfExperts: refuses what does not fit", () => {
  expect(() => mixtureOfExperts(3, 2).of(zeros(1, 2))).toThrow("x must be [batchSize, 3], got [1, 2]");
  expect(() => mixtureOfExperts(3, 2, { experts: 1 })).toThrow(
    "mixtureOfExperts: experts must be an integer >= 2, got 1",
  );
  expect(() => mixtureOfExperts(3, 0)).toThrow("outputSize must be an integer >= 1, got 0");
  expect(() => mixtureOfExperts(3, 2, { expert: 2 } as object)).toThrow(
    'mixtureOfExperts: unknown option "expert"; did you mean experts?',
  );
});
