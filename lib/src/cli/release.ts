import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { type Notebook, notebookText, readNotebook } from "../exercise/nbformat.js";
import { coursePack, type Exercise } from "../exercise/pack.js";
import { learnersCells, releaseNotebook } from "../exercise/release/release.js";
import { stamp } from "../exercise/release/stamp.js";
import { replaceFile } from "../notebook/kernelspec.js";

const usage = `Usage: npm run release [-- --force]
Makes exercises/ from solutions/. A notebook in which someone has written is kept, unless --force.`;

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

/** `npm run release`: the student's notebooks from the masters. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  const unknown = args.find((arg) => arg !== "--force");
  if (unknown !== undefined) {
    console.error(`release: unknown argument ${unknown}\n${usage}`);
    return 2;
  }
  const { exercises } = coursePack(root);
  const files = [...new Set(exercises.map(({ file }) => file))].sort();
  const done = files.map((file) =>
    releaseFile(
      file,
      exercises.filter((exercise) => exercise.file === file),
      root,
      args.includes("--force"),
    ),
  );
  return done.every(Boolean) ? 0 : 1;
}
