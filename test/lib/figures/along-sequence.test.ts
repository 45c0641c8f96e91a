import { expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";

const text = { title: "One sequence", y: "value, in [0, 1)" };

test("figures.alongSequence: steps count from 1, the marked ones are shaded", () => {
  const { data, layout } = figures.alongSequence({ value: [0.5, 0.25, 0.75] }, { ...text, marked: [1, 0, 1] });
  expect(data[0]).toMatchObject({ x: [1, 2, 3], y: [0.5, 0.25, 0.75] });
  expect(layout.shapes).toMatchObject([
    { x0: 0.5, x1: 1.5 },
    { x0: 2.5, x1: 3.5 },
  ]);
});

test("figures.alongSequence: the alt text tells the marked values from the others", () => {
  const { alt } = figures.alongSequence({ value: [0.5, 0.25, 0.75, 0.1] }, { ...text, marked: [1, 0, 1, 0] });
  expect(alt).toBe(
    "One sequence. Steps 1 and 3: marked. value: 0.5 and 0.75 at the shaded steps, 0.1 to 0.25 at the others.",
  );
});

test("figures.alongSequence: marks of another length are refused", () => {
  const draw = () => figures.alongSequence({ value: [0.5, 0.25] }, { ...text, marked: [1] });
  expect(draw).toThrow("figures.alongSequence: marked must have 2 entries, got 1");
});

test("figures.alongSequence: neighbouring marks share one name, distant ones have their own", () => {
  const marked = Array.from({ length: 20 }, (_, t) => Number([2, 3, 4, 15].includes(t)));
  const { layout } = figures.alongSequence({ value: marked }, { ...text, marked, markedName: "pulse" });
  expect((layout.annotations as { x: number }[]).map(({ x }) => x)).toEqual([3, 16]);
  expect(layout.shapes).toHaveLength(4);
});
