import { embeddedReber, followsGrammar, predictsLegal, seededRng, tensor } from "unrolled";
import { expect, test } from "vitest";

test("predictsLegal: every legal score above every other; a tie is a mistake", () => {
  const legal = tensor([
    [1, 1, 0],
    [1, 0, 0],
    [1, 0, 1],
    [1, 0, 0],
  ]);
  const scores = tensor([
    [-1, -2, -3],
    [0.5, 0.6, 0.1],
    [0.9, 0.2, 0.3],
    [0.4, 0.4, 0.1],
  ]);
  expect(predictsLegal(scores, legal)).toEqual([true, false, true, false]);
});

test("predictsLegal: refuses scores of another shape", () => {
  expect(() => predictsLegal(tensor([[1, 2]]), tensor([[1, 0, 0]]))).toThrow(
    "predictsLegal: output must be [1, 3], got [1, 2]",
  );
});

test("followsGrammar: one illegal prediction spoils a string; what comes after its end does not count", () => {
  const batch = embeddedReber({ batchSize: 30 }, seededRng(1)).batch();
  const perfect = batch.legal.map((y) => y.mul(2).add(-1));
  expect(followsGrammar(perfect, batch)).toEqual(Array(30).fill(true));
  const spoiled = perfect.map((y) => y.mul(1));
  const [row, step] = [4, batch.lengths[4] - 1];
  spoiled[step].data.fill(0, row * 7, row * 7 + 7);
  expect(followsGrammar(spoiled, batch)).toEqual(batch.lengths.map((_, b) => b !== row));
});

test("followsGrammar: forgetting the second letter and saying both, or always T, fails the strings it should", () => {
  const batch = embeddedReber({ batchSize: 200 }, seededRng(2)).batch();
  const alwaysT = batch.legal.map((y) => y.mul(1));
  batch.lengths.forEach((length, b) => {
    const [tColumn, pColumn] = [1, 2];
    alwaysT[length - 2].data[b * 7 + tColumn] = 1;
    alwaysT[length - 2].data[b * 7 + pColumn] = 0;
  });
  expect(followsGrammar(alwaysT, batch)).toEqual(batch.texts.map((text) => text.at(-2) === "T"));
});

test("followsGrammar: refuses another number of steps", () => {
  const batch = embeddedReber({}, seededRng(3)).batch();
  expect(() => followsGrammar([], batch)).toThrow(`followsGrammar: outputs must be ${batch.legal.length} steps, got 0`);
});
