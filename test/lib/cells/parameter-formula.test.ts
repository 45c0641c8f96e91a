import fc from "fast-check";
import { LSTM1997Cell, parameterCount, parameterFormula } from "unrolled";
import { expect, test } from "vitest";
import { cellKinds, cellOfKind } from "./kinds.js";

const size = fc.integer({ min: 1, max: 12 });

test.each(cellKinds)("parameterFormula(%j): what a cell of any sizes really has", (kind) => {
  fc.assert(
    fc.property(size, size, (inputSize, hiddenSize) => {
      const cellsPerBlock = hiddenSize % 2 === 0 ? 2 : 1;
      const expected = parameterFormula(kind).count(inputSize, hiddenSize, cellsPerBlock);
      expect(parameterCount(cellOfKind(kind, inputSize, hiddenSize))).toBe(expected);
    }),
    { numRuns: 20, seed: 1 },
  );
});

test.each(cellKinds.filter((kind) => kind !== "lstm1997"))("parameterFormula(%j): its text says the same", (kind) => {
  const { text, count } = parameterFormula(kind);
  const [n, m] = [7, 5];
  const asCode = text.replace("9m²", "9*m*m").replace(/(\d|m)(?=m|\()/g, "$1*");
  expect(new Function("n", "m", `return ${asCode}`)(n, m)).toBe(count(n, m));
});

test("parameterFormula of the LSTM of 1997: one cell per block unless told", () => {
  const { text, count } = parameterFormula("lstm1997");
  expect(text).toBe("(m + 2b)(n + m + 2b + 1), b = m / cells per block");
  expect(count(3, 4)).toBe(12 * (3 + 12 + 1));
  expect(parameterCount(new LSTM1997Cell(3, 4))).toBe(count(3, 4));
});

test("parameterFormula: refuses a kind it does not know", () => {
  // @ts-expect-error: not a kind
  expect(() => parameterFormula("LSTM")).toThrow('parameterFormula: kind must be "rnn" or "lstm"');
});
