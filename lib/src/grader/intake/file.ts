import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { SubmissionError } from "./notebook.js";

/** A submitted file, read once: what is graded is what was hashed, also if the file changes meanwhile. */
export interface SubmittedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** More than one name leads to the file. */
  readonly hardLinked: boolean;
  readonly receivedAt?: string;
}

export const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

/**
 * Reads a regular file, and nothing else: no link is followed, and a pipe or a device is not waited for.
 * @throws SubmissionError if it is another kind of file, or too large
 */
export async function readSubmittedFile(path: string, maxBytes: number): Promise<SubmittedFile> {
  const name = basename(path);
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ELOOP") throw new SubmissionError("the file is a symbolic link, which is not followed");
    if (error.code === "ENXIO") throw new SubmissionError("the file is not a regular file");
    throw new SubmissionError(`the file cannot be opened: ${error.code}`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new SubmissionError("the file is not a regular file");
    if (stat.size > maxBytes) throw new SubmissionError(`a file may have ${maxBytes} bytes, this one has ${stat.size}`);
    const bytes = Buffer.alloc(stat.size); // what is appended while it is read is not part of it
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const whole = bytes.subarray(0, length);
    return {
      name,
      bytes: whole,
      sha256: sha256(whole),
      hardLinked: stat.nlink > 1,
      receivedAt: stat.mtime.toISOString(),
    };
  } finally {
    await file.close();
  }
}
