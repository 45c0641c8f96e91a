import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pack } from "../../exercise/pack.js";
import { folderName } from "../batch/store.js";
import type { Submission } from "../grade.js";
import { Reader } from "../intake/reader.js";

export interface JplagSummary {
  readonly learners: number;
  readonly files: number;
  readonly unreadable: readonly { readonly learner: string; readonly message: string }[];
}

/**
 * Answer cells as TypeScript files, a folder a learner, for JPlag to compare: what the course itself wrote, and answers that
 * were never begun, are left out.
 * @see https://github.com/jplag/JPlag
 */
export async function exportForJplag(
  submissions: readonly Submission[],
  pack: Pack,
  out: string,
): Promise<JplagSummary> {
  const reader = new Reader();
  const unreadable: { learner: string; message: string }[] = [];
  const learners = new Set<string>();
  let files = 0;
  try {
    for (const { file, learner, assignment: wanted } of submissions) {
      const prepared = await reader.read({ file, masters: pack.masters, suites: pack.suites, assignment: wanted });
      if (prepared.fault !== undefined) {
        unreadable.push({ learner, message: prepared.fault });
        continue;
      }
      const stubs = new Map(prepared.stubs);
      const folder = join(out, folderName(learner));
      for (const [id, text] of prepared.answers) {
        if (text.trim() === (stubs.get(id) ?? "").trim()) continue;
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, `${folderName(`${prepared.assignment}-${id}`)}.ts`), `${text.trim()}\n`);
        learners.add(learner);
        files++;
      }
    }
  } finally {
    await reader.close();
  }
  return { learners: learners.size, files, unreadable };
}
