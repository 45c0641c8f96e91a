import { describe, expect, test } from "vitest";
import { difference, uninformative } from "../../../lib/src/exercise/difference.js";
import { beginTrace } from "../../../lib/src/exercise/trace.js";

test("toBeAllClose: accepts equal nested arrays, typed arrays, tensors and single numbers", () => {
  expect([[1, 2, 3]]).toBeAllClose([[1, 2, 3 + 1e-12]]);
  expect(Float64Array.of(1, 2)).toBeAllClose([1, 2]);
  expect({ shape: [1, 2], data: Float32Array.of(1, 2) }).toBeAllClose([[1, 2]]);
  expect(0.1 + 0.2).toBeAllClose(0.3);
  expect([1, 2]).not.toBeAllClose([1, 3]);
});

test("toBeAllClose: names the worst entry", () => {
  expect(() => expect([[0.1, 0.2, 0.055]]).toBeAllClose([[0.1, 0.21, 0.065 + 0.01]])).toThrow(
    "worst at [0][2]: got 0.055, expected 0.075",
  );
  expect(() => expect(2).toBeAllClose(3)).toThrow("worst: got 2, expected 3");
});

test("toBeAllClose: prints digits until the difference shows", () => {
  expect(difference([0.123456789], [0.12345678])?.problem).toBe("worst at [0]: got 0.123456789, expected 0.12345678");
});

test("toBeAllClose: NaN is the worst entry of all, and never close to a number", () => {
  expect(difference([5, Number.NaN], [1, 2])?.problem).toBe("worst at [1]: got NaN, expected 2");
  expect(difference([Number.NaN], [Number.NaN])).toBeUndefined();
  expect(difference([[1], [3]], [[1], [2]], { names: ["h", "c"] })?.problem).toBe("worst at c[0]: got 3, expected 2");
  expect(difference([Number.POSITIVE_INFINITY], [1])?.problem).toBe("worst at [0]: got Infinity, expected 1");
});

test("toBeAllClose: names a wrong shape, a ragged row and an entry that is no number", () => {
  expect(difference([1, 2, 3], [[1, 2, 3]])?.problem).toBe("the shape must be [1, 3], got [3]");
  expect(difference([[1], [1, 2]], [[1], [2]])?.problem).toBe("answer[1] must be [1] like its neighbours, got [2]");
  expect(difference([1, "2"], [1, 2])?.problem).toBe('answer[1] must be a number, got the text "2"');
  expect(difference(undefined, [1, 2])?.problem).toBe("answer must be a number, got undefined");
  expect(difference({ valueOf: () => 1 }, 1)?.problem).toMatch("answer must be a number, got an object");
});

test("toBeAllClose: tolerance is atol + rtol |expected|", () => {
  expect(difference([1001], [1000], { rtol: 1e-3 })).toBeUndefined();
  expect(difference([1001.1], [1000], { rtol: 1e-3 })).toBeDefined();
  expect(difference([1e-7], [0], { atol: 1e-6 })).toBeUndefined();
});

test("toBeAllClose: says which known slip gives this answer", () => {
  const mistakes = { "the forget gate is missing": [1, 2], "i and f are swapped": [3, 4] };
  expect(difference([3, 4], [5, 6], { mistakes })?.looksLike).toBe("i and f are swapped");
  expect(difference([3, 5], [5, 6], { mistakes })?.looksLike).toBeUndefined();
  expect(() => expect([1, 2]).toBeAllClose([5, 6], { mistakes })).toThrow(
    "It looks like this: the forget gate is missing",
  );
});

test.each([
  [[0, 0, 0], "every entry is 0"],
  [[0.5, 0.5], "every entry is 0.5"],
  [[], "empty"],
  [[1, Number.NaN], "entry [1] is NaN"],
  [0, "the answer is 0"],
  ["12", "must be a number"],
])("toBeInformative: %j earns nothing", (answer, reason) => {
  expect(uninformative(answer)).toContain(reason);
});

test("toBeInformative: asks for a shape where one is given", () => {
  expect(uninformative([1, 2], [3])).toBe("the shape must be [3], got [2]");
  expect([1, 2]).toBeInformative([2]);
});

describe("toChoose", () => {
  const why = { a: "f keeps, it does not write", c: "o decides what is shown" };
  const seen = (answer: unknown) => {
    const trace = beginTrace();
    expect(answer).not.toChoose("b", why);
    return trace.finding;
  };

  test("takes the right letter, in either case", () => {
    expect("b").toChoose("b", why);
    expect(" B ").toChoose("b", why);
  });

  test("a wrong letter says which wrong idea it comes from, and does not give the right one away", () => {
    expect(seen("a")).toEqual({ problem: '"a" is not the answer', looksLike: why.a });
  });

  test("no answer is not started; what is no letter is told the letters", () => {
    expect(seen(undefined)).toMatchObject({ kind: "not-started" });
    expect(seen("constructor")).toMatchObject({
      problem: 'the answer must be one of "a", "b", "c", got "constructor"',
    });
    expect(seen(2)).toMatchObject({ problem: 'the answer must be one of "a", "b", "c", got a number' });
  });
});
