import { seededRng, temporalOrder } from "unrolled";
import { describe, expect, test } from "vitest";
import { argOnes, average, conditionalEntropy } from "./measuring.js";

describe.each([
  {
    variant: "6a",
    windows: [
      [10, 20],
      [50, 60],
    ],
  },
  {
    variant: "6b",
    windows: [
      [10, 20],
      [33, 43],
      [66, 76],
    ],
  },
] as const)("temporalOrder $variant", ({ variant, windows }) => {
  test("X and Y stand in the paper's places, noise elsewhere; their order is the class", () => {
    const { batch, symbols } = temporalOrder({ variant, batchSize: 400 }, seededRng(1));
    const { texts, classes, xs } = batch();
    const places = windows.map(() => new Set<number>());
    texts.forEach((text, b) => {
      expect(text).toMatch(/^E[a-dXY]*B$/);
      const found = [...text.matchAll(/[XY]/g)];
      expect(found).toHaveLength(windows.length);
      found.forEach(({ index }, k) => {
        places[k].add(index);
      });
      const order = found.map(([letter]) => (letter === "X" ? "0" : "1")).join("");
      expect(classes[b]).toBe(Number.parseInt(order, 2));
    });
    places.forEach((seen, k) => {
      expect([Math.min(...seen), Math.max(...seen), seen.size]).toEqual([...windows[k], 11]);
    });
    expect(new Set(texts.join("")).size).toBe(8);
    const spelled = xs.map(argOnes);
    expect(spelled.map((row) => symbols[row[3]]).join("")).toBe(texts[3]);
  });

  test("all classes are equally likely, so the last step alone is worth a guess, and one symbol short a coin toss", () => {
    const { batch, baselines } = temporalOrder({ variant, seqLen: 10, batchSize: 40_000 }, seededRng(2));
    const { target, classes, texts } = batch();
    const count = 2 ** windows.length;
    const seenLast = conditionalEntropy(classes.map((k) => [1, k] as const));
    expect(Math.abs(seenLast - baselines.crossEntropy)).toBeLessThan(0.001);
    const mse = average(target.data.length, (k) => (target.data[k] - 1 / count) ** 2);
    expect(mse).toBeCloseTo(baselines.mse, 12);
    expect(Math.abs(average(classes.length, (b) => (classes[b] === 1 ? 1 : 0)) - baselines.accuracy)).toBeLessThan(
      0.009,
    );
    const known = texts.map((text) => text.replace(/[^XY]/g, "").slice(0, -1));
    const oneShort = conditionalEntropy(classes.map((k, b) => [known[b], k] as const));
    expect(Math.abs(oneShort - Math.log(2))).toBeLessThan(0.001);
    const guess = average(classes.length, (b) => (classes[b] % 2 === 0 ? 1 : 0));
    expect(Math.abs(guess - baselines.oneForgotten)).toBeLessThan(0.01);
  });
});

test("temporalOrder: the chance levels are 1/4 and 1/8, 6a unless told", () => {
  expect(temporalOrder().baselines).toEqual({
    accuracy: 1 / 4,
    crossEntropy: Math.log(4),
    mse: 3 / 16,
    oneForgotten: 1 / 2,
  });
  expect(temporalOrder({ variant: "6b" }).baselines).toMatchObject({ accuracy: 1 / 8, mse: 7 / 64 });
});

test("temporalOrder: lengths are T to T + T/10, both included, one per batch", () => {
  const task = temporalOrder({ batchSize: 1 }, seededRng(3));
  const lengths = new Set(Array.from({ length: 200 }, () => task.batch().xs.length));
  expect([...lengths].sort()).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
});

test("temporalOrder: refuses what makes no task", () => {
  expect(() => temporalOrder({ seqLen: 9 })).toThrow("temporalOrder: seqLen must be an integer >= 10, got 9");
  expect(() => temporalOrder({ variant: "6c" as "6a" })).toThrow(
    'temporalOrder: variant must be "6a" or "6b", got "6c"',
  );
});
