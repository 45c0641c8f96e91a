import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A file as it was committed: a learner's edits in the working copy are welcome and never turn a test red. Where
 * there is no repository (a downloaded archive), or the file is new, it is the file itself.
 */
export function committed(path: string): string {
  try {
    return execFileSync("git", ["show", `HEAD:${path}`], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1e9,
    });
  } catch {
    return readFileSync(join(root, path), "utf8");
  }
}

/** The notebooks of a folder, as paths from the root. */
export function notebooksIn(folder: string): string[] {
  const full = join(root, folder);
  return existsSync(full)
    ? readdirSync(full)
        .filter((file) => file.endsWith(".ipynb"))
        .sort()
        .map((file) => `${folder}/${file}`)
    : [];
}
