import { blocksOf, countWords } from "./blocks.js";

/** A slide, in its own pixels: 1280 by 720, less its margins; what is guessed here is measured in the page. */
export const PAGE = { height: 640, tolerance: 40, kicker: 44, codeLine: 25, gap: 26 };

/** Heights of plots: up to the usual one they are stretched or shrunk between the other two. */
export const FIGURE = { usual: 460, least: 420, most: 560 };

const LINE = 40; // of prose
const WORDS = 14; // on a line of it

/** Lines of code that stand on a slide: imports do not. */
export function codeLines(source: string): number[] {
  const lines = source.split("\n");
  const imported = new Set<number>();
  for (const match of source.matchAll(/^import [\s\S]*?from "[^"]+";?[ \t]*$/gm)) {
    const first = source.slice(0, match.index).split("\n").length - 1;
    for (let k = 0; k < match[0].split("\n").length; k++) imported.add(first + k);
  }
  const kept = lines.map((_, at) => at).filter((at) => !imported.has(at));
  while (kept.length > 0 && lines[kept[0]].trim() === "") kept.shift();
  while (kept.length > 0 && lines[kept.at(-1) as number].trim() === "") kept.pop();
  return kept;
}

/** About how high a piece of Markdown stands on a slide. */
export function heightOf(markdown: string): number {
  return blocksOf(markdown).reduce((sum, { kind, text }) => {
    if (kind === "heading") return sum + 80;
    if (kind === "table") return sum + text.split("\n").reduce((all, row) => all + rowHeight(row), 0);
    if (kind === "formula") return sum + 60 + 52 * (text.match(/\\\\/g)?.length ?? 0);
    if (kind === "list") return sum + linesOf(text.split(/\n(?=[-*] |\d+\. )/)) + PAGE.gap;
    return sum + linesOf([text]) + PAGE.gap;
  }, 0);
}

/** A row of a table wraps where it has more than about 75 characters that are read. */
const rowHeight = (row: string): number => {
  const read = row.replace(/\]\([^)]*\)|\$[^$]*\$|[|*[\]]/g, " ").replace(/\s+/g, " ");
  return /^\|[\s:|-]+\|$/.test(row) ? 0 : 12 + 32 * Math.max(1, Math.ceil(read.length / 75));
};

/** A long table in parts that fit, each with its head. */
export function tableParts(table: string, most: number): string[] {
  const [head, rule, ...rows] = table.split("\n");
  const parts: string[][] = [[]];
  let height = rowHeight(head);
  for (const row of rows) {
    if (height + rowHeight(row) > most && parts.at(-1)?.length) {
      parts.push([]);
      height = rowHeight(head);
    }
    parts.at(-1)?.push(row);
    height += rowHeight(row);
  }
  return parts.map((part) => [head, rule, ...part].join("\n"));
}

const linesOf = (paragraphs: readonly string[]): number =>
  paragraphs.reduce((sum, text) => sum + Math.max(1, Math.ceil(countWords(text) / WORDS)) * LINE, 0);
