import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Notebook, notebookText, readNotebook } from "../exercise/nbformat.js";
import { mergeNotebook } from "../exercise/release/merge.js";
import { replaceFile } from "../notebook/kernelspec.js";

const usage = `Usage: npm run update [-- --from <folder>]
Brings the newest exercises and keeps your answers. Before anything changes, your notebooks are copied to .unrolled/backup.
  --from <folder>   take the answers from another copy of the course into this one
Without --from the course is a git clone, and its own origin is asked.`;

const notebooksIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ipynb")) : [];

/** Copies notebooks away, and says where. */
function backUp(root: string, files: readonly string[], now = new Date()): string {
  const folder = join(root, ".unrolled", "backup", now.toISOString().replace(/[:.]/g, "-"));
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(file, join(folder, basename(file)));
  return folder;
}

/** Writes one merged notebook and tells what was kept. */
function mergeInto(target: string, base: Notebook | undefined, mine: Notebook): void {
  const { notebook, kept, restubbed } = mergeNotebook(base, mine, readNotebook(target));
  replaceFile(target, notebookText(notebook));
  console.log(`${basename(target)}: ${kept.length === 0 ? "nothing of yours in it" : `kept ${kept.join(", ")}`}`);
  for (const id of restubbed)
    console.log(`  ${id}: the exercise has changed since you wrote this; compare it with its card`);
}

function fromFolder(root: string, folder: string): number {
  const names = notebooksIn(join(folder, "exercises"));
  if (names.length === 0) {
    console.error(`update: ${join(folder, "exercises")} holds no notebooks`);
    return 2;
  }
  const here = names.filter((name) => existsSync(join(root, "exercises", name)));
  const backup = backUp(
    root,
    here.map((name) => join(root, "exercises", name)),
  );
  for (const name of here)
    mergeInto(join(root, "exercises", name), undefined, readNotebook(join(folder, "exercises", name)));
  const gone = names.filter((name) => !here.includes(name));
  if (gone.length > 0) console.log(`not in this course any more, so left where they are: ${gone.join(", ")}`);
  console.log(`what was here before: ${relative(root, backup)}`);
  return 0;
}

interface Git {
  readonly ok: boolean;
  readonly out: string;
}

function fromOrigin(root: string): number {
  const git = (...args: string[]): Git => {
    const done = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
    return { ok: done.status === 0, out: done.status === 0 ? done.stdout : `${done.stderr ?? ""}${done.error ?? ""}` };
  };
  const fetched = git("fetch");
  const upstream = git("rev-parse", "@{upstream}");
  if (!fetched.ok || !upstream.ok) {
    console.error(
      `update: there is nothing to update from.\n${(fetched.ok ? upstream : fetched).out.trim()}\n${usage}`,
    );
    return 1;
  }
  const listed = git("diff", "--name-only", "-z", "HEAD", "--", "exercises").out;
  const changed = listed.split("\0").filter((file) => file.endsWith(".ipynb") && existsSync(join(root, file)));
  const base = new Map(changed.map((file) => [file, JSON.parse(git("show", `HEAD:${file}`).out) as Notebook]));
  const mine = new Map(changed.map((file) => [file, readNotebook(join(root, file))]));
  const backup = backUp(
    root,
    changed.map((file) => join(root, file)),
  );
  if (changed.length > 0) git("checkout", "HEAD", "--", ...changed);
  const merged = git("merge", "--ff-only", "@{upstream}");
  for (const file of changed) {
    if (existsSync(join(root, file))) mergeInto(join(root, file), base.get(file), mine.get(file)!);
    else console.log(`${file}: not in the course any more; your copy is in ${relative(root, backup)}`);
  }
  if (!merged.ok) {
    console.error(
      `update: git could not bring the new version; your notebooks are as they were.\n${merged.out.trim()}`,
    );
    return 1;
  }
  console.log(merged.out.trim().split("\n")[0]);
  if (changed.length > 0) console.log(`your notebooks as they were: ${relative(root, backup)}`);
  return 0;
}

/** `npm run update`: the newest exercises around a learner's answers. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let from: string | undefined;
  try {
    from = parseArgs({ args, options: { from: { type: "string" } } }).values.from;
  } catch (error) {
    console.error(`update: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  try {
    return from === undefined ? fromOrigin(root) : fromFolder(root, resolve(from));
  } catch (error) {
    console.error(`update: ${(error as Error).message}`); // a notebook that cannot be read: nothing was written
    return 1;
  }
}
