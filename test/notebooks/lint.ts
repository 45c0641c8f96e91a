export interface NotebookCell {
  id: string;
  cell_type: "code" | "markdown" | "raw";
  source: string[] | string;
  metadata: { tags?: string[]; nbgrader?: object };
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: { kernelspec?: { name?: string }; language_info?: { name?: string } };
  cells: NotebookCell[];
}

export const sourceOf = (cell: NotebookCell): string => [cell.source].flat().join("");
const code = (nb: Notebook): NotebookCell[] => nb.cells.filter((cell) => cell.cell_type === "code");
const prose = (nb: Notebook): NotebookCell[] => nb.cells.filter((cell) => cell.cell_type === "markdown");

/** Lines that a reader has to read: neither blank nor a comment. */
export const codeLines = (cell: NotebookCell): string[] =>
  sourceOf(cell)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));

/**
 * What a reader reads as words: no tags, no formulas, no code blocks, and no rows of what one looks things up in: the
 * glossary, the claims audit (audit.test.ts looks after it).
 */
export function words(text: string): number {
  const read = text.replace(/^\| (<a id="term-.*|.*\| \*\*(right|loose|wrong)\*\* \|.*)$/gm, " ");
  const plain = read.replace(/```[\s\S]*?```|\$\$[\s\S]*?\$\$|\$[^$]*\$|<[^>]+>|https?:\S+/g, " ");
  return plain.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
}

/** Faults of the file itself: any notebook that is committed. */
export function fileFaults(text: string): string[] {
  const nb: Notebook = JSON.parse(text);
  const faults: string[] = [];
  const say = (bad: boolean, fault: string): unknown => bad && faults.push(fault);
  say(text !== `${JSON.stringify(nb, null, 1)}\n`, "the JSON must be indented by one space and end with a newline");
  say(
    nb.nbformat !== 4 || nb.nbformat_minor < 5,
    `the format must be 4.5 or later, got ${nb.nbformat}.${nb.nbformat_minor}`,
  );
  say(
    nb.metadata.kernelspec?.name !== "unrolled",
    `the kernel must be "unrolled", got "${nb.metadata.kernelspec?.name}"`,
  );
  const ids = nb.cells.map(({ id }) => id);
  for (const id of new Set(ids))
    say(ids.filter((other) => other === id).length > 1, `the cell id "${id}" is there twice`);
  for (const { id } of nb.cells)
    say(!/^[a-z][a-z0-9-]{2,63}$/.test(id ?? ""), `the cell id "${id}" must be a readable name such as "first-step"`);
  for (const cell of code(nb)) {
    say((cell.outputs?.length ?? 0) > 0, `cell "${cell.id}" is stored with outputs`);
    say(cell.execution_count != null, `cell "${cell.id}" is stored with an execution count`);
  }
  return faults;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Faults of a lesson: what the rules for every notebook ask for and a program can see. */
export function lessonFaults(text: string): string[] {
  const nb: Notebook = JSON.parse(text);
  const faults: string[] = [];
  const say = (bad: boolean, fault: string): unknown => bad && faults.push(fault);
  const lengths = code(nb).map((cell) => codeLines(cell).length);
  say(median(lengths) > 4, `the median code cell must have at most 4 lines, got ${median(lengths)}`);
  for (const cell of code(nb))
    say(
      codeLines(cell).length > 25,
      `code cell "${cell.id}" must have at most 25 lines, got ${codeLines(cell).length}`,
    );

  const ratio = prose(nb).reduce((sum, cell) => sum + words(sourceOf(cell)), 0) / lengths.reduce((a, b) => a + b, 0);
  say(ratio < 8 || ratio > 20, `prose must have 8 to 20 words per code line, got ${ratio.toFixed(1)}`);

  nb.cells.forEach((cell, at) => {
    const four = nb.cells.slice(at, at + 4);
    say(four.length === 4 && four.every((c) => c.cell_type === "code"), `four code cells in a row from "${cell.id}"`);
  });
  for (const cell of code(nb)) {
    const foreign = [...sourceOf(cell).matchAll(/from\s+["']([^"']+)["']/g)]
      .map(([, name]) => name)
      .filter((name) => name !== "unrolled" && name !== "mathjs");
    for (const name of foreign)
      say(true, `cell "${cell.id}" imports "${name}"; lessons import only unrolled and mathjs`);
    const typedIn = /\b[xyz]:\s*\[\s*-?[\d.]+\s*(,\s*-?[\d.eE+-]+\s*){4,}\]/.test(sourceOf(cell));
    say(typedIn, `cell "${cell.id}" draws numbers that are typed in; every plotted number is measured`);
  }
  const all = prose(nb).map(sourceOf).join("\n");
  say(!/^# \S/.test(sourceOf(nb.cells[0])), "the first cell must be the title");
  say(!/minutes/i.test(sourceOf(nb.cells[0])), "the first cell must say how many minutes the lesson takes");
  say(!/before you run/i.test(all), "there must be a prediction to make: *Before you run it: …*");
  for (const heading of [/able to/i, /^## .*(summary|what we saw)/im, /^## .*references/im]) {
    say(!heading.test(all), `the lesson must have a part that matches ${heading}`);
  }
  say(!code(nb).some((cell) => /\bquiz\(/.test(sourceOf(cell))), "the lesson must close with a quiz");
  return faults;
}
