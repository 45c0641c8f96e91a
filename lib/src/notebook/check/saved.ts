import { existsSync } from "node:fs";
import { join } from "node:path";
import { readNotebook, sourceOf } from "../../exercise/nbformat.js";
import type { Exercise } from "../../exercise/pack.js";

/** A cell that the kernel has run, as our launcher records it. Plain tslab records none. */
interface RanCell {
  readonly source: string;
  readonly ok: boolean;
}

const ranCells = (): readonly RanCell[] =>
  ((globalThis as unknown as Record<symbol, unknown>)[Symbol.for("unrolled.cells")] as RanCell[] | undefined) ?? [];

const declares = (source: string, name: string): boolean =>
  new RegExp(
    `^\\s*(?:export\\s+)?(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+${name.replace(/\W/g, "\\$&")}\\b`,
    "m",
  ).test(source);

const tidy = (source: string): string => source.replace(/\r\n/g, "\n").trim();

/** The names whose running code is not what the notebook file says: the file is what would be graded. */
export function unsaved(exercise: Exercise, directory = process.cwd(), ran = ranCells()): string[] {
  const file = join(directory, exercise.file);
  if (!existsSync(file)) return [];
  let saved: string[];
  try {
    saved = readNotebook(file)
      .cells.filter((cell) => cell.cell_type === "code")
      .map(sourceOf);
  } catch {
    return []; // caught while it is being written
  }
  return exercise.exports.filter((name) => {
    const live = [...ran].reverse().find((cell) => cell.ok && declares(cell.source, name));
    const stored = [...saved].reverse().find((source) => declares(source, name));
    return live !== undefined && (stored === undefined || tidy(live.source) !== tidy(stored));
  });
}
