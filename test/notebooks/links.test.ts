import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { committed, notebooksIn, root } from "./committed.js";
import { type Notebook, sourceOf } from "./lint.js";

const all = ["notebooks", "exercises", "solutions"].flatMap(notebooksIn);
const textOf = (path: string): string =>
  path.endsWith(".ipynb") ? (JSON.parse(committed(path)) as Notebook).cells.map(sourceOf).join("\n") : committed(path);

/** Links to files of the course, as [file from the root, anchor], read from Markdown and from HTML. */
function localLinks(path: string, text: string): [file: string, anchor: string][] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|href="([^"]+)"/g)].map(([, md, html]) => md ?? html);
  return targets
    .filter((target) => !/^[a-z]+:/i.test(target))
    .map((target) => target.split("#"))
    .filter(([file]) => /^$|\.(ipynb|md)$/.test(file))
    .map(([file, anchor = ""]) => [file === "" ? path : normalize(join(dirname(path), file)), anchor]);
}

/** What is wrong with the links of a page. */
function brokenLinks(path: string, text: string): string[] {
  return localLinks(path, text).flatMap(([file, anchor]) => {
    if (!existsSync(join(root, file))) return [`${file} is not there`];
    const target = file === path ? text : textOf(file);
    return anchor === "" || target.includes(`id="${anchor}"`) ? [] : [`${file} has no anchor "${anchor}"`];
  });
}

describe("every link from a notebook to a file of the course, and to a term of the glossary, leads there", () => {
  test.each(all)("%s", (path) => {
    expect(brokenLinks(path, textOf(path))).toEqual([]);
  });
});

test("a link that leads nowhere is found", () => {
  const page = "notebooks/01-vanilla-rnn.ipynb";
  expect(brokenLinks(page, "[term](00-start-here.ipynb#term-of-no-lesson) [gone](gone.ipynb)")).toEqual([
    'notebooks/00-start-here.ipynb has no anchor "term-of-no-lesson"',
    "notebooks/gone.ipynb is not there",
  ]);
});
