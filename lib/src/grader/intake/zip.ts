import { createWriteStream } from "node:fs";
import { mkdir, rm, utimes } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SubmissionError } from "./notebook.js";

/** What yauzl gives, as far as it is used here; the package has no types of its own. */
interface Entry {
  readonly fileName: Buffer;
  readonly extraFields: unknown;
  readonly externalFileAttributes: number;
  readonly generalPurposeBitFlag: number;
  getLastModDate(): Date;
}
interface ZipFile {
  eachEntry(): AsyncIterable<Entry>;
  openReadStreamPromise(entry: Entry): Promise<NodeJS.ReadableStream>;
  close(): void;
}
interface Yauzl {
  openPromise(path: string, options: object): Promise<ZipFile>;
  getFileNameLowLevel(bitFlag: number, name: Buffer, extraFields: unknown, strict: boolean): string;
}

const yauzl = createRequire(import.meta.url)("yauzl") as Yauzl;

export const zipLimits = { entries: 50_000, fileBytes: 100 * 2 ** 20, totalBytes: 4 * 2 ** 30 };

const S_IFMT = 0o170000;
const [S_IFREG, S_IFDIR] = [0o100000, 0o040000];

/** Unix's kind of file, where the zip was made on Unix; 0 elsewhere. */
const kindOf = ({ externalFileAttributes }: Entry): number => (externalFileAttributes >>> 16) & S_IFMT;

/** Counts the bytes that really come out: the size that an entry claims is not believed. */
function atMost(bytes: number, onTotal: (bytes: number) => void): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      try {
        onTotal(chunk.length);
        done(seen > bytes ? new SubmissionError(`a file in the zip unpacks to more than ${bytes} bytes`) : null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** Where an entry goes; undefined for what is not unpacked: folders, links, devices, all but notebooks. */
function targetOf(entry: Entry, name: string, folder: string): string | undefined {
  const kind = kindOf(entry);
  if (name.endsWith("/") || kind === S_IFDIR || !name.endsWith(".ipynb")) return undefined;
  if (kind !== 0 && kind !== S_IFREG) throw new SubmissionError("a link or device");
  if (entry.generalPurposeBitFlag & 1) throw new SubmissionError("encrypted");
  const parts = name.split("/");
  const odd = (part: string): boolean => /^\.{0,2}$/.test(part) || part.length > 200 || /[\\\0]/.test(part);
  const target = join(folder, ...parts);
  if (parts.some(odd) || !target.startsWith(folder + sep)) throw new SubmissionError("its path leads out of the zip");
  return target;
}

/** Unpacks the notebooks of one zip into an empty folder. */
class Unpacking {
  readonly notes: string[] = [];
  private entries = 0;
  private total = 0;

  constructor(
    private readonly zip: ZipFile,
    private readonly folder: string,
  ) {}

  async run(): Promise<void> {
    for await (const entry of this.zip.eachEntry()) {
      if (++this.entries > zipLimits.entries)
        throw new SubmissionError(`the zip has more than ${zipLimits.entries} files`);
      const { generalPurposeBitFlag, fileName, extraFields } = entry;
      const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileName, extraFields, false);
      try {
        const target = targetOf(entry, name, this.folder);
        if (target) await this.unpack(entry, target);
      } catch (error) {
        if (this.total > zipLimits.totalBytes) throw error;
        this.notes.push(`${name}: not unpacked: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  private async unpack(entry: Entry, target: string): Promise<void> {
    const count = (bytes: number): void => {
      this.total += bytes;
      if (this.total > zipLimits.totalBytes)
        throw new SubmissionError(`the zip unpacks to more than ${zipLimits.totalBytes} bytes`);
    };
    await mkdir(dirname(target), { recursive: true });
    try {
      const out = createWriteStream(target, { flags: "wx", mode: 0o600 });
      await pipeline(await this.zip.openReadStreamPromise(entry), atMost(zipLimits.fileBytes, count), out);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") await rm(target, { force: true });
      throw error;
    }
    const date = entry.getLastModDate();
    if (!Number.isNaN(date.getTime())) await utimes(target, date, date);
  }
}

/**
 * Unpacks the notebooks of a zip into an empty folder. Nothing is written outside of it, links are not made, and neither
 * number nor size can grow without limit. An entry that cannot be unpacked costs the others nothing.
 * @returns what was left out
 * @throws SubmissionError if the file is no zip, or passes a limit
 */
export async function unpackZip(file: string, folder: string): Promise<string[]> {
  let zip: ZipFile | undefined;
  try {
    zip = await yauzl.openPromise(file, { decodeStrings: false, autoClose: false });
    const unpacking = new Unpacking(zip, folder);
    await unpacking.run();
    return unpacking.notes;
  } catch (error) {
    if (error instanceof SubmissionError) throw error;
    throw new SubmissionError(`the zip cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    zip?.close();
  }
}
