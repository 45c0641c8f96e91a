// Notebooks as learners hand them in, made from the course's own.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebook, type NotebookCell, notebookText, readNotebook } from "../../lib/src/exercise/nbformat.js";
import { coursePack } from "../../lib/src/exercise/pack.js";
import { releaseNotebook } from "../../lib/src/exercise/release/release.js";
import { temporaryFolder } from "../temporary-folder.js";

export const pack = coursePack();
export const assignment = "05-gates";
export const master: Notebook = readNotebook(join(pack.masters, `${assignment}.ipynb`));
export const exercises = pack.exercises.filter(({ file }) => file === `${assignment}.ipynb`);
export const released: Notebook = releaseNotebook(master, exercises);
export const fullPoints = exercises.reduce((sum, { points }) => sum + points, 0);

/** What a learner did to the notebook: source by cell id. */
export type Edits = Readonly<Record<string, string>>;

const withSource = (notebook: Notebook, edits: Edits): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell) => (edits[cell.id] === undefined ? cell : { ...cell, source: edits[cell.id] })),
});

/** The released notebook with right answers in it, save for the cells given. */
export function answered(edits: Edits = {}): Notebook {
  const answers = Object.fromEntries(
    master.cells
      .filter((cell) => cell.metadata.nbgrader?.solution)
      .map(({ id, source }) => [id, typeof source === "string" ? source : source.join("")]),
  );
  return withSource(released, { ...answers, ...edits });
}

/** The released notebook as it is, save for the cells given. */
export const stubs = (edits: Edits = {}): Notebook => withSource(released, edits);

export const codeCell = (source: string, id = "mine"): NotebookCell => ({
  id,
  cell_type: "code",
  metadata: {},
  source,
  outputs: [],
  execution_count: null,
});

/** A file with this in it: a notebook, or anything. */
export function fileOf(content: Notebook | string | Uint8Array, name = `${assignment}.ipynb`): string {
  const file = join(temporaryFolder(), name);
  const text = typeof content === "string" || content instanceof Uint8Array ? content : notebookText(content);
  writeFileSync(file, text);
  return file;
}

/** Command lines of running processes that mention a text. */
export const runningWith = (text: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(text));
