import { longLag, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { argOnes, average, conditionalEntropy } from "./measuring.js";

test("longLag: x or y, then a1 … a(p−1), then the same again; predicted one ahead", () => {
  const { batch, symbols, seqLen, inputSize } = longLag({ lag: 4, batchSize: 50 }, seededRng(1));
  expect([seqLen, inputSize]).toEqual([4, 5]);
  expect(symbols).toEqual(["a1", "a2", "a3", "x", "y"]);
  const { xs, classes } = batch();
  const shown = xs.map(argOnes);
  const strings = new Set<string>();
  for (let b = 0; b < 50; b++) {
    const name = (rows: number[][]) => rows.map((row) => symbols[row[b]]).join(" ");
    strings.add(`${name(shown)} | ${name(classes)}`);
  }
  expect(strings).toEqual(new Set(["x a1 a2 a3 | a1 a2 a3 x", "y a1 a2 a3 | a1 a2 a3 y"]));
});

test("longLag: the present symbol is worth all but ln 2 a sequence, and half the last answers", () => {
  const { batch, baselines } = longLag({ lag: 6, batchSize: 20_000 }, seededRng(2));
  const { xs, classes } = batch();
  const shown = xs.map(argOnes);
  const cost = conditionalEntropy(shown.flatMap((row, t) => row.map((s, b) => [s, classes[t][b]] as const)));
  expect(Math.abs(cost - baselines.memoryless)).toBeLessThan(0.0002);
  expect(Math.abs(average(20_000, (b) => (classes[5][b] === 5 ? 1 : 0)) - baselines.accuracy)).toBeLessThan(0.015);
  expect(longLag().baselines.memoryless).toBeCloseTo(Math.log(2) / 100, 15);
});

test("longLag: refuses what makes no task", () => {
  expect(longLag({ lag: 2 }).symbols).toEqual(["a1", "x", "y"]);
  expect(() => longLag({ lag: 1 })).toThrow("longLag: lag must be an integer >= 2, got 1");
  expect(() => longLag({ lags: 3 } as object)).toThrow('longLag: unknown option "lags"; did you mean lag?');
});
