import { explore } from "unrolled";
import { expect, test } from "vitest";

test("explore.texts: the page gets characters and shades, the still drawing the first text", () => {
  const widget = explore.texts(
    [
      { name: "cold", text: "a<b", shades: [1, -0.504, 0] },
      { name: "warm", text: "é\n" },
    ],
    { title: "Temperature" },
  );
  expect(widget).toMatchObject({ kind: "texts", title: "Temperature" });
  expect(widget.data).toEqual({
    views: [
      { name: "cold", letters: ["a", "<", "b"], shades: [1, -0.5, 0] },
      { name: "warm", letters: ["é", "\n"], shades: [0, 0] },
    ],
  });
  expect(widget.still.svg).toContain("&lt;</text>");
  expect(widget.still.svg.match(/<rect [^>]*fill-opacity/g)).toHaveLength(2); // the third is not shaded
  expect(widget.still.alt).toContain("Temperature: cold. a<b");
  expect(widget.words).toEqual(["warm: é\n"]);
});

test("explore.texts: refusals", () => {
  expect(() => explore.texts([])).toThrow("explore.texts: there must be at least one text, got none");
  expect(() => explore.texts([{ name: "a", text: "ab", shades: [1] }])).toThrow(
    "shades must be 2 numbers in [-1, 1], got 1",
  );
  expect(() => explore.texts([{ name: "a", text: "ab", shades: [1, 2] }])).toThrow("in [-1, 1], got 2");
  expect(() => explore.texts([{ name: "a", text: "a", shades: [Number.NaN] }])).toThrow("in [-1, 1], got NaN");
});

test("explore.lookBack: each row is a share of its greatest, and the words say how far back it lies", () => {
  const widget = explore.lookBack("abc", { LSTM: [[2], [4, 1], [0, 3, 0.6]], RNN: [[0], [0, 1], [0, 0, 1]] });
  expect(widget.data).toMatchObject({
    letters: ["a", "b", "c"],
    models: [
      { name: "LSTM", rows: [[1], [1, 0.25], [0, 1, 0.2]] },
      { name: "RNN", rows: [[0], [0, 1], [0, 0, 1]] },
    ],
  });
  expect(widget.words).toEqual([
    "LSTM: what matters most lies at most 1 characters back, after character 2.",
    "RNN: what matters most lies at most 0 characters back, after character 1.",
  ]);
  expect(widget.still.alt).toContain("after the last character of: abc");
});

test("explore.lookBack: refusals", () => {
  expect(() => explore.lookBack("ab", { LSTM: [[1]] })).toThrow("LSTM must have 2 rows of 1, 2, … numbers >= 0");
  expect(() => explore.lookBack("ab", { LSTM: [[1], [1, -1]] })).toThrow("LSTM must have 2 rows");
  expect(() => explore.lookBack("ab", {})).toThrow("there must be at least one model, got none");
});
