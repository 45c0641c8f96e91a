import { glorot, orthogonal, seededRng, uniform } from "unrolled";
import { expect, test } from "vitest";

const rng = () => seededRng(1);
const gram = (rows: number[][]): number[][] => rows.map((a) => rows.map((b) => a.reduce((s, v, k) => s + v * b[k], 0)));
const identity = (n: number, scale = 1): number[][] =>
  Array.from({ length: n }, (_, r) => Array.from({ length: n }, (_, c) => (r === c ? scale : 0)));

test("orthogonal: the rows are of unit length and at right angles", () => {
  expect(gram(orthogonal()(6, 6, rng()).tolist())).toBeAllClose(identity(6), { atol: 1e-12 });
});

test("orthogonal(gain): stretches every vector by gain", () => {
  expect(gram(orthogonal(0.5)(4, 4, rng()).tolist())).toBeAllClose(identity(4, 0.25), { atol: 1e-12 });
});

test("orthogonal of a wide matrix: its rows are orthonormal", () => {
  expect(gram(orthogonal()(3, 8, rng()).tolist())).toBeAllClose(identity(3), { atol: 1e-12 });
});

test("orthogonal: signs are even, so that no rotation is preferred", () => {
  const corner = Array.from({ length: 200 }, (_, seed) => orthogonal()(2, 2, seededRng(seed)).data[0]);
  const positive = corner.filter((v) => v > 0).length;
  expect(Math.abs(positive - 100)).toBeLessThan(30); // four standard deviations; QR unsigned gives 0 or 200
});

test("glorot: uniform in ±√(6 / (rows + cols))", () => {
  const { data } = glorot(40, 20, rng());
  expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(0.1));
  expect(Math.max(...data.map(Math.abs))).toBeGreaterThan(Math.sqrt(0.1) * 0.98);
});

test("uniform: refuses a bound that is no positive number", () => {
  expect(() => uniform(0)).toThrow("uniform: bound must be a positive number, got 0");
  expect(() => orthogonal(Number.NaN)).toThrow("orthogonal: gain must be a positive number, got NaN");
});
