import { type Notebook, type NotebookCell, nbgraderChecksum, sourceOf } from "../nbformat.js";

export interface Merged {
  readonly notebook: Notebook;
  /** Ids of the learner's cells that were kept: answers, notes, cells of their own. */
  readonly kept: readonly string[];
  /** Ids of answers whose stub has changed since they were written. */
  readonly restubbed: readonly string[];
}

const text = (cell: NotebookCell): string => sourceOf(cell).trim();
const byId = (notebook: Notebook | undefined): Map<string, NotebookCell> =>
  new Map((notebook?.cells ?? []).map((cell) => [cell.id, cell]));

/** Whether a learner wrote in a cell: it is not as it was given out, or, where that is not known, not what its checksum says. */
function written(mine: NotebookCell, base: NotebookCell | undefined): boolean {
  if (base) return text(mine) !== text(base);
  const meta = mine.metadata.nbgrader;
  return meta?.solution === true && nbgraderChecksum(sourceOf(mine), mine.cell_type, meta) !== meta.checksum;
}

const isCourse = (cell: NotebookCell): boolean =>
  cell.metadata.nbgrader !== undefined || /^ex-\d\d-\d+-/.test(cell.id ?? "");

/** One released cell and what the learner made of it: the cells that stand in its place. */
function place(theirs: NotebookCell, mine: NotebookCell | undefined, base: NotebookCell | undefined): NotebookCell[] {
  if (!mine || !written(mine, base) || text(mine) === text(theirs)) return [theirs];
  const { nbgrader } = theirs.metadata;
  if (nbgrader?.locked) return [theirs];
  if (nbgrader?.solution || (base && text(base) === text(theirs))) {
    const ran = mine.outputs ? { outputs: mine.outputs, execution_count: mine.execution_count } : {};
    return [{ ...theirs, ...ran, source: mine.source }];
  }
  return [theirs, { ...mine, id: `${mine.id}-mine`, metadata: {} }];
}

/**
 * A new release with a learner's work in it, cell by cell. What the learner wrote stays; everything else is the new
 * release's. Cells that the learner added stay behind the cell that they stood behind.
 * @param base the release that the learner began with, if it is known
 */
export function mergeNotebook(base: Notebook | undefined, mine: Notebook, theirs: Notebook): Merged {
  const [was, wrote, next] = [byId(base), byId(mine), byId(theirs)];
  const cells = theirs.cells.flatMap((cell) => place(cell, wrote.get(cell.id), was.get(cell.id)));
  const kept = cells.filter((cell) => next.get(cell.id) !== cell).map(({ id }) => id);
  let previous: string | undefined;
  for (const cell of mine.cells) {
    const own =
      !next.has(cell.id) &&
      text(cell) !== "" &&
      (written(cell, was.get(cell.id)) || !(was.has(cell.id) || isCourse(cell)));
    if (own) {
      const at = previous === undefined ? 0 : cells.findIndex(({ id }) => id === previous) + 1;
      cells.splice(at, 0, cell);
      kept.push(cell.id);
    }
    if (cells.some(({ id }) => id === cell.id)) previous = cell.id;
  }
  const restubbed = kept.filter((id) => {
    const [before, now] = [was.get(id), next.get(id)];
    return now?.metadata.nbgrader?.solution && before !== undefined && text(before) !== text(now);
  });
  return { notebook: { ...theirs, cells }, kept, restubbed };
}
