import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256 } from "../intake/file.js";
import { type GradeResult, readResult, resultText } from "../result.js";

/** The output folder cannot be written: the batch stops, and can go on later. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** A name from anywhere as the name of a folder on any system; what had to be changed gets a few digits of its hash. */
export function folderName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}\p{Emoji_Presentation} ._@+-]/gu, "_")
    .replace(/^[. ]+|[. ]+$/g, "_")
    .slice(0, 80);
  const reserved = plain === "" || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
  return plain === name && !reserved ? plain : `${plain}~${sha256(name).slice(0, 8)}`;
}

/** Where the result of a learner's assignment lies: <out>/<learner>/<assignment>/. */
export const resultFolder = (out: string, learner: string, assignment: string): string =>
  join(out, folderName(learner), folderName(assignment || "unknown"));

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EROFS: "it may not be written",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  ENOENT: "it may not be written", // what Node says of a new folder on a read-only disk
};

/** Written whole or not at all. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    throw new OutputError(
      `${file}: ${reasons[code ?? ""] ?? code}. What was graded is kept; run the same command again to go on.`,
    );
  }
}

export const writeResult = (folder: string, result: GradeResult): Promise<void> =>
  writeWhole(join(folder, "result.json"), resultText(result));

/** The result that lies there, if it is whole. */
export async function storedResult(folder: string): Promise<GradeResult | undefined> {
  try {
    return readResult(await readFile(join(folder, "result.json"), "utf8"));
  } catch {
    return undefined;
  }
}
