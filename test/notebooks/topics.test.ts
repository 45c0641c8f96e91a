import { expect, test } from "vitest";
import { committed, notebooksIn } from "./committed.js";
import { type Notebook, sourceOf } from "./lint.js";
import { topics } from "./topics.js";

const text = new Map(
  notebooksIn("notebooks").flatMap((path) => {
    const name = path.replace(/^notebooks\/|\.ipynb$/g, "");
    return (JSON.parse(committed(path)) as Notebook).cells.map((cell) => [`${name}/${cell.id}`, sourceOf(cell)]);
  }),
);

test.each(topics)("$source: $topic", ({ cell, says }) => {
  expect([...text.keys()]).toContain(cell);
  expect(text.get(cell)?.replace(/\*\*/g, "")).toMatch(says);
});

test("every lesson up to 06 is the home of some topic", () => {
  const homes = new Set(topics.map(({ cell }) => cell.slice(0, 2)));
  expect(["00", "01", "02", "03", "04", "05", "06"].filter((lesson) => !homes.has(lesson))).toEqual([]);
});
