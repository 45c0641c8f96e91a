import { rmSync } from "node:fs";
import { relative } from "node:path";
import { courseProgress, progressFile } from "../notebook/check/course-progress.js";

const usage = `Usage: npm run progress [-- --forget]
Draws what is done of the exercises, as the checks on this machine have seen it.
  --forget   delete the file that it is read from`;

/** `npm run progress`: the same bar and table as `progress()` in a notebook. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  const unknown = args.find((arg) => arg !== "--forget");
  if (unknown !== undefined) {
    console.error(`progress: unknown argument ${unknown}\n${usage}`);
    return 2;
  }
  const file = progressFile(root);
  if (args.includes("--forget")) {
    rmSync(file, { force: true });
    console.log(`${relative(root, file)} is deleted; the exercises keep their answers`);
  }
  console.log(courseProgress(root).bundle["text/plain"]);
  return 0;
}
