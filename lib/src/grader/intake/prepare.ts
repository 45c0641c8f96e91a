import { basename, join } from "node:path";
import { type Notebook, readNotebook, sourceOf } from "../../exercise/nbformat.js";
import { type Exercise, type Pack, readPack } from "../../exercise/pack.js";
import { releaseNotebook } from "../../exercise/release/release.js";
import { stamp } from "../../exercise/release/stamp.js";
import { type CodeCell, extract, knownCells } from "../extract.js";
import type { Flag } from "../result.js";
import type { ProgramPart } from "../runner/program.js";
import type { CellProblem } from "../runner/protocol.js";
import { allowlistOf, transform } from "../transform.js";
import { readSubmittedFile } from "./file.js";
import { notebookLimits, readSubmittedNotebook, SubmissionError } from "./notebook.js";

/** What is asked of the reader of submissions. */
export interface Request {
  readonly file: string;
  readonly masters: string;
  readonly suites: string;
  /** "05-gates", where it is known; otherwise told from the cells. */
  readonly assignment?: string;
}

/** A submission read, and ready to run. */
export interface Prepared {
  readonly file: {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly receivedAt?: string;
  };
  readonly assignment?: string;
  /** Why it cannot be graded; then the rest is empty. */
  readonly fault?: string;
  readonly flags: readonly Flag[];
  readonly cells: readonly CodeCell[];
  readonly parts: readonly ProgramPart[];
  readonly problems: readonly CellProblem[];
  /** What the learner wrote in each answer cell, by its id. */
  readonly answers: readonly (readonly [string, string])[];
  /** What stood there before. */
  readonly stubs: readonly (readonly [string, string])[];
}

const assignmentOf = (file: string): string => file.replace(/\.ipynb$/, "");
const exercisesOf = ({ exercises }: Pack, assignment: string): Exercise[] =>
  exercises.filter(({ file }) => assignmentOf(file) === assignment);

const masters = new Map<string, Notebook>();

/** The notebook that learners were given. */
function releasedNotebook(pack: Pack, assignment: string): Notebook {
  const file = join(pack.masters, `${assignment}.ipynb`);
  let released = masters.get(file);
  if (!released) {
    const exercises = exercisesOf(pack, assignment);
    released = releaseNotebook(stamp(readNotebook(file), exercises), exercises);
    masters.set(file, released);
  }
  return released;
}

/** Which assignment a notebook is: that of whose cells it has most. */
function recognise(pack: Pack, notebook: ReturnType<typeof readSubmittedNotebook>): string | undefined {
  const assignments = [...new Set(pack.exercises.map(({ file }) => assignmentOf(file)))];
  const counts = assignments.map((assignment) => ({
    assignment,
    count: knownCells(notebook, releasedNotebook(pack, assignment)),
  }));
  const [best] = counts.sort((a, b) => b.count - a.count);
  return best?.count > 0 ? best.assignment : undefined;
}

function checkAssignment(wanted: string | undefined, found: string | undefined): string {
  if (found === undefined) throw new SubmissionError(`the notebook holds no cell of ${wanted ?? "any assignment"}`);
  if (wanted !== undefined && found !== wanted)
    throw new SubmissionError(`the notebook is ${found}, and ${wanted} was to be graded`);
  return found;
}

const textOf = (released: Notebook, id: string): string => {
  const cell = released.cells.find((candidate) => candidate.id === id);
  return cell ? sourceOf(cell) : "";
};

const nothing = { flags: [], cells: [], parts: [], problems: [], answers: [], stubs: [] };

/** Reads one submission: the file, its cells, its code. What the learner's file can break, it breaks here. */
export async function prepare(
  { file, assignment, ...paths }: Request,
  onFile: (file: Prepared["file"]) => void = () => {},
): Promise<Prepared> {
  const pack = readPack(paths.masters, paths.suites);
  let about: Prepared["file"] = { name: basename(file), sha256: "", bytes: 0 };
  try {
    const { bytes, ...submitted } = await readSubmittedFile(file, notebookLimits.bytes);
    about = { name: submitted.name, sha256: submitted.sha256, bytes: bytes.length, receivedAt: submitted.receivedAt };
    onFile(about);
    const notebook = readSubmittedNotebook(bytes);
    const found = checkAssignment(assignment, recognise(pack, notebook));
    const released = releasedNotebook(pack, found);
    const { cells, answers, flags } = extract(notebook, released);
    const stubs = [...answers.keys()].map((id): [string, string] => [id, textOf(released, id)]);
    const links: Flag[] = submitted.hardLinked
      ? [{ code: "hard-link", message: "the file has another name on this disk" }]
      : [];
    const { parts, problems } = transform(cells, allowlistOf(exercisesOf(pack, found)));
    return {
      file: about,
      assignment: found,
      flags: [...links, ...flags],
      cells,
      parts,
      problems,
      answers: [...answers],
      stubs,
    };
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
    return { file: about, assignment, fault: error.message, ...nothing };
  }
}
