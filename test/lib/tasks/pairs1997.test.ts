import { adding1997, multiplication1997, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { average, squaredError } from "./measuring.js";

const columnsOf = (batch: ReturnType<ReturnType<typeof adding1997>["batch"]>, b: number) => ({
  values: batch.xs.map((x) => x.data[2 * b]),
  markers: batch.xs.map((x) => x.data[2 * b + 1]),
});

test.each([
  ["adding1997", adding1997, (a: number, b: number) => 0.5 + (a + b) / 4, 0, -1],
  ["multiplication1997", multiplication1997, (a: number, b: number) => a * b, 1, 0],
] as const)("%s: markers stand where the paper puts them, and decide the target", (_, make, answer, ifFirst, low) => {
  const batch = make({ seqLen: 40, batchSize: 1000 }, seededRng(1)).batch();
  const [firsts, seconds] = [new Set<number>(), new Set<number>()];
  let rare = 0;
  for (let b = 0; b < 1000; b++) {
    const { values, markers } = columnsOf(batch, b);
    expect([markers[0], markers.at(-1)]).toEqual([-1, -1]);
    const marked = markers.flatMap((m, t) => (m === 1 ? [t] : []));
    expect(markers.filter((m) => m !== 0)).toHaveLength(2 + marked.length);
    expect(marked.some((t) => t < 10) || marked.length < 2).toBe(true);
    expect(Math.max(...marked)).toBeLessThanOrEqual(19);
    if (marked.length === 1) rare++;
    else {
      firsts.add(marked[0]);
      seconds.add(marked[1]);
    }
    const [x, y] = marked.length === 2 ? marked.map((t) => values[t]) : [ifFirst, values[marked[0]]];
    if (marked.length === 1) expect(values[0]).toBe(ifFirst);
    expect(batch.target.data[b]).toBeCloseTo(answer(x, y), 15);
    expect(values.every((v) => v >= low && v <= 1)).toBe(true);
  }
  expect(Math.min(...firsts)).toBe(1);
  expect(Math.max(...seconds)).toBe(19);
  expect(Math.abs(rare / 1000 - (0.1 + 0.9 / 19))).toBeLessThan(0.045); // four standard errors
});

test("adding1997: lengths are T to T + T/10, both included, one per batch", () => {
  const task = adding1997({ batchSize: 1 }, seededRng(2));
  const lengths = new Set(Array.from({ length: 200 }, () => task.batch().xs.length));
  expect([...lengths].sort()).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
});

test("adding1997: every other value is uniform in its range", () => {
  const { xs } = adding1997({ seqLen: 20, batchSize: 20_000 }, seededRng(3)).batch();
  const last = Array.from({ length: 20_000 }, (_, b) => xs[19].data[2 * b]);
  expect(Math.abs(average(20_000, (b) => last[b]))).toBeLessThan(0.017);
  expect(Math.abs(average(20_000, (b) => last[b] ** 2) - 1 / 3)).toBeLessThan(0.009);
});

test("pairs1997: always answering the mean costs the baseline, and the mean is what the docblock says", () => {
  const sum = adding1997({ seqLen: 20, batchSize: 40_000 }, seededRng(4));
  const q = 0.1 + 0.9 / 9;
  expect(sum.baselines.mean).toBeCloseTo((2 - q) / 48, 15);
  expect(Math.abs(squaredError(sum.batch().target, () => 0.5) - sum.baselines.mean)).toBeLessThan(0.001);
  const product = multiplication1997({ seqLen: 20, batchSize: 40_000 }, seededRng(5));
  const mean = (1 - q) / 4 + q / 2;
  const { target } = product.batch();
  expect(Math.abs(average(40_000, (b) => target.data[b]) - mean)).toBeLessThan(0.006);
  expect(Math.abs(squaredError(target, () => mean) - product.baselines.mean)).toBeLessThan(0.0016);
});

test("pairs1997: refuses sequences too short for the places of the markers", () => {
  expect(() => adding1997({ seqLen: 19 })).toThrow("adding1997: seqLen must be an integer >= 20, got 19");
  expect(() => multiplication1997({ seqlen: 30 } as object)).toThrow(
    'multiplication1997: unknown option "seqlen"; did you mean seqLen?',
  );
});
