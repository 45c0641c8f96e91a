import { readdir } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import type { Submission } from "../grade.js";

/** Submissions below a folder, and what there was besides. */
export interface Found {
  readonly submissions: readonly Submission[];
  /** Learners' folders without a notebook, links, files that are no notebooks: told, not graded. */
  readonly notes: readonly string[];
}

/** How the name of a downloaded file tells whose it is: Canvas's and Moodle's patterns. */
export type NameReader = (path: string) => { readonly id: string; readonly name: string } | undefined;

const MOST_DEPTH = 6;
const MOST_FILES = 100_000;

interface Walk {
  readonly notebooks: string[];
  readonly notes: string[];
}

/** All notebooks below a folder. No link is followed; what is neither file nor folder is left alone. */
async function walk(folder: string, root: string, found: Walk, depth = 0): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  let notebooks = 0;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const place = relative(root, path);
    if (/^(?:\._.*|\.ipynb_checkpoints|\.git|__MACOSX|node_modules)$/.test(entry.name)) continue;
    if (entry.isDirectory() && depth < MOST_DEPTH) notebooks += await walk(path, root, found, depth + 1);
    else if (!entry.name.endsWith(".ipynb")) continue;
    else if (entry.isDirectory()) found.notes.push(`${place}: a folder, not a notebook`);
    else {
      found.notebooks.push(path); // also a link or a pipe: it is refused when it is read, under its learner's name
      notebooks++;
    }
    if (found.notebooks.length > MOST_FILES) throw new RangeError(`${root} holds more than ${MOST_FILES} notebooks`);
  }
  if (notebooks === 0 && depth > 0) found.notes.push(`${relative(root, folder)}: no notebook in it`);
  return notebooks;
}

/** <learner>/<assignment>/file, <learner>/file, or a flat folder of <learner>.ipynb; or as an LMS names its downloads. */
function submissionAt(path: string, root: string, names: NameReader, assignments: ReadonlySet<string>): Submission {
  const place = relative(root, path).split(sep);
  const known = names(place.join("/"));
  if (known) return { file: path, learner: known.id, ...(known.name && { name: known.name }) };
  const [learner, folder] = place;
  const assignment = place.length > 2 && assignments.has(folder) ? { assignment: folder } : {};
  return { file: path, learner: place.length > 1 ? learner : basename(path, ".ipynb"), ...assignment };
}

/**
 * The submissions below a folder, in the order of their paths.
 * @param assignments the assignments of the pack: "05-gates"
 */
export async function findSubmissions(root: string, names: NameReader, assignments: readonly string[]): Promise<Found> {
  const found: Walk = { notebooks: [], notes: [] };
  await walk(root, root, found);
  const known = new Set(assignments);
  return {
    submissions: found.notebooks.map((path) => submissionAt(path, root, names, known)),
    notes: found.notes,
  };
}
