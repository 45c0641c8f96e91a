import fc from "fast-check";
import { parity, parityEachStep, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { average, conditionalEntropy } from "./measuring.js";

test("parity: the class is the number of ones, modulo two", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer(), (seqLen, seed) => {
      const { xs, classes } = parity({ seqLen, batchSize: 5 }, seededRng(seed)).batch();
      expect(xs).toHaveLength(seqLen);
      classes.forEach((odd, b) => {
        const bits = xs.map((x) => x.data[b]);
        expect(bits.every((bit) => bit === 0 || bit === 1)).toBe(true);
        expect(odd).toBe(bits.reduce((sum, bit) => sum + bit) % 2);
      });
    }),
    { numRuns: 40, seed: 1 },
  );
});

test("parityEachStep: the same bits as parity, with the parity so far at each step", () => {
  const last = parity({ seqLen: 9, batchSize: 20 }, seededRng(2)).batch();
  const { xs, classes } = parityEachStep({ seqLen: 9, batchSize: 20 }, seededRng(2)).batch();
  expect(xs.map((x) => x.tolist())).toEqual(last.xs.map((x) => x.tolist()));
  expect(classes[8]).toEqual(last.classes);
  for (let b = 0; b < 20; b++) {
    for (let t = 1; t < 9; t++) expect(classes[t][b]).toBe((classes[t - 1][b] + xs[t].data[b]) % 2);
    expect(classes[0][b]).toBe(xs[0].data[b]);
  }
});

test("parity: no bit but all of them is worth more than a guess", () => {
  const { batch, baselines } = parity({ seqLen: 4, batchSize: 40_000 }, seededRng(3));
  const { xs, classes, target } = batch();
  const seen = (known: number[]) =>
    conditionalEntropy(classes.map((odd, b) => [known.map((t) => xs[t].data[b]).join(""), odd] as const));
  for (const known of [[], [3], [0, 1, 2], [1, 2, 3]]) {
    expect(Math.abs(seen(known) - baselines.crossEntropy)).toBeLessThan(0.001);
  }
  expect(seen([0, 1, 2, 3])).toBe(0);
  expect(Math.abs(average(classes.length, (b) => classes[b]) - baselines.accuracy)).toBeLessThan(0.01);
  expect(average(target.data.length, (k) => (target.data[k] - 1 / 2) ** 2)).toBe(baselines.mse);
});

test("parity: refuses what makes no task", () => {
  expect(() => parity({ seqLen: 0 })).toThrow("parity: seqLen must be an integer >= 1, got 0");
  expect(() => parityEachStep({ seqlen: 3 } as object)).toThrow(
    'parityEachStep: unknown option "seqlen"; did you mean seqLen?',
  );
});
