import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { coursePack } from "../../lib/src/exercise/pack.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs/teaching");
const lessons = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
const { exercises } = coursePack(root);

interface Lesson {
  readonly ids: readonly string[];
  readonly code: string;
}

const lessonOf = (number: string): Lesson => {
  const file = lessons.find((name) => name.startsWith(number)) as string;
  const { cells } = JSON.parse(readFileSync(join(root, "notebooks", file), "utf8")) as {
    cells: { id: string; cell_type: string; source: string[] | string }[];
  };
  const code = cells.filter((cell) => cell.cell_type === "code").map(({ source }) => [source].flat().join(""));
  return { ids: cells.map(({ id }) => id), code: code.join("\n") };
};

/** What a guide says that is not so. */
function faults(number: string, page: string): string[] {
  const { ids, code } = lessonOf(number);
  const parts = ["Clock", "Run live", "Switches to flip", "Ask", "Common wrong answers", "Short of time", "Homework"];
  const missing = parts.filter((part) => !page.includes(`\n## ${part}\n`)).map((part) => `it has no part "${part}"`);
  const minutes = [...page.matchAll(/^\| (\d+) \|/gm)].reduce((sum, [, text]) => sum + Number(text), 0);
  const names = [...page.matchAll(/`([a-z][a-z0-9]*(?:-[a-z0-9]+)*)`/g)].map(([, name]) => name);
  const unknown = names.filter((name) => !ids.includes(name) && !new RegExp(`\\b${name}\\b`).test(code));
  const checks = [...page.matchAll(/\| (\d\d\.\d) · (.+?) \|/g)].filter(
    ([, id, title]) =>
      !exercises.some((exercise) => exercise.id === id && exercise.tests.some(({ name }) => name === title)),
  );
  const asked = [...page.matchAll(/\b(\d\d\.\d)\b(?! ·)/g)]
    .map(([, id]) => id)
    .filter((id) => id.startsWith(`${number}.`));
  return [
    ...missing,
    ...(minutes === 50 ? [] : [`its clock has ${minutes} minutes, not 50`]),
    ...unknown.map((name) => `the lesson has no cell "${name}"`),
    ...checks.map(([, id, title]) => `exercise ${id} has no check "${title}"`),
    ...asked
      .filter((id) => !exercises.some((exercise) => exercise.id === id))
      .map((id) => `there is no exercise ${id}`),
  ];
}

const guides = readdirSync(folder).filter((name) => /^\d\d\.md$/.test(name));

describe("a demo guide names what is there", () => {
  test.each(guides)("%s", (name) => {
    const number = name.slice(0, 2);
    const page = readFileSync(join(folder, name), "utf8");
    expect(faults(number, page)).toEqual([]);
    expect(page).toMatch(new RegExp(`^# ${number} · `));
    const wrong = page.slice(page.indexOf("## Common wrong answers")).match(/^\| .* \|$/gm) ?? [];
    expect(wrong.length, "wrong answers").toBeGreaterThanOrEqual(5);
  });

  test("every lesson has one, and the table of contents lists it", () => {
    const page = readFileSync(join(folder, "README.md"), "utf8");
    const listed = [...page.matchAll(/\[(\d\d)\]\(\1\.md\)/g)].map(([, number]) => number);
    expect(listed.map((number) => `${number}.md`)).toEqual(guides.sort());
    expect(listed).toEqual(lessons.map((name) => name.slice(0, 2)).sort());
  });
});

test("a guide that names what is not there is found out", () => {
  const page = readFileSync(join(folder, "05.md"), "utf8");
  const broken = page
    .replace("| 5 | 1 The whole", "| 6 | 1 The whole")
    .replace("`forget-table`", "`forget-tables`")
    .replace("05.4 · each gate has", "05.4 · every gate has")
    .replace("05.7 as the ticket", "05.9 as the ticket")
    .replace("## Homework", "## Home");
  expect(faults("05", broken)).toEqual([
    'it has no part "Homework"',
    "its clock has 51 minutes, not 50",
    'the lesson has no cell "forget-tables"',
    'exercise 05.4 has no check "every gate has its own bias"',
    "there is no exercise 05.9",
  ]);
});
