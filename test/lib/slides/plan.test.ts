import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readNotebook, sourceOf } from "../../../lib/src/notebook/notebook-file.js";
import { codeLines } from "../../../lib/src/slides/height.js";
import { type CellView, planSlides, type Slide, type SlideType } from "../../../lib/src/slides/plan.js";

const prose = (id: string, source: string, slideType?: SlideType): CellView => ({
  id,
  kind: "markdown",
  source,
  slideType,
  shows: "nothing",
  size: 0,
});
const code = (id: string, source: string, shows: CellView["shows"] = "nothing", size = 1): CellView => ({
  id,
  kind: "code",
  source,
  shows,
  size,
});

/** A slide as one reads it in a table of contents: its place, and what stands on it. */
const outline = (slides: readonly Slide[]): string[] =>
  slides.map(
    ({ id, below, pieces }) =>
      `${below ? "  " : ""}${id}: ${pieces.map(({ show, fragment }) => `${fragment ? "+" : ""}${show}`).join(" ")}`,
  );

const section = prose(
  "gate",
  "## 2 · The gate\n\nIt lets a share through. More is said about it here.\n\n*Before you run it: how much?*",
);

describe("planSlides", () => {
  test("question, then output, then what was seen when the speaker is ready", () => {
    const slides = planSlides([
      section,
      code("run", "f();", "figure", 400),
      prose("read", "**What we saw.** Half of it. The rest is gone."),
    ]);
    expect(outline(slides)).toEqual(["gate: markdown markdown markdown", "  run: code output +markdown"]);
    expect(slides[1].title).toBe("2 · The gate");
    expect(slides[1].notes).toEqual(["**What we saw.** Half of it. The rest is gone."]);
  });

  test("what was seen stays with its figure where the next heading stands in the same cell", () => {
    const read = prose("read", "**What we saw.** Half of it.\n\n## 3 · The next\n\nAnother thing.");
    const slides = planSlides([section, code("run", "f();", "figure", 400), read]);
    expect(outline(slides).slice(1)).toEqual(["  run: code output +markdown", "read: markdown markdown"]);
    expect(slides.map(({ title }) => title)).toEqual(["2 · The gate", "2 · The gate", "3 · The next"]);
  });

  test("a long table is parted, each part with its head", () => {
    const rows = Array.from({ length: 30 }, (_, k) => `| ${k} | a row |`);
    const slides = planSlides([prose("table", `## T\n\n| n | row |\n|--|--|\n${rows.join("\n")}`)]);
    const tables = slides.flatMap(({ pieces }) =>
      pieces.flatMap((piece) => ("text" in piece && piece.text.startsWith("|") ? [piece.text] : [])),
    );
    expect(slides.length).toBeGreaterThan(1);
    expect(tables.every((table) => table.startsWith("| n | row |\n|--|--|\n| "))).toBe(true);
    expect(tables.flatMap((table) => table.split("\n").slice(2))).toEqual(rows);
  });

  test("a label without a sentence goes with the list that it leads to", () => {
    const read = prose("read", "**What we saw.**\n\n- This.\n- That.");
    expect(outline(planSlides([section, code("run", "f();", "figure", 400), read])).slice(1)).toEqual([
      "  run: code output",
      "  read: markdown markdown",
    ]);
  });

  test("code in the notes stands in a fence, and takes no slide", () => {
    const setup: CellView = { ...code("setup", "const a = 1;"), slideType: "notes" };
    const slides = planSlides([section, setup, code("run", "f(a);", "text")]);
    expect(outline(slides)).toEqual(["gate: markdown markdown markdown", "  run: code output"]);
    expect(slides[0].notes).toContain("```ts\nconst a = 1;\n```");
  });

  test("a new prediction waits on a slide of its own, so that nobody sees its answer", () => {
    const read = prose("read", "**What we saw.** Half of it.\n\n*Before you run it: and twice?*");
    expect(outline(planSlides([section, code("run", "f();", "text"), read, code("again", "g();", "text")]))).toEqual([
      "gate: markdown markdown markdown",
      "  run: code output +markdown",
      "  read: markdown",
      "  again: code output",
    ]);
  });

  test("prose that stands on no slide is in the notes, all of it", () => {
    const long = `${"One more word of it. ".repeat(20).trim()}`;
    const slides = planSlides([
      prose("a", `## A\n\n${long}\n\nSecond paragraph of prose.`),
      prose("b", "Third one, alone in its cell."),
    ]);
    expect(slides).toHaveLength(1);
    expect(slides[0].notes).toEqual([long, "Second paragraph of prose.", "Third one, alone in its cell."]);
  });

  test("code and what it shows stay together where a slide holds both, and part where none does", () => {
    const lines = (count: number): string => Array.from({ length: count }, (_, k) => `f(${k});`).join("\n");
    const together = [section, code("a", lines(12)), code("b", lines(6), "figure", 400)];
    expect(outline(planSlides(together)).slice(1)).toEqual(["  a: code", "  b: code output"]);
    const apart = [section, code("c", lines(18), "figure", 400)];
    expect(outline(planSlides(apart)).slice(1)).toEqual(["  c: code", "  c--2: output"]);
  });

  test("a long list keeps the first sentence of each item, and the notes the rest", () => {
    const item = `- Say this. ${"And much more. ".repeat(12).trim()}`;
    const [slide] = planSlides([prose("list", `## L\n\n${[item, item, item].join("\n")}`)]);
    expect(slide.pieces[1]).toMatchObject({ text: expect.stringMatching(/^(- Say this\.( And much more\.)+\n?){3}$/) });
    expect(slide.notes).toEqual([[item, item, item].join("\n")]);
  });

  test("a quiz is a slide a question; references and glossary are none", () => {
    const quiz = code("quiz", "quiz([])", "quiz", 3);
    expect(outline(planSlides([section, quiz, prose("references", "## References\n\n- Somebody.")]))).toEqual([
      "gate: markdown markdown markdown",
      "quiz: question",
      "  quiz--2: question",
      "  quiz--3: question",
    ]);
  });

  test("a cell's slide type overrides the rule", () => {
    const plan = (slideType: SlideType): string[] =>
      outline(planSlides([section, prose("x", "Prose alone.", slideType)])).slice(0);
    expect(plan("slide")).toEqual(["gate: markdown markdown markdown", "x: markdown"]);
    expect(plan("subslide")).toEqual(["gate: markdown markdown markdown", "  x: markdown"]);
    expect(plan("-")).toEqual(["gate: markdown markdown markdown markdown"]);
    expect(plan("fragment")).toEqual(["gate: markdown markdown markdown +markdown"]);
    expect(plan("skip")).toEqual(["gate: markdown markdown markdown"]);
    expect(planSlides([section, prose("x", "Prose alone.", "notes")])[0].notes).toContain("Prose alone.");
    expect(planSlides([section, prose("x", "Prose alone.", "skip")])[0].notes).not.toContain("Prose alone.");
  });

  test("every slide has an id of its own, and nothing empty is left", () => {
    const slides = planSlides([
      section,
      code("a", 'import { f } from "unrolled";'),
      code("b", "f();\n".repeat(60), "figure", 500),
    ]);
    expect(new Set(slides.map(({ id }) => id)).size).toBe(slides.length);
    expect(slides.every(({ pieces }) => pieces.length > 0)).toBe(true);
  });
});

test("codeLines: imports, over several lines too, do not stand on slides", () => {
  const source = 'import { a,\n  b } from "unrolled";\nimport { c } from "mathjs";\n\na();\n\nb();';
  expect(codeLines(source)).toEqual([4, 5, 6]);
});

const folder = fileURLToPath(new URL("../../../notebooks", import.meta.url));
const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

describe("no word of a lesson is lost: it is on a slide or in the notes", () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith(".ipynb")))("%s", (name) => {
    const { cells } = readNotebook(join(folder, name));
    const views = cells.map((cell): CellView => {
      const shows = cell.cell_type === "code" ? "text" : "nothing";
      const { slide_type: slideType } = (cell.metadata as { slideshow?: { slide_type?: SlideType } }).slideshow ?? {};
      return {
        id: cell.id as string,
        kind: cell.cell_type as CellView["kind"],
        source: sourceOf(cell),
        slideType,
        shows,
        size: 4,
      };
    });
    const slides = planSlides(views);
    const said = new Set(
      slides
        .flatMap(({ pieces, notes }) => [...notes, ...pieces.map((piece) => ("text" in piece ? piece.text : ""))])
        .flatMap(words),
    );
    const shown = views.filter(
      ({ kind, slideType, source }) =>
        kind === "markdown" && slideType !== "skip" && !/^#+ (.*Glossary|References)/m.test(source),
    );
    const lost = shown.flatMap(({ id, source }) =>
      words(source)
        .filter((word) => !said.has(word))
        .map((word) => `${id}: ${word}`),
    );
    expect(lost).toEqual([]);
  });
});
