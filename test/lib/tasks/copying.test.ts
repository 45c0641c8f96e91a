import { copying, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { argOnes, conditionalEntropy } from "./measuring.js";

test("copying: ten symbols, blanks, a signal, blanks; the answer is blank, then the ten in order", () => {
  const { batch, seqLen, recallFrom } = copying({ delay: 5, batchSize: 50 }, seededRng(1));
  const { xs, classes } = batch();
  const shown = xs.map(argOnes);
  expect([seqLen, xs.length, classes.length, recallFrom]).toEqual([25, 25, 25, 15]);
  for (let b = 0; b < 50; b++) {
    const [input, answer] = [shown.map((row) => row[b]), classes.map((row) => row[b])];
    expect(input.slice(10)).toEqual([8, 8, 8, 8, 9, ...Array<number>(10).fill(8)]);
    expect(Math.max(...input.slice(0, 10))).toBeLessThan(8);
    expect(answer).toEqual([...Array<number>(15).fill(8), ...input.slice(0, 10)]);
  }
  expect(new Set(shown.slice(0, 10).flat()).size).toBe(8);
});

test("copying: the baseline is that of the papers, and what an answer without memory costs", () => {
  const published = { 50: 0.297, 100: 0.173, 500: 0.04 };
  for (const [delay, nats] of Object.entries(published)) {
    expect(copying({ delay: Number(delay) }).baselines.memoryless).toBeCloseTo(nats, 3);
  }
  const { baselines, batch } = copying({ delay: 7, count: 3, alphabet: 4, batchSize: 20_000 }, seededRng(2));
  const { classes } = batch(); // without memory: the time is all there is to go by
  const measured = conditionalEntropy(classes.flatMap((row, t) => row.map((symbol) => [t, symbol] as const)));
  expect(Math.abs(measured - baselines.memoryless)).toBeLessThan(0.0005);
});

test("copying: refuses what makes no task", () => {
  expect(copying({ delay: 1, count: 1, alphabet: 2 }).batch().xs).toHaveLength(3);
  expect(() => copying({ delay: 0 })).toThrow("copying: delay must be an integer >= 1, got 0");
  expect(() => copying({ count: 0 })).toThrow("copying: count must be an integer >= 1, got 0");
  expect(() => copying({ alphabet: 1 })).toThrow("copying: alphabet must be an integer >= 2, got 1");
  expect(() => copying({ delays: 3 } as object)).toThrow('copying: unknown option "delays"; did you mean delay?');
});
