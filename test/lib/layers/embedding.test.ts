import { embedding, seededRng, tensor } from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients } from "./gradients.js";

test("embedding: row k stands for symbol k", () => {
  const layer = filled(embedding(3, 2), { W: [1, 2, 3, 4, 5, 6] });
  expect(layer.of([2, 0, 2]).tolist()).toEqual([
    [5, 6],
    [1, 2],
    [5, 6],
  ]);
});

test("embedding: is the product with a one-hot vector", () => {
  const layer = embedding(4, 3, { rng: seededRng(1) });
  const oneHot = tensor([
    [0, 0, 1, 0],
    [1, 0, 0, 0],
  ]);
  expect(layer.of([2, 0]).tolist()).toEqual(oneHot.matmul(layer.W).tolist());
});

test("embedding: only the rows that were used get a gradient, each use its own", () => {
  const layer = embedding(3, 2);
  layer.of([2, 0, 2]).sum().backward();
  expect([...layer.W.grad]).toEqual([1, 1, 0, 0, 2, 2]);
});

describe("embedding: gradients equal central differences", () => {
  holdLayerGradients(
    () => embedding(4, 3, { rng: seededRng(1) }),
    {},
    (layer) => [layer.of([1, 3, 1]).tanh()],
  );
});

test("embedding: starts normal, with standard deviation 1", () => {
  const data = embedding(100, 50, { rng: seededRng(2) })
    .W.tolist()
    .flat();
  const variance = data.reduce((sum, v) => sum + v * v, 0) / data.length;
  expect(Math.abs(variance - 1)).toBeLessThan(0.08); // four standard errors of √(2 / 5000)
  expect(embedding(2, 2, { dtype: "float32" }).of([0]).dtype).toBe("float32");
});

test("embedding: refuses what does not fit", () => {
  const layer = embedding(3, 2);
  expect(() => layer.of([0, 3])).toThrow("indices must be integers in 0..2, got 3 at 1");
  expect(() => layer.of([])).toThrow("embedding: symbols must be an array of integers, one per row, got an array of 0");
  expect(() => layer.of("ab" as never)).toThrow('got "ab"');
  expect(() => embedding(0, 2)).toThrow("embedding: vocabularySize must be an integer >= 1, got 0");
  expect(() => embedding(3, 1.5)).toThrow("embedding: size must be an integer >= 1, got 1.5");
  expect(() => embedding(3, 2, { dim: 2 } as object)).toThrow('embedding: unknown option "dim"');
});
