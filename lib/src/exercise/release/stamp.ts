import {
  type NbgraderMetadata,
  type Notebook,
  type NotebookCell,
  nbgraderChecksum,
  sourceLines,
  sourceOf,
} from "../nbformat.js";
import { type Exercise, gradeId, markedByHand } from "../pack.js";

/** What a cell of an exercise notebook is, told from its id: ex-05-3-card, -answer, -check, -solution, -more; setup. */
export interface CellRole {
  readonly role: "card" | "answer" | "check" | "solution" | "setup" | "text";
  readonly exercise?: Exercise;
}

export function roleOf({ id, cell_type, metadata }: NotebookCell, exercises: readonly Exercise[]): CellRole {
  const exercise = exercises.find((candidate) => id.startsWith(`${gradeId(candidate.id)}-`));
  const last = id.split("-").at(-1);
  const tags = (metadata.tags as readonly string[] | undefined) ?? [];
  if (tags.includes("solution")) return { role: "solution", exercise };
  if (exercise && last === "answer" && cell_type === (markedByHand(exercise) ? "markdown" : "code"))
    return { role: last, exercise };
  if (exercise && cell_type === "code" && last === "check") return { role: last, exercise };
  if (exercise && last === "card") return { role: "card", exercise };
  if (cell_type === "code") return { role: "setup" };
  return { role: "text", exercise };
}

const dots = (filled: number): string => "●".repeat(filled) + "○".repeat(5 - filled);

/** The first line of a card, made from the manifest. */
export const cardHeading = ({ id, title, difficulty, importance, minutes }: Exercise): string =>
  `### ${id} ${title} · difficulty ${dots(difficulty)} · importance ${dots(importance)} · ${minutes} min`;

function nbgraderOf({ role, exercise }: CellRole, cell: NotebookCell): NbgraderMetadata | undefined {
  const base = {
    schema_version: 3,
    grade: false,
    solution: false,
    locked: true,
    task: false,
    cell_type: cell.cell_type,
  } as const;
  const source = sourceOf(cell);
  const sum = (meta: Omit<NbgraderMetadata, "checksum">): NbgraderMetadata => ({
    ...meta,
    checksum: nbgraderChecksum(source, cell.cell_type, meta),
  });
  if (role === "answer" && exercise && markedByHand(exercise))
    return sum({
      ...base,
      grade: true,
      solution: true,
      locked: false,
      grade_id: gradeId(exercise.id),
      points: exercise.points,
    });
  if (role === "answer") return sum({ ...base, solution: true, locked: false, grade_id: cell.id });
  if (role === "check" && exercise)
    return sum({ ...base, grade: true, grade_id: gradeId(exercise.id), points: exercise.points });
  if (role === "setup") return sum({ ...base, grade_id: cell.id });
  return undefined;
}

/** A cell with what is derived from the manifest: nbgrader's metadata, the card's heading. */
export function stampCell(cell: NotebookCell, exercises: readonly Exercise[]): NotebookCell {
  const role = roleOf(cell, exercises);
  if (role.role === "card" && role.exercise) {
    const [, ...rest] = sourceOf(cell).split("\n");
    return { ...cell, source: sourceLines([cardHeading(role.exercise), ...rest].join("\n")) };
  }
  const nbgrader = nbgraderOf(role, cell);
  if (!nbgrader) return cell;
  const locked = nbgrader.locked ? { deletable: false, editable: false } : { deletable: false };
  return { ...cell, metadata: { ...cell.metadata, ...locked, nbgrader } };
}

/** A master with its derived parts up to date. */
export const stamp = (master: Notebook, exercises: readonly Exercise[]): Notebook => ({
  ...master,
  cells: master.cells.map((cell) => stampCell(cell, exercises)),
});
