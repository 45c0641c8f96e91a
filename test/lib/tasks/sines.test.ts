import { seededRng, sines } from "unrolled";
import { expect, test } from "vitest";
import { average, squaredError } from "./measuring.js";

test("sines: the target is the value `horizon` steps later", () => {
  const { batch, seqLen } = sines({ seqLen: 12, horizon: 3, noise: 0.5, batchSize: 4 }, seededRng(1));
  const { xs, targets } = batch();
  expect([seqLen, xs.length, targets.length]).toEqual([12, 12, 12]);
  for (let t = 0; t + 3 < 12; t++) expect(targets[t].tolist()).toEqual(xs[t + 3].tolist());
});

test("sines: one sine obeys y(t+1) = 2 cos(2πf) y(t) − y(t−1), with a period in the range asked for", () => {
  const { xs } = sines({ waves: 1, seqLen: 30, periods: [5, 10], batchSize: 50 }, seededRng(2)).batch();
  for (let b = 0; b < 50; b++) {
    const y = xs.map((x) => x.data[b]);
    const at = [5, 6, 7, 8].reduce((best, t) => (Math.abs(y[t]) > Math.abs(y[best]) ? t : best));
    const cosine = (y[at + 1] + y[at - 1]) / (2 * y[at]);
    const period = (2 * Math.PI) / Math.acos(cosine);
    expect(period).toBeGreaterThan(5);
    expect(period).toBeLessThan(10);
    for (let t = 1; t < 29; t++) expect(y[t + 1]).toBeCloseTo(2 * cosine * y[t] - y[t - 1], 9);
    expect(Math.max(...y.map(Math.abs))).toBeLessThanOrEqual(Math.SQRT2);
  }
});

test.each([
  { waves: 1, horizon: 1, noise: 0 },
  { waves: 3, horizon: 4, noise: 0.3 },
])("sines: the baselines are what such answers cost, $waves waves, $horizon ahead, noise $noise", (options) => {
  const { batch, baselines } = sines({ ...options, seqLen: 3, batchSize: 60_000 }, seededRng(3));
  const { xs, targets } = batch();
  expect(Math.abs(squaredError(targets[1], () => 0) - baselines.mean)).toBeLessThan(0.02);
  const repeat = squaredError(targets[1], (b) => xs[1].data[b]);
  expect(Math.abs(repeat - baselines.repeat)).toBeLessThan(0.02 * baselines.repeat + 0.001);
  expect(baselines.noise).toBeCloseTo(options.noise ** 2, 15);
});

test("sines: noise is what it adds to the signal, on the target too", () => {
  const [clean, noisy] = [0, 0.2].map((noise) => sines({ noise, seqLen: 5, batchSize: 20_000 }, seededRng(4)));
  expect(clean.baselines.noise).toBe(0);
  const { targets } = noisy.batch();
  expect(Math.abs(average(20_000, (b) => targets[4].data[b] ** 2) - 1.04)).toBeLessThan(0.03);
});

test("sines: refuses what makes no task", () => {
  expect(() => sines({ seqLen: 0 })).toThrow("sines: seqLen must be an integer >= 1, got 0");
  expect(() => sines({ waves: 0 })).toThrow("sines: waves must be an integer >= 1, got 0");
  expect(() => sines({ horizon: 0 })).toThrow("sines: horizon must be an integer >= 1, got 0");
  expect(() => sines({ periods: [1, 4] })).toThrow("sines: periods must be at least 2 steps, got 1");
  expect(() => sines({ periods: [4, 4] })).toThrow("sines: periods must be [low, high] with low < high, got [4, 4]");
  expect(() => sines({ periods: 0 as never })).toThrow("sines: periods must be [low, high] with low < high, got 0");
  expect(() => sines({ noise: -1 })).toThrow("sines: noise must be a number >= 0, got -1");
  expect(() => sines({ noise: Number.NaN })).toThrow("sines: noise must be a number >= 0, got NaN");
  expect(sines({ periods: [2, 3] }).seqLen).toBe(100);
});
