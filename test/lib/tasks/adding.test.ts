import { adding, seededRng } from "unrolled";
import { expect, test } from "vitest";

test("adding: one marker in each half, and the target is the sum of the marked values", () => {
  const { xs, target } = adding({ seqLen: 11, batchSize: 200 }, seededRng(1)).batch();
  for (let b = 0; b < 200; b++) {
    const marked = xs.flatMap((x, t) => (x.data[2 * b + 1] === 1 ? [t] : []));
    expect(marked).toHaveLength(2);
    expect(marked[0]).toBeLessThan(5);
    expect(marked[1]).toBeGreaterThanOrEqual(5);
    expect(target.data[b]).toBe(xs[marked[0]].data[2 * b] + xs[marked[1]].data[2 * b]);
  }
});

test("adding: both baselines are what such answers really cost", () => {
  const { baselines, batch } = adding({ seqLen: 4, batchSize: 100_000 }, seededRng(2));
  const { xs, target } = batch();
  const first = Array.from(target.data, (_, b) => (xs[0].data[2 * b + 1] ? xs[0] : xs[1]).data[2 * b]);
  const cost = (answer: (b: number) => number): number =>
    Array.from(target.data, (y, b) => (y - answer(b)) ** 2).reduce((sum, square) => sum + square) / target.data.length;
  expect(Math.abs(cost(() => 1) - baselines.mean)).toBeLessThan(0.003);
  expect(Math.abs(cost((b) => first[b] + 0.5) - baselines.oneMarker)).toBeLessThan(0.0015);
});

test("adding: the same seed gives the same batches; later batches differ", () => {
  const [a, b] = [adding({}, seededRng(3)), adding({}, seededRng(3))];
  const first = a.batch().target.tolist();
  expect(b.batch().target.tolist()).toEqual(first);
  expect(a.batch().target.tolist()).not.toEqual(first);
});

test("adding: refuses what makes no task", () => {
  expect(() => adding({ seqLen: 1 })).toThrow("adding: seqLen must be an integer >= 2, got 1");
  expect(() => adding({ batchsize: 3 } as object)).toThrow(
    'adding: unknown option "batchsize"; did you mean batchSize?',
  );
});
