import { expect, test } from "vitest";
import { committed, notebooksIn } from "./committed.js";
import { type Notebook, sourceOf } from "./lint.js";

const prose = (path: string): string =>
  (JSON.parse(committed(path)) as Notebook).cells
    .filter((cell) => cell.cell_type === "markdown")
    .map(sourceOf)
    .join("\n");

const lesson = prose("notebooks/14-capstone.ipynb");

/** The rows of the claims audit: | text | it says | **verdict** | evidence | */
const rows = lesson
  .split("\n")
  .map((line) => line.split(" | ").map((part) => part.replace(/^\| | \|$/g, "")))
  .filter(([, , verdict]) => /^\*\*\w+\*\*$/.test(verdict ?? ""))
  .map(([texts, claim, verdict, ...evidence]) => ({
    texts: texts.split(", "),
    claim,
    verdict: verdict.replaceAll("*", ""),
    evidence: evidence.join(" | "),
  }));

const of = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length;

test("every claim of the audit has its texts and one of three verdicts, and no claim is there twice", () => {
  expect(rows.length).toBeGreaterThan(50);
  for (const { texts, claim, verdict } of rows) {
    expect([claim, texts.every((text) => /^S[0-3]$/.test(text)), /^(right|loose|wrong)$/.test(verdict)]).toEqual([
      claim,
      true,
      true,
    ]);
  }
  expect(new Set(rows.map(({ claim }) => claim)).size).toBe(rows.length);
});

test("each of the four texts is found right somewhere, and wrong or loose somewhere", () => {
  for (const text of ["S0", "S1", "S2", "S3"]) {
    const verdicts = rows.filter(({ texts }) => texts.includes(text)).map(({ verdict }) => verdict);
    expect([text, verdicts.includes("right"), verdicts.includes("wrong")]).toEqual([text, true, true]);
  }
});

test("what the lesson says of its audit in numbers is what stands in its tables", () => {
  const counts = `${rows.length} claims in six groups: ${of("right")} right, ${of("loose")} loose, ${of("wrong")} wrong`;
  expect(lesson).toContain(counts);
  expect(lesson).toContain(`Of ${rows.length} claims ${of("wrong")} are wrong`);
});

const sectionsOf = new Map(
  notebooksIn("notebooks").map((path) => [
    path.replace("notebooks/", ""),
    [...prose(path).matchAll(/^## (\d+) ·/gm)].map(([, number]) => number),
  ]),
);

test("every section of a lesson that the audit points to is there", () => {
  const pointers = [...lesson.matchAll(/\[lesson \d\d, section (\d+)\]\(([^)]+)\)/g)];
  expect(pointers.length).toBeGreaterThan(30);
  for (const [pointer, number, file] of pointers) {
    expect([pointer, sectionsOf.get(file)?.includes(number)]).toEqual([pointer, true]);
  }
});
