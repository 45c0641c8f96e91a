import { expect, test } from "vitest";
import {
  between,
  byStep,
  checkRange,
  guessing,
  oneHot,
  oneHotSteps,
  oneOf,
  realSteps,
} from "../../../lib/src/tasks/task.js";
import { seededRng } from "../../../lib/src/tensor/rng.js";

test("oneHot: a single 1 in each row; −1 is a row of zeros", () => {
  expect(oneHot([2, -1, 0], 3).tolist()).toEqual([
    [0, 0, 1],
    [0, 0, 0],
    [1, 0, 0],
  ]);
  expect([oneHot([0], 2).dtype, oneHot([0], 2, "float32").dtype]).toEqual(["float64", "float32"]);
});

test("oneHot: refuses a class outside the row", () => {
  expect(() => oneHot([0, 3], 3)).toThrow("oneHot: every class must be an integer in -1..2, got 3 at 1");
  expect(() => oneHot([0.5], 3)).toThrow("oneHot: every class must be an integer in -1..2, got 0.5 at 0");
  expect(() => oneHot([-2], 3)).toThrow("got -2 at 0");
});

test("byStep, oneHotSteps, realSteps: ragged sequences are read step by step, nothing after their end", () => {
  expect(byStep([[5, 6, 7], [8]])).toEqual([
    [5, 8],
    [6, -1],
    [7, -1],
  ]);
  expect(oneHotSteps([[1, 0], [1]], 2).map((x) => x.tolist())).toEqual([
    [
      [0, 1],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 0],
    ],
  ]);
  expect(realSteps([3, 1]).map((x) => x.tolist())).toEqual([
    [[1], [1]],
    [[1], [0]],
    [[1], [0]],
  ]);
  expect(realSteps([1], "float32")[0].dtype).toBe("float32");
});

test("between and oneOf: every value comes up, both ends included", () => {
  const rng = seededRng(1);
  const drawn = new Set(Array.from({ length: 200 }, () => between(rng, 3, 5)));
  expect([...drawn].sort()).toEqual([3, 4, 5]);
  expect(new Set(Array.from({ length: 200 }, () => oneOf(rng, "xyz".split(""))))).toEqual(new Set(["x", "y", "z"]));
});

test("guessing: the costs of 1/k for each of k classes, worked by hand for k = 2 of 4", () => {
  // target (1, 0, 0, 0) against (1/2, 1/2, 0, 0): (1/4 + 1/4) / 4
  expect(guessing(2, 4)).toEqual({ accuracy: 1 / 2, crossEntropy: Math.log(2), mse: 1 / 8 });
  expect(guessing(4).mse).toBe(3 / 16);
});

test("checkRange: a number or a pair, in order, not below the least", () => {
  expect(checkRange("t", "n", 4, 1)).toEqual([4, 4]);
  expect(checkRange("t", "n", [1, 1], 1)).toEqual([1, 1]);
  const message = (came: string) => `t: n must be an integer >= 1 or a pair [low, high] of them, got ${came}`;
  expect(() => checkRange("t", "n", [0, 4], 1)).toThrow(message("[0, 4]"));
  expect(() => checkRange("t", "n", [5, 4], 1)).toThrow(message("[5, 4]"));
  expect(() => checkRange("t", "n", [1, 2.5], 1)).toThrow(message("[1, 2.5]"));
  expect(() => checkRange("t", "n", [1, 2, 3] as never, 1)).toThrow(message("[1, 2, 3]"));
  expect(() => checkRange("t", "n", "3" as never, 1)).toThrow(message('"3"'));
});
