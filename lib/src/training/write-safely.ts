import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/**
 * Writes a file by way of a temporary name next to it, so that a kill, a full disk or a power cut leaves the old file
 * or the new one, never half of one.
 */
export function writeSafely(where: string, file: string, chunks: readonly Uint8Array[]): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    const descriptor = openSync(temporary, "w");
    try {
      for (const chunk of chunks) {
        for (let done = 0; done < chunk.length; ) done += writeSync(descriptor, chunk, done);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Error(`${where}: ${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}
