import type { Notebook, NotebookCell } from "../exercise/nbformat.js";
import { sourceOf } from "../exercise/nbformat.js";
import type { SubmittedCell, SubmittedNotebook } from "./intake/notebook.js";
import type { Flag } from "./result.js";

/** A cell that will run, in the order of the notebook. */
export interface CodeCell {
  readonly source: string;
  /** The id of the master's cell, or of the learner's own. */
  readonly id: string;
  readonly from: "course" | "learner";
}

/** What of a submission counts. */
export interface Extract {
  readonly cells: readonly CodeCell[];
  /** The learner's text in each answer cell, code or prose, by the cell's id; without those that are missing. */
  readonly answers: ReadonlyMap<string, string>;
  readonly flags: readonly Flag[];
}

/** The course's cells by what they are for. Text cells count for nothing. */
interface Expected {
  readonly order: ReadonlyMap<string, number>;
  readonly byId: ReadonlyMap<string, NotebookCell>;
}

const isLocked = (cell: NotebookCell): boolean => cell.metadata.nbgrader?.locked === true;
const isCheck = (cell: NotebookCell): boolean => cell.metadata.nbgrader?.grade === true && isLocked(cell);
const isSetup = (cell: NotebookCell): boolean => isLocked(cell) && !isCheck(cell) && cell.cell_type === "code";
const isAnswer = (cell: NotebookCell): boolean => cell.metadata.nbgrader?.solution === true;

function expectedCells(released: Notebook): Expected {
  const order = new Map(released.cells.map((cell, k) => [cell.id, k]));
  const known = released.cells.filter((cell) => cell.metadata.nbgrader);
  const byId = new Map(known.map((cell) => [cell.id, cell]));
  for (const cell of known) byId.set(cell.metadata.nbgrader?.grade_id ?? cell.id, cell);
  return { order, byId };
}

/** Told by nbgrader's id, which every front end keeps; else by the cell's own id. */
function find(cell: SubmittedCell, { byId }: Expected): NotebookCell | undefined {
  const gradeId = cell.nbgrader?.grade_id;
  return (typeof gradeId === "string" ? byId.get(gradeId) : undefined) ?? (cell.id ? byId.get(cell.id) : undefined);
}

const watched = ["grade", "solution", "locked", "task", "points", "grade_id", "schema_version"] as const;

function flagsOf(cell: SubmittedCell, master: NotebookCell, again: boolean): Flag[] {
  const flags: Flag[] = [];
  const flag = (code: string, message: string): void => void flags.push({ code, message: `${master.id}: ${message}` });
  const meta = master.metadata.nbgrader;
  if (again) flag("duplicate-cell", "the cell is there more than once; later declarations win");
  if (cell.type !== master.cell_type) flag("retyped-cell", `the cell was ${master.cell_type}, now it is ${cell.type}`);
  if (!cell.nbgrader) flag("metadata-lost", "the cell has lost its nbgrader metadata");
  else if (watched.some((field) => cell.nbgrader?.[field] !== meta?.[field]))
    flag("edited-metadata", "nbgrader's metadata were edited; those of the course are used");
  if (isLocked(master) && cell.source.trim() !== sourceOf(master).trim())
    flag("edited-locked-cell", "a locked cell was edited; the course's own is used");
  return flags;
}

/** Walks the submission, and puts the course's setup cells before the first cell that follows them in the master. */
class Walk {
  readonly cells: CodeCell[] = [];
  readonly answers = new Map<string, string>();
  readonly flags: Flag[] = [];
  private readonly seen = new Set<string>();
  private lastPlace = -1;
  private setups: NotebookCell[];

  constructor(
    private readonly released: Notebook,
    private readonly expected: Expected,
  ) {
    this.setups = released.cells.filter(isSetup);
  }

  private setupBefore(place: number): void {
    const due = this.setups.filter((cell) => (this.expected.order.get(cell.id) ?? 0) < place);
    this.setups = this.setups.filter((cell) => !due.includes(cell));
    for (const cell of due) this.cells.push({ id: cell.id, source: sourceOf(cell), from: "course" });
  }

  /** Stubs in place of deleted answer cells: after the setup and before anything of the learner's, so that what they wrote wins. */
  restore(missing: readonly NotebookCell[]): void {
    const stubs = missing.filter(({ cell_type }) => cell_type === "code");
    const first = this.cells.findIndex(({ from }) => from === "learner");
    const restored = stubs.map((cell): CodeCell => ({ id: cell.id, source: sourceOf(cell), from: "course" }));
    this.cells.splice(first < 0 ? this.cells.length : first, 0, ...restored);
  }

  take(cell: SubmittedCell): void {
    const master = find(cell, this.expected);
    if (!master) {
      if (cell.type === "code") this.learners(cell, cell.id ?? "a cell of the learner's");
      return;
    }
    this.flags.push(...flagsOf(cell, master, this.seen.has(master.id)));
    this.seen.add(master.id);
    const place = this.expected.order.get(master.id) ?? 0;
    if (place < this.lastPlace)
      this.flags.push({ code: "reordered-cell", message: `${master.id}: the cell was moved` });
    this.lastPlace = Math.max(this.lastPlace, place);
    this.setupBefore(place);
    if (!isAnswer(master)) return;
    this.answers.set(master.id, cell.source);
    if (master.cell_type === "code") this.learners(cell, master.id);
  }

  private learners(cell: SubmittedCell, id: string): void {
    if (this.lastPlace < 0) this.setupBefore(1 + (this.expected.order.get(this.setups[0]?.id) ?? -1));
    this.cells.push({ id, source: cell.source, from: "learner" });
  }

  finish(): Extract {
    this.setupBefore(Number.POSITIVE_INFINITY);
    const missing = this.released.cells.filter((cell) => cell.metadata.nbgrader && !this.seen.has(cell.id));
    for (const { id } of missing)
      this.flags.push({ code: "missing-cell", message: `${id}: the cell was deleted; the course's own is used` });
    this.restore(missing.filter(isAnswer));
    return { cells: this.cells, answers: this.answers, flags: this.flags };
  }
}

/** How many of the course's cells a submission holds: tells which assignment it is. */
export function knownCells({ cells }: SubmittedNotebook, released: Notebook): number {
  const expected = expectedCells(released);
  const found = cells.map((cell) => find(cell, expected)).filter((cell) => cell && !isSetup(cell));
  return new Set(found).size;
}

/**
 * The code and the answers of a submission. Setup cells come from the course; check cells do not run; points and ids are
 * never read from the file. What is missing is restored, and whatever was changed is flagged.
 */
export function extract(submitted: SubmittedNotebook, released: Notebook): Extract {
  const walk = new Walk(released, expectedCells(released));
  for (const cell of submitted.cells) walk.take(cell);
  const { cells, answers, flags } = walk.finish();
  const kernel = (released.metadata.kernelspec as { name?: string } | undefined)?.name;
  const changed =
    submitted.kernel === kernel
      ? []
      : [
          {
            code: "kernelspec",
            message: `the kernel is ${JSON.stringify(submitted.kernel ?? "none").slice(0, 80)}, not ${kernel}`,
          },
        ];
  return { cells, answers, flags: [...submitted.flags, ...changed, ...flags] };
}
