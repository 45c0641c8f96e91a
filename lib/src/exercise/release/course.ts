import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { notebookText, readNotebook } from "../nbformat.js";
import { checkedLater, type Exercise, masterFile, type Pack, suiteFile } from "../pack.js";
import { releaseNotebook } from "./release.js";
import { stamp } from "./stamp.js";

/** What a learner's copy has of the course, besides notebooks, exercises and their checks. */
const shared = [
  ".npmrc",
  "LICENSE",
  "package-lock.json",
  "tsconfig.base.json",
  "lib/bin",
  "lib/src",
  "lib/package.json",
  "lib/tsconfig.json",
  "notebooks",
];
/** What a learner calls; the rest is for those who write the course. */
const scripts = ["start", "build", "notebooks", "grade", "progress", "update", "reproduce", "kernel:install"];

const readme = (exercises: readonly Exercise[]): string => {
  const files = [...new Set(exercises.map(({ file }) => file))];
  const points = exercises.reduce((sum, exercise) => sum + exercise.points, 0);
  return `# Unrolled

Learn LSTMs by unrolling them. You need Node 20.19 or newer.

    npm start              opens the lessons in Jupyter
    npm run progress       shows what is done of the exercises

The lessons are in \`notebooks/\`. The ${exercises.length} exercises, ${points} points, are in \`exercises/\`: ${files.join(", ")}.
Save a notebook before you hand it in: the file is what is graded.
To bring your answers into a newer copy of the course, run there: \`npm run update -- --from <this folder>\`.
`;
};

/** An entry as learners have it: no rubric, and of hidden tests only that there are some. */
function openEntry({ rubric, ...entry }: Exercise): Exercise {
  const tests = entry.tests.map((test, k) =>
    test.visibility === "hidden" ? { ...test, name: `check ${k + 1}, when it is handed in` } : test,
  );
  return { ...entry, tests, ...(rubric && { rubric: [{ name: "marked by hand", points: entry.points }] }) };
}

/** The suites that learners run themselves. @throws RangeError if a file of them holds hidden tests, too */
function openSuites(pack: Pack): string[] {
  const files = new Map<string, Exercise[]>();
  for (const exercise of pack.exercises.filter(({ tests }) => tests.length > 0)) {
    const file = suiteFile(pack, exercise);
    files.set(file, [...(files.get(file) ?? []), exercise]);
  }
  return [...files].flatMap(([file, exercises]) => {
    if (exercises.every(checkedLater)) return [];
    const mixed = exercises.find(({ tests }) => tests.some(({ visibility }) => visibility === "hidden"));
    if (mixed)
      throw new RangeError(
        `${mixed.id}: has hidden tests in ${basename(file)}, which learners get; give it a suite of its own, all hidden`,
      );
    return [file];
  });
}

/** The files that a suite imports from beside it, as deep as they go: references and their fixtures, never mistakes. */
function imported(file: string, seen = new Set<string>()): Set<string> {
  const source = readFileSync(file, "utf8");
  for (const [, path] of source.matchAll(/(?:from |new URL\()"(\.[^"]+)"/g)) {
    const target = join(file, "..", path.replace(/\.js$/, ".ts"));
    if (seen.has(target) || !existsSync(target)) continue;
    seen.add(target);
    if (target.endsWith(".ts")) imported(target, seen);
  }
  return seen;
}

/**
 * Writes a learner's copy of the course: lessons, library, exercises and the checks that learners run themselves.
 * No solution, rubric, hidden test, hidden seed or planted mistake goes into it.
 * @throws RangeError if `out` is not empty, or a suite that learners get holds hidden tests
 */
export function writeCourse(root: string, pack: Pack, out: string): void {
  if (existsSync(out) && readdirSync(out).length > 0) throw new RangeError(`${out} must be empty`);
  const suites = openSuites(pack);
  mkdirSync(join(out, "exercises"), { recursive: true });
  for (const path of shared) cpSync(join(root, path), join(out, path), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const kept = Object.entries(manifest.scripts).filter(([name]) => scripts.includes(name));
  writeFileSync(
    join(out, "package.json"),
    `${JSON.stringify({ ...manifest, scripts: Object.fromEntries(kept) }, null, 2)}\n`,
  );
  writeFileSync(join(out, "README.md"), readme(pack.exercises));
  writeFileSync(join(out, ".gitignore"), "node_modules/\ndist/\n.jupyter/\n.unrolled/\n");
  writeFileSync(join(out, "exercises/manifest.json"), `${JSON.stringify(pack.exercises.map(openEntry), null, 2)}\n`);
  for (const exercise of pack.exercises) {
    const target = join(out, "exercises", exercise.file);
    if (existsSync(target)) continue;
    const here = pack.exercises.filter(({ file }) => file === exercise.file);
    const released = releaseNotebook(stamp(readNotebook(masterFile(pack, exercise)), here), here);
    writeFileSync(target, notebookText(released));
  }
  const [from, to] = [join(pack.suites, ".."), join(out, "test")];
  for (const file of suites.flatMap((suite) => [suite, ...imported(suite)])) {
    if (!file.startsWith(from)) throw new RangeError(`${file} lies outside the pack's test folder`);
    cpSync(file, join(to, file.slice(from.length)), { recursive: true });
  }
}
