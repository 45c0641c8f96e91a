import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GradeResult, readResult } from "../result.js";

export interface Graded {
  readonly result: GradeResult;
  /** The folder that holds its result.json. */
  readonly folder: string;
}

/**
 * The results below a folder, one at a time, in the order of their paths. Links are not followed. A file that is no result
 * is told to `onProblem` and passed over.
 */
export async function* gradedBelow(
  folder: string,
  onProblem: (path: string, error: Error) => void,
): AsyncGenerator<Graded> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* gradedBelow(path, onProblem);
    if (!entry.isFile() || entry.name !== "result.json") continue;
    try {
      yield { result: readResult(await readFile(path, "utf8"), path), folder };
    } catch (error) {
      onProblem(path, error as Error);
    }
  }
}
