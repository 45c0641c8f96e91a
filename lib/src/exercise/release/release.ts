import { type Notebook, type NotebookCell, nbgraderChecksum, sourceLines, sourceOf } from "../nbformat.js";
import type { Exercise } from "../pack.js";
import { roleOf, stampCell } from "./stamp.js";
import { stubOf } from "./stub.js";

function releaseCell(cell: NotebookCell, exercises: readonly Exercise[]): NotebookCell[] {
  const { role, exercise } = roleOf(cell, exercises);
  if (role === "solution") return [];
  const source = role === "answer" && exercise ? sourceLines(stubOf(sourceOf(cell), exercise.id)) : cell.source;
  const clean =
    cell.cell_type === "code" ? { ...cell, source, execution_count: null, outputs: [] } : { ...cell, source };
  return [stampCell(clean, exercises)];
}

/** The notebook that learners get: stubs in place of answers, no worked solutions, no outputs. */
export const releaseNotebook = (master: Notebook, exercises: readonly Exercise[]): Notebook => ({
  ...master,
  cells: master.cells.flatMap((cell) => releaseCell(cell, exercises)),
});

/** Whether a learner wrote in this cell: its text is not the one that its checksum was made from. */
function touched(cell: NotebookCell): boolean {
  const meta = cell.metadata.nbgrader;
  if (!meta?.checksum) return true;
  return nbgraderChecksum(sourceOf(cell), cell.cell_type, meta) !== meta.checksum;
}

/**
 * What of a learner's notebook would be lost if the released one took its place: ids of answer cells that were
 * written in, and of cells that the learner added.
 */
export function learnersCells(existing: Notebook, released: Notebook): string[] {
  const texts = new Map(released.cells.map((cell) => [cell.id, sourceOf(cell).trim()]));
  return existing.cells
    .filter((cell) => {
      const text = sourceOf(cell).trim();
      if (text === "" || text === texts.get(cell.id)) return false;
      if (cell.metadata.nbgrader?.solution) return touched(cell);
      return !texts.has(cell.id) && !cell.metadata.nbgrader && !cell.id?.match(/^ex-\d\d-\d+-/);
    })
    .map((cell) => cell.id);
}
