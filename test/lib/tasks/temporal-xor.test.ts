import { seededRng, temporalXor } from "unrolled";
import { expect, test } from "vitest";
import { conditionalEntropy } from "./measuring.js";

test("temporalXor: every third bit is the XOR of the two before; the class is the next bit", () => {
  const { batch, seqLen, predictable } = temporalXor({ triples: 4, batchSize: 30 }, seededRng(1));
  const { xs, classes } = batch();
  expect([xs.length, seqLen]).toEqual([12, 12]);
  expect(predictable).toEqual([1, 4, 7, 10]);
  for (let b = 0; b < 30; b++) {
    const bits = xs.map((x) => x.data[b]);
    for (let t = 2; t < 12; t += 3) expect(bits[t]).toBe(bits[t - 1] ^ bits[t - 2]);
    expect(classes.slice(0, -1).map((row) => row[b])).toEqual(bits.slice(1));
    for (const t of predictable) expect(classes[t][b]).toBe(bits[t] ^ bits[t - 1]);
  }
  expect(new Set(classes[11])).toEqual(new Set([0, 1]));
});

test("temporalXor: both baselines are what such answers cost", () => {
  const { batch, baselines, predictable } = temporalXor({ triples: 3, batchSize: 20_000 }, seededRng(2));
  const { xs, classes } = batch();
  const cost = (seen: (t: number, b: number) => unknown) =>
    conditionalEntropy(classes.flatMap((row, t) => row.map((bit, b) => [`${t} ${seen(t, b)}`, bit] as const)));
  expect(Math.abs(cost((t, b) => xs[t].data[b]) - baselines.memoryless)).toBeLessThan(0.001);
  const rule = (t: number, b: number) => (predictable.includes(t) ? xs[t].data[b] ^ xs[t - 1].data[b] : "?");
  expect(Math.abs(cost(rule) - baselines.solved)).toBeLessThan(0.001);
});

test("temporalXor: refuses what makes no task", () => {
  expect(() => temporalXor({ triples: 0 })).toThrow("temporalXor: triples must be an integer >= 1, got 0");
  expect(() => temporalXor({ triple: 3 } as object)).toThrow(
    'temporalXor: unknown option "triple"; did you mean triples?',
  );
});
