import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { type Exercise, type Pack, suiteFile } from "../../../exercise/pack.js";
import type { Bundle, BundleFile } from "../zip.js";

/** What is handed out for one assignment, and from where. */
export interface BundleSource {
  readonly root: string;
  readonly pack: Pack;
  /** "05-gates" */
  readonly assignment: string;
  /** The text that secret inputs are drawn from; without it there are none. */
  readonly seed?: string;
}

export const exercisesOf = ({ pack, assignment }: BundleSource): Exercise[] =>
  pack.exercises.filter(({ file }) => file === `${assignment}.ipynb`);

/** @throws RangeError that names the assignments there are */
export function checkAssignment(source: BundleSource): void {
  if (exercisesOf(source).length > 0) return;
  const known = [...new Set(source.pack.exercises.map(({ file }) => file.replace(/\.ipynb$/, "")))];
  throw new RangeError(`there is no assignment ${JSON.stringify(source.assignment)}; there are ${known.join(", ")}`);
}

const read = (...parts: string[]): BundleFile => ({ data: readFileSync(join(...parts)) });

/** The regular files below a folder, as paths below it. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

const rootFiles = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "tsconfig.base.json",
  "lib/package.json",
  "lib/tsconfig.json",
];

/**
 * The grader with one assignment: what `node lib/bin/unrolled.mjs build` makes whole, and what then grades without a
 * network. Holds the solutions, so it is for the instructor's side only.
 */
export function courseFiles(source: BundleSource): Bundle {
  checkAssignment(source);
  const { root, pack, assignment, seed } = source;
  const files = new Map<string, BundleFile>(rootFiles.map((file) => [file, read(root, file)]));
  for (const file of filesBelow(join(root, "lib/bin")))
    files.set(`lib/bin/${file}`, { ...read(root, "lib/bin", file), run: true });
  for (const file of filesBelow(join(root, "lib/src"))) files.set(`lib/src/${file}`, read(root, "lib/src", file));
  for (const file of filesBelow(join(root, "test/fixtures")).filter((name) => !name.endsWith(".py")))
    files.set(`test/fixtures/${file}`, read(root, "test/fixtures", file));
  for (const file of filesBelow(join(pack.suites, "reference")))
    files.set(`test/exercises/reference/${file}`, read(pack.suites, "reference", file));
  for (const suite of new Set(exercisesOf(source).map((exercise) => suiteFile(pack, exercise))))
    files.set(`test/exercises/${basename(suite)}`, read(suite));
  files.set(`solutions/${assignment}.ipynb`, read(pack.masters, `${assignment}.ipynb`));
  files.set("solutions/manifest.json", { data: `${JSON.stringify(exercisesOf(source), null, 2)}\n` });
  if (seed !== undefined) files.set("hidden-seed.txt", { data: `${seed}\n` });
  return files;
}

/** Files moved into a folder. */
export const below = (folder: string, files: Bundle): [string, BundleFile][] =>
  [...files].map(([path, file]) => [`${folder}/${path}`, file]);
