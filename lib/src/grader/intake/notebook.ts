import type { Flag } from "../result.js";

/** A submission that cannot be graded as it is; a person must look at it. The message may be shown to the learner. */
export class SubmissionError extends Error {
  override readonly name = "SubmissionError";
}

/** A cell as a stranger sent it: text, and the ids that may tell what it is. */
export interface SubmittedCell {
  readonly type: "code" | "markdown" | "raw";
  readonly source: string;
  readonly id?: string;
  readonly nbgrader?: Readonly<Record<string, unknown>>;
}

export interface SubmittedNotebook {
  readonly cells: readonly SubmittedCell[];
  readonly kernel?: string;
  readonly language?: string;
  readonly flags: readonly Flag[];
}

export const notebookLimits = { bytes: 100 * 2 ** 20, cells: 1000, source: 1_000_000 };

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function decodeText(bytes: Uint8Array, flags: Flag[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes); // a BOM is left out
  } catch {
    flags.push({ code: "invalid-utf8", message: "the file is not valid UTF-8; its unreadable bytes were replaced" });
    return new TextDecoder("utf-8").decode(bytes);
  }
}

/** nbformat 3 keeps its cells in worksheets, and code in `input`. */
function cellsOf(notebook: Fields, flags: Flag[]): unknown[] {
  if (Array.isArray(notebook.cells)) return notebook.cells;
  if (!Array.isArray(notebook.worksheets)) throw new SubmissionError("the file is not a notebook: it has no cells");
  flags.push({ code: "nbformat-3", message: "the notebook is in the old format 3" });
  return notebook.worksheets.flatMap((sheet) => listOf(fieldsOf(sheet).cells));
}

function readCell(value: unknown): SubmittedCell | undefined {
  const cell = fieldsOf(value);
  const written = cell.source ?? cell.input;
  const source = Array.isArray(written) ? written.filter((line) => typeof line === "string").join("") : textOf(written);
  if (source === undefined) return undefined;
  const metadata = fieldsOf(cell.metadata);
  const nbgrader = metadata.nbgrader === undefined ? undefined : fieldsOf(metadata.nbgrader);
  const type = cell.cell_type === "code" || cell.cell_type === "raw" ? cell.cell_type : "markdown";
  return { type, source: source.replace(/\r\n?/g, "\n"), id: textOf(cell.id) ?? textOf(metadata.id), nbgrader };
}

/**
 * Reads a notebook of whatever origin: any Jupyter front end, format 3 or 4, outputs of any size, which are ignored.
 * @throws SubmissionError if it cannot be read at all
 */
export function readSubmittedNotebook(bytes: Uint8Array): SubmittedNotebook {
  if (bytes.length > notebookLimits.bytes)
    throw new SubmissionError(`a notebook may have ${notebookLimits.bytes} bytes, this one has ${bytes.length}`);
  const flags: Flag[] = [];
  let json: unknown;
  try {
    json = JSON.parse(decodeText(bytes, flags));
  } catch {
    throw new SubmissionError(bytes.length === 0 ? "the file is empty" : "the file is not a notebook: it is not JSON");
  }
  const notebook = fieldsOf(json);
  const raw = cellsOf(notebook, flags);
  if (raw.length > notebookLimits.cells)
    throw new SubmissionError(`a notebook may have ${notebookLimits.cells} cells, this one has ${raw.length}`);
  const cells = raw.map(readCell);
  const unread = cells.filter((cell) => cell === undefined).length;
  if (unread > 0) flags.push({ code: "unreadable-cell", message: `${unread} cells have no text and were left out` });
  const read = cells.filter((cell) => cell !== undefined);
  const size = read.reduce((sum, { source }) => sum + source.length, 0);
  if (size > notebookLimits.source)
    throw new SubmissionError(`the cells may hold ${notebookLimits.source} characters, these hold ${size}`);
  const { kernelspec, language_info: info } = fieldsOf(notebook.metadata);
  return { cells: read, kernel: textOf(fieldsOf(kernelspec).name), language: textOf(fieldsOf(info).name), flags };
}
