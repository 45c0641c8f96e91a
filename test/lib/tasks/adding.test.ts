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

test("adding: with its first options it draws the bits that published results were made from", () => {
  const task = adding({ seqLen: 5, batchSize: 2 }, seededRng(7));
  task.batch();
  const { xs, target } = task.batch();
  expect(xs.map((x) => x.tolist())).toEqual([
    [
      [0.2344204346928026, 0],
      [0.2959265966021014, 1],
    ],
    [
      [0.1901271204389241, 1],
      [0.7120526015189269, 0],
    ],
    [
      [0.6640384289666103, 0],
      [0.08618761134844377, 1],
    ],
    [
      [0.6406210198195923, 1],
      [0.6519130417441072, 0],
    ],
    [
      [0.1334193149414149, 0],
      [0.7760363992952383, 0],
    ],
  ]);
  expect(target.tolist()).toEqual([[0.8307481402585164], [0.3821142079505452]]);
  const narrow = adding({ seqLen: 5, batchSize: 2, dtype: "float32" }, seededRng(7));
  narrow.batch();
  expect(narrow.batch().target.tolist()).toEqual([[0.8307481408119202], [0.3821142017841339]]);
});

test("adding: values come from the range asked for, and the baselines grow with its square", () => {
  const { baselines, batch } = adding({ seqLen: 4, batchSize: 100_000, range: [-1, 1] }, seededRng(4));
  expect(baselines).toEqual({ mean: 2 / 3, oneMarker: 1 / 3 });
  const { xs, target } = batch();
  const values = Array.from({ length: 100_000 }, (_, b) => xs[0].data[2 * b]);
  expect(Math.abs(Math.min(...values.slice(0, 5000)) + 1)).toBeLessThan(0.01);
  expect(Math.abs(Math.max(...values.slice(0, 5000)) - 1)).toBeLessThan(0.01);
  const cost = Array.from(target.data, (y) => y ** 2).reduce((sum, square) => sum + square) / 100_000;
  expect(Math.abs(cost - baselines.mean)).toBeLessThan(0.012);
});

test("adding: refuses a range that is none", () => {
  const message = (came: string) => `adding: range must be [low, high] with low < high, got ${came}`;
  expect(() => adding({ range: [1, 1] })).toThrow(message("[1, 1]"));
  expect(() => adding({ range: [0, Number.NaN] })).toThrow(message("[0, NaN]"));
  expect(() => adding({ range: [0, 1, 2] as never })).toThrow(message("[0, 1, 2]"));
  expect(() => adding({ range: "unit" as never })).toThrow(message('"unit"'));
});
