import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Notebook, notebookText, readNotebook } from "../exercise/nbformat.js";
import { coursePack, type Exercise } from "../exercise/pack.js";
import { composePack } from "../exercise/release/compose.js";
import { writeCourse } from "../exercise/release/course.js";
import { learnersCells, releaseNotebook } from "../exercise/release/release.js";
import { stamp } from "../exercise/release/stamp.js";
import { replaceFile } from "../notebook/kernelspec.js";

const usage = `Usage: npm run release [-- options]
Makes exercises/ from solutions/. A notebook in which someone has written is kept, unless --force.
  --force           replace it all the same
  --course <out>    write a student package there instead: no solutions, rubrics, hidden tests or planted mistakes
  --pack <folder>   an instructor's pack to apply to it first; see docs/packs.md`;

/** Why a notebook must not be replaced; undefined if it may. */
function keptBecause(target: string, released: Notebook): string | undefined {
  if (!existsSync(target)) return undefined;
  let mine: string[];
  try {
    mine = learnersCells(readNotebook(target), released);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return mine.length > 0 ? `there are answers in it (${mine.join(", ")})` : undefined;
}

function releaseFile(file: string, exercises: readonly Exercise[], root: string, force: boolean): boolean {
  const [source, target] = [join(root, "solutions", file), join(root, "exercises", file)];
  const master = stamp(readNotebook(source), exercises);
  replaceFile(source, notebookText(master));
  const released = releaseNotebook(master, exercises);
  const name = relative(root, target);
  const kept = force ? undefined : keptBecause(target, released);
  if (kept) {
    console.error(`${name} is kept: ${kept}. To replace it all the same: npm run release -- --force`);
    return false;
  }
  replaceFile(target, notebookText(released));
  const points = exercises.reduce((sum, exercise) => sum + exercise.points, 0);
  console.log(`${name}: ${exercises.length} exercises, ${points} points`);
  return true;
}

interface Settings {
  readonly force: boolean;
  readonly course?: string;
  readonly pack?: string;
}

/** The student package, of the course or of an instructor's pack. */
function releaseCourse(root: string, { course, pack }: Settings): void {
  const out = resolve(course!);
  const composed = pack === undefined ? undefined : mkdtempSync(join(tmpdir(), "unrolled-pack-"));
  try {
    const base = coursePack(root);
    const chosen = composed ? composePack(resolve(pack!), composed, base) : base;
    writeCourse(root, chosen, out);
    const points = chosen.exercises.reduce((sum, exercise) => sum + exercise.points, 0);
    console.log(`${out}: ${chosen.exercises.length} exercises, ${points} points, no solutions`);
  } finally {
    if (composed) rmSync(composed, { recursive: true, force: true });
  }
}

function readSettings(args: string[]): Settings {
  const options = {
    force: { type: "boolean", default: false },
    course: { type: "string" },
    pack: { type: "string" },
  } as const;
  const { values } = parseArgs({ args, options });
  if (values.pack !== undefined && values.course === undefined) throw new Error("--pack needs --course");
  return values;
}

/** `npm run release`: the student's notebooks from the masters, or with --course a whole student package. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args);
  } catch (error) {
    console.error(`release: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  if (settings.course !== undefined) {
    try {
      releaseCourse(root, settings);
      return 0;
    } catch (error) {
      console.error(`release: ${(error as Error).message}`);
      return 1;
    }
  }
  const { exercises } = coursePack(root);
  const files = [...new Set(exercises.map(({ file }) => file))].sort();
  const of = (name: string): Exercise[] => exercises.filter(({ file }) => file === name);
  const done = files.map((file) => releaseFile(file, of(file), root, settings.force));
  return done.every(Boolean) ? 0 : 1;
}
