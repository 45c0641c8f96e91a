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

test("every lesson is the home of some topic", () => {
  const homes = new Set(topics.map(({ cell }) => cell.split("/")[0]));
  const lessons = notebooksIn("notebooks").map((path) => path.replace(/^notebooks\/|\.ipynb$/g, ""));
  expect(lessons.length).toBeGreaterThanOrEqual(15);
  expect(lessons.filter((lesson) => !homes.has(lesson))).toEqual([]);
});

const topicsOf = (source: string): number => topics.filter((topic) => topic.source === source).length;

/** Read line by line; a topic that is dropped is missed here. */
test.each([
  ["S0", 42],
  ["S1", 66],
  ["S2", 31],
  ["S3", 48],
] as const)("%s has at least %i topics in the course", (source, atLeast) => {
  expect(topicsOf(source)).toBeGreaterThanOrEqual(atLeast);
});

test("no topic is there twice", () => {
  const names = topics.map(({ source, topic }) => `${source}: ${topic}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
