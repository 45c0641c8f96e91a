import { seededRng, twoSequences } from "unrolled";
import { expect, test } from "vitest";
import { average, squaredError } from "./measuring.js";

const moments = (values: number[]) => {
  const mean = average(values.length, (k) => values[k]);
  return { mean, variance: average(values.length, (k) => (values[k] - mean) ** 2) };
};

test("twoSequences 3a: the first elements are the class, as 1 or −1; the rest is noise of variance 0.2", () => {
  const { xs, target, classes } = twoSequences({ seqLen: 10, informative: 2, batchSize: 10_000 }, seededRng(1)).batch();
  classes.forEach((label, b) => {
    expect([xs[0].data[b], xs[1].data[b], target.data[b]]).toEqual([2 * label - 1, 2 * label - 1, label]);
  });
  const noise = moments(Array.from(xs[2].data));
  expect(Math.abs(noise.mean)).toBeLessThan(0.018);
  expect(Math.abs(noise.variance - 0.2)).toBeLessThan(0.012);
});

test.each(["3b", "3c"] as const)(
  "twoSequences %s: the first elements are noisy too, and still tell the class",
  (variant) => {
    const { xs, classes } = twoSequences({ variant, seqLen: 10, batchSize: 10_000 }, seededRng(2)).batch();
    for (const t of [0, 2]) {
      const noise = moments(Array.from(xs[t].data, (v, b) => v - (2 * classes[b] - 1)));
      expect(Math.abs(noise.mean)).toBeLessThan(0.018);
      expect(Math.abs(noise.variance - 0.2)).toBeLessThan(0.012);
    }
    expect(Math.abs(moments(Array.from(xs[3].data)).mean)).toBeLessThan(0.018);
    const right = (signOf: (b: number) => number) =>
      average(classes.length, (b) => (signOf(b) > 0 === (classes[b] === 1) ? 1 : 0));
    expect(Math.abs(right((b) => xs[0].data[b]) - 0.987)).toBeLessThan(0.005);
    expect(right((b) => xs[0].data[b] + xs[1].data[b] + xs[2].data[b])).toBeGreaterThan(0.999);
  },
);

test("twoSequences: the baselines are what such answers cost", () => {
  for (const variant of ["3a", "3b", "3c"] as const) {
    const { baselines, batch } = twoSequences({ variant, seqLen: 3, batchSize: 50_000 }, seededRng(3));
    const { target, classes } = batch();
    const mean = [0, 1].map((k) => (variant === "3c" ? 0.2 + 0.6 * k : k));
    expect(Math.abs(squaredError(target, () => 1 / 2) - baselines.mse)).toBeLessThan(0.004);
    expect(Math.abs(squaredError(target, (b) => mean[classes[b]]) - baselines.solved)).toBeLessThan(0.003);
    expect(Math.abs(average(50_000, (b) => classes[b]) - baselines.accuracy)).toBeLessThan(0.009);
  }
  expect(twoSequences().baselines).toEqual({ accuracy: 1 / 2, mse: 1 / 4, solved: 0 });
});

test("twoSequences: lengths are T to T + T/10, both included, one per batch", () => {
  const task = twoSequences({ batchSize: 1 }, seededRng(4));
  const lengths = new Set(Array.from({ length: 200 }, () => task.batch().xs.length));
  expect([...lengths].sort()).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
});

test("twoSequences: refuses what makes no task", () => {
  expect(() => twoSequences({ variant: "3d" as "3a" })).toThrow(
    'twoSequences: variant must be "3a" or "3b" or "3c", got "3d"',
  );
  expect(() => twoSequences({ informative: 0 })).toThrow("twoSequences: informative must be an integer >= 1, got 0");
  expect(() => twoSequences({ informative: 5, seqLen: 4 })).toThrow(
    "twoSequences: seqLen must be an integer >= 5, got 4",
  );
  expect(twoSequences({ informative: 5, seqLen: 5 }).batch().xs).toHaveLength(5);
});
