import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** nbgrader's cell metadata, schema 3. Graded cells carry points; read-only and graded cells a checksum. */
export interface NbgraderMetadata {
  readonly schema_version: 3;
  readonly grade: boolean;
  readonly solution: boolean;
  readonly locked: boolean;
  readonly task: boolean;
  readonly grade_id: string;
  readonly points?: number;
  readonly checksum?: string;
  readonly cell_type?: string;
}

export interface NotebookCell {
  readonly id: string;
  readonly cell_type: "markdown" | "code" | "raw";
  readonly metadata: { readonly nbgrader?: NbgraderMetadata; readonly [key: string]: unknown };
  readonly source: string | readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: Record<string, unknown>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** The text of a cell; Windows line ends become plain ones. */
export const sourceOf = ({ source }: Pick<NotebookCell, "source">): string =>
  (typeof source === "string" ? source : source.join("")).replace(/\r\n/g, "\n");

/** Text as nbformat stores it: one string a line, each but the last with its line end. */
export const sourceLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** @throws SyntaxError or TypeError that names the file */
export function readNotebook(file: string): Notebook {
  const name = JSON.stringify(file);
  let notebook: Notebook;
  try {
    notebook = JSON.parse(readFileSync(file, "utf8")) as Notebook;
  } catch (error) {
    throw error instanceof SyntaxError ? new SyntaxError(`${name} is not a notebook: ${error.message}`) : error;
  }
  if (!Array.isArray(notebook?.cells)) throw new TypeError(`${name} is not a notebook: it has no cells`);
  return notebook;
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortKeys(entry)]),
  );
}

/** A notebook as Jupyter itself writes it: sorted keys, one-space indent; so that saving one changes only what was edited. */
export const notebookText = (notebook: Notebook): string => `${JSON.stringify(sortKeys(notebook), null, 1)}\n`;

/** Python's str(): True, False, 2.0. */
const asPython = (value: boolean | number): string => {
  if (typeof value === "boolean") return value ? "True" : "False";
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
};

/** nbgrader's checksum of a cell: md5 over the source and what may not be edited of its metadata. */
export function nbgraderChecksum(source: string, cellType: string, meta: Omit<NbgraderMetadata, "checksum">): string {
  const hash = createHash("md5").update(source).update(cellType);
  for (const flag of [meta.grade, meta.solution, meta.locked]) hash.update(asPython(flag));
  hash.update(meta.grade_id);
  if (meta.grade) hash.update(asPython(meta.points ?? 0));
  return hash.digest("hex");
}
