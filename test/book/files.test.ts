import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { book, pages } from "./browser.js";

const read = (path: string): string => readFileSync(join(book, path), "utf8");
const texts = new Map(pages.map((path) => [path, read(path)]));

test("there is a page for every lesson, every set of exercises, and every page one looks things up in", () => {
  const inCourse = (folder: string) => readdirSync(join(book, folder)).filter((name) => name.endsWith(".ipynb")).length;
  expect(pages.filter((path) => path.startsWith("lessons/"))).toHaveLength(inCourse("notebooks"));
  expect(pages.filter((path) => path.startsWith("exercises/"))).toHaveLength(inCourse("exercises"));
  for (const page of [
    "index",
    "glossary",
    "references",
    "benchmarks",
    "instructors",
    "laboratory",
    "scoreboard",
    "api",
    "404",
  ])
    expect(pages).toContain(`${page}.html`);
  expect(existsSync(join(book, "api/index.html"))).toBe(true);
});

test.each([...texts])("%s: every link, picture and script leads to a file, every anchor to its place", (path, html) => {
  const targets = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target]) => target.replaceAll("&amp;", "&"));
  const broken = targets.filter((target) => {
    if (/^[a-z]+:/i.test(target)) return false;
    const [file, hash] = target.split("#");
    const to = file === "" ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(book, to))) return true;
    return (
      Boolean(hash) && to.endsWith(".html") && !(texts.get(to) ?? read(to)).includes(`id="${decodeURIComponent(hash)}"`)
    );
  });
  expect(broken).toEqual([]);
});

test.each([...texts])("%s: one main heading, no id twice, a description", (_path, html) => {
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect(html).toMatch(/<meta name="description" content="[^"]{20,}/);
});

test("no page names a script or style of another host", () => {
  for (const [path, html] of texts)
    expect(html.match(/<(script|link)[^>]+(src|href)="https?:[^"]*"/g), path).toBeNull();
});

test("plotly.js is at most 1.5 MB gzipped, and there once", () => {
  const found = readdirSync(book, { recursive: true, encoding: "utf8" }).filter((name) => /plotly.*\.js$/.test(name));
  expect(found.map((name) => name.replaceAll("\\", "/"))).toEqual(["assets/plotly.js"]);
  expect(gzipSync(readFileSync(join(book, "assets/plotly.js"))).length).toBeLessThan(1.5e6);
});

test("a lesson with all that its first sight loads is at most 300 KB, gzipped as hosts send it, without plotly.js", () => {
  const size = (name: string): number => gzipSync(readFileSync(join(book, name))).length;
  const raw = (name: string): number => statSync(join(book, name)).size; // fonts are compressed already
  const shared = ["assets/book.css", "assets/katex.css", "assets/live.js", "assets/site.js"].reduce(
    (sum, name) => sum + size(name),
    0,
  );
  const fonts = [
    "source-serif-4.woff2",
    "source-serif-4-italic.woff2",
    "KaTeX_Main-Regular.woff2",
    "KaTeX_Math-Italic.woff2",
  ];
  const all = shared + fonts.reduce((sum, name) => sum + raw(`assets/fonts/${name}`), 0);
  for (const path of pages.filter((name) => name.startsWith("lessons/")))
    expect(all + size(path), path).toBeLessThan(300_000);
});
