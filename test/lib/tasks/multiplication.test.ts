import { multiplication, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { squaredError } from "./measuring.js";

test("multiplication: one marker in each half, and the target is the product of the marked values", () => {
  const { xs, target } = multiplication({ seqLen: 11, batchSize: 200 }, seededRng(1)).batch();
  const places = new Set<number>();
  for (let b = 0; b < 200; b++) {
    const marked = xs.flatMap((x, t) => (x.data[2 * b + 1] === 1 ? [t] : []));
    expect(marked).toHaveLength(2);
    expect(marked[0]).toBeLessThan(5);
    expect(marked[1]).toBeGreaterThanOrEqual(5);
    expect(target.data[b]).toBe(xs[marked[0]].data[2 * b] * xs[marked[1]].data[2 * b]);
    for (const t of marked) places.add(t);
  }
  expect(places.size).toBe(11);
});

test("multiplication: both baselines are what such answers really cost", () => {
  const { baselines, batch } = multiplication({ seqLen: 2, batchSize: 100_000 }, seededRng(2));
  const { xs, target } = batch();
  expect(Math.abs(squaredError(target, () => 1 / 4) - baselines.mean)).toBeLessThan(0.0008);
  expect(Math.abs(squaredError(target, (b) => xs[0].data[2 * b] / 2) - baselines.oneMarker)).toBeLessThan(0.0005);
  expect(baselines.mean).toBeCloseTo(0.0486, 4);
});

test("multiplication: refuses a single step", () => {
  expect(multiplication({ seqLen: 2 }).batch().xs).toHaveLength(2);
  expect(() => multiplication({ seqLen: 1 })).toThrow("multiplication: seqLen must be an integer >= 2, got 1");
});
