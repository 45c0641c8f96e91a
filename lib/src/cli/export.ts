import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { notebookText, readNotebook } from "../exercise/nbformat.js";
import type { Pack } from "../exercise/pack.js";
import { releaseNotebook } from "../exercise/release/release.js";
import { stamp } from "../exercise/release/stamp.js";
import { findSubmissions } from "../grader/batch/find.js";
import { classroomBundle } from "../grader/export/bundles/classroom.js";
import { type BundleSource, checkAssignment, exercisesOf } from "../grader/export/bundles/course-files.js";
import { gradescopeBundle } from "../grader/export/bundles/gradescope.js";
import { nbgraderBundle } from "../grader/export/bundles/nbgrader.js";
import { prairieLearnBundle } from "../grader/export/bundles/prairielearn.js";
import { readVisibility, type Visibility } from "../grader/export/gradescope.js";
import { exportForJplag } from "../grader/export/jplag.js";
import { canvasGradebook, downloadName, moodleWorksheet } from "../grader/export/lms.js";
import { type Bundle, zipped } from "../grader/export/zip.js";
import { packAt } from "../grader/pack-at.js";
import { counted } from "../grader/report/page.js";
import { writeReports } from "../grader/report/write-reports.js";
import type { GradeResult } from "../grader/result.js";

const USAGE = `usage: unrolled export <what> [options]
  gradescope    --assignment 05-gates   an autograder zip
  classroom     --assignment 05-gates   a template and a grader repository for GitHub Classroom
  prairielearn  --assignment 05-gates   a question folder and the image that grades it
  nbgrader      --assignment 05-gates   a course folder
  canvas        --assignment 05-gates --graded <folder> --roster <gradebook.csv>    Canvas's gradebook, filled in
  moodle        --assignment 05-gates --graded <folder> --roster <worksheet.csv>    Moodle's worksheet, filled in
  jplag         --submitted <folder>    answers as .ts files, a folder a learner
  reports       --graded <folder>       feedback pages, class.html and CSV files, made anew
Options
  --out <path>          where to write (default: dist/export/<what>-<assignment>)
  --seed-file <file>    secret inputs are drawn from this file's text
  --pack <folder>       another pack than this course
  --hidden-tests <when> gradescope: when learners see titles and points of hidden tests: visible (default),
                        after_due_date, after_published or hidden
  --repository <name>   classroom: owner/name of the grader's repository
  --image <name>        prairielearn: the name that the image is pushed under`;

interface Settings {
  readonly what: string;
  readonly assignment?: string;
  readonly graded?: string;
  readonly roster?: string;
  readonly submitted?: string;
  readonly out?: string;
  readonly seed?: string;
  readonly pack: Pack;
  readonly repository?: string;
  readonly image: string;
  readonly hiddenTests: Visibility;
  readonly root: string;
}

const text = { type: "string" } as const;
const options = {
  assignment: text,
  graded: text,
  roster: text,
  submitted: text,
  out: text,
  "seed-file": text,
  pack: text,
  repository: text,
  image: text,
  "hidden-tests": text,
};

function readSettings(args: string[], root: string): Settings {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [what, ...more] = positionals;
  if (what === undefined || !Object.hasOwn(writers, what) || more.length > 0)
    throw new RangeError(`name one of ${Object.keys(writers).join(", ")}, got ${positionals.join(" ") || "nothing"}`);
  const { pack: folder, "seed-file": seedFile, image = "unrolled/grader", "hidden-tests": shown, ...rest } = values;
  const pack = packAt(folder, root);
  const seed = seedFile === undefined ? undefined : readFileSync(seedFile, "utf8").trim();
  return { what, ...rest, pack, seed, image, root, hiddenTests: readVisibility(shown) };
}

/** @throws RangeError if the option was not given */
function needed(settings: Settings, name: "assignment" | "graded" | "roster" | "submitted"): string {
  const value = settings[name];
  if (value === undefined) throw new RangeError(`${settings.what} needs --${name}`);
  if (name !== "assignment" && !existsSync(value)) throw new RangeError(`--${name}: there is no ${value}`);
  return value;
}

function sourceOf(settings: Settings): BundleSource {
  const source = { ...settings, assignment: needed(settings, "assignment") };
  checkAssignment(source);
  return source;
}

/** The notebook as learners get it. */
function releasedText(source: BundleSource): string {
  const exercises = exercisesOf(source);
  const master = readNotebook(join(source.pack.masters, `${source.assignment}.ipynb`));
  return notebookText(releaseNotebook(stamp(master, exercises), exercises));
}

const outOf = ({ out, what, assignment, root }: Settings, ending = ""): string =>
  out === undefined
    ? join(root, "dist/export", `${[what, assignment].filter(Boolean).join("-")}${ending}`)
    : resolve(out);

function put(file: string, data: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, data);
  renameSync(`${file}.new`, file);
}

function putFolder(out: string, files: Bundle): string {
  for (const [path, { data, run }] of files) {
    put(join(out, path), data);
    if (run) chmodSync(join(out, path), 0o755);
  }
  return `${files.size} files in ${out}`;
}

async function fillGradebook(settings: Settings, fill: typeof canvasGradebook): Promise<string> {
  const assignment = needed(settings, "assignment");
  const csv = readFileSync(needed(settings, "roster"), "utf8");
  const results: GradeResult[] = [];
  const keep = (result: GradeResult): void => {
    if (result.assignment === assignment) results.push({ ...result, exercises: result.exercises.map(slim) });
  };
  await writeReports(needed(settings, "graded"), { onResult: keep });
  const { csv: filled, filled: count, unmatched } = fill(csv, results, assignment);
  const out = outOf(settings, ".csv");
  put(out, filled);
  const missing =
    unmatched.length > 0 ? `; not in the file: ${unmatched.map((name) => JSON.stringify(name)).join(", ")}` : "";
  return `${counted(count, "learner")} filled in, ${out}${missing}`;
}

/** What a gradebook needs of an exercise: 10,000 of them fit in memory. */
const slim = ({ id, title, kind, state, earned, points }: GradeResult["exercises"][number]) => ({
  id,
  title,
  kind,
  state,
  earned,
  points,
  tests: [],
});

async function jplag(settings: Settings): Promise<string> {
  const { pack } = settings;
  const assignments = [...new Set(pack.exercises.map(({ file }) => file.replace(/\.ipynb$/, "")))];
  const { submissions } = await findSubmissions(needed(settings, "submitted"), downloadName, assignments);
  const out = outOf(settings);
  const { learners, files, unreadable } = await exportForJplag(submissions, pack, out);
  for (const { learner, message } of unreadable)
    console.error(`passed over ${JSON.stringify(learner)}: ${JSON.stringify(message)}`);
  return `${counted(files, "answer")} of ${counted(learners, "learner")} in ${out}. Then: java -jar jplag.jar -l typescript ${out}`;
}

const writers: Record<string, (settings: Settings) => string | Promise<string>> = {
  gradescope: (settings) => {
    const out = outOf(settings, ".zip");
    put(out, zipped(gradescopeBundle(sourceOf(settings), settings.hiddenTests)));
    return out;
  },
  classroom: (settings) => {
    const source = sourceOf(settings);
    return putFolder(outOf(settings), classroomBundle(source, releasedText(source), settings));
  },
  prairielearn: (settings) => {
    const source = sourceOf(settings);
    return putFolder(outOf(settings), prairieLearnBundle(source, releasedText(source), settings));
  },
  nbgrader: (settings) => {
    const source = sourceOf(settings);
    return putFolder(outOf(settings), nbgraderBundle(source, releasedText(source)));
  },
  canvas: (settings) => fillGradebook(settings, canvasGradebook),
  moodle: (settings) => fillGradebook(settings, moodleWorksheet),
  jplag,
  reports: async (settings) => {
    const graded = needed(settings, "graded");
    const { submissions, graded: count } = await writeReports(graded);
    return `${submissions} results, ${count} of them graded; ${join(resolve(graded), "class.html")}`;
  },
};

/** `unrolled export`: the grader for other people's services, gradebooks, and reports. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args, root);
    console.log(await writers[settings.what](settings));
    return 0;
  } catch (error) {
    console.error(`export: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
}
