import { said } from "../tensor/refuse.js";

export type SafeType = "F32" | "F64" | "I64";

/** Bytes of one value. */
export const itemSize = { F32: 4, F64: 8, I64: 8 } as const;

/** Where a tensor lies; begin and end count from where the data start. */
export interface Entry {
  readonly dtype: SafeType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
}

/** A name from a file as an error message shows it: on one line, and not too long. */
export const quoted = (name: string): string => JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);

/** Longer headers are refused unread, as in huggingface's own reader. */
const longestHeader = 100_000_000;

/**
 * Reads the header of a safetensors file and holds it against the file's size.
 * @param at names caller and file in errors
 * @throws Error with one line if anything is not as the format says
 */
export function checkHeader(at: string, fileSize: number, bytes: (from: number, count: number) => Buffer): Header {
  const wrong = (what: string): Error => new Error(`${at} is not a whole safetensors file: ${what}`);
  if (fileSize < 8) throw wrong(`it must begin with 8 bytes, got ${fileSize}`);
  const size = bytes(0, 8).readBigUInt64LE();
  if (size > longestHeader) throw wrong(`its header must be at most ${longestHeader} bytes, got ${size}`);
  const dataStart = 8 + Number(size);
  if (dataStart > fileSize) throw wrong(`its header must end within ${fileSize} bytes, got ${dataStart}`);
  const parsed = parseHeader(wrong, bytes(8, Number(size)));
  const metadata = checkMetadata(wrong, parsed.get("__metadata__") ?? {});
  parsed.delete("__metadata__");
  const entries = new Map([...parsed].map(([name, entry]) => [name, checkEntry(wrong, name, entry)]));
  checkCovered(wrong, entries, fileSize - dataStart);
  return { entries, metadata, dataStart };
}

type Wrong = (what: string) => Error;

function parseHeader(wrong: Wrong, bytes: Buffer): Map<string, unknown> {
  let text: string;
  let header: unknown;
  let twice: string | undefined;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
    twice = duplicateKey(text);
  } catch {
    throw wrong("its header must be JSON");
  }
  if (!text.startsWith("{")) throw wrong("its header must begin with {");
  if (twice !== undefined) throw wrong(`its header names ${quoted(twice)} twice`);
  return new Map(Object.entries(header as object));
}

/** A key that some object of a JSON text has twice, of which JSON.parse would silently keep the last. */
function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (string !== undefined) {
      const key: string = JSON.parse(string);
      const seen = open[open.length - 1];
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function checkMetadata(wrong: Wrong, metadata: unknown): Record<string, string> {
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string")) {
    return metadata as Record<string, string>;
  }
  throw wrong("its __metadata__ must be strings by name");
}

function checkEntry(wrong: Wrong, name: string, entry: unknown): Entry {
  const bad = (what: string): Error => wrong(`${quoted(name)} ${what}`);
  if (!isObject(entry)) throw bad(`must be { dtype, shape, data_offsets }, got ${said(entry)}`);
  const { dtype, shape, data_offsets: offsets, ...others } = entry;
  const [other] = Object.keys(others);
  if (other !== undefined) throw bad(`must be { dtype, shape, data_offsets }, got ${quoted(other)} too`);
  if (typeof dtype !== "string" || !Object.hasOwn(itemSize, dtype)) {
    throw bad(`must have dtype F32, F64 or I64, got ${typeof dtype === "string" ? quoted(dtype) : said(dtype)}`);
  }
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every(isCount)) {
    throw bad("must have a shape of at most 8 integers >= 0");
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw bad("must have two data_offsets, integers >= 0");
  }
  const [begin, end] = offsets as [number, number];
  const wanted = shape.reduce((product: number, n: number) => product * n, itemSize[dtype as SafeType]);
  if (end - begin !== wanted) {
    throw bad(`must take ${wanted} bytes for ${dtype} [${shape.join(", ")}], got ${end - begin}`);
  }
  return { dtype: dtype as SafeType, shape, begin, end };
}

/** Every byte of the data belongs to one tensor, and to one only. */
function checkCovered(wrong: Wrong, entries: ReadonlyMap<string, Entry>, dataSize: number): void {
  let covered = 0;
  for (const [name, { begin, end }] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered) throw wrong(`${quoted(name)} overlaps another tensor at byte ${begin} of the data`);
    if (begin > covered) throw wrong(`bytes ${covered} to ${begin} of the data belong to no tensor`);
    covered = end;
  }
  if (covered > dataSize) throw wrong(`its tensors need ${covered} bytes of data, got ${dataSize}`);
  if (covered < dataSize) throw wrong(`bytes ${covered} to ${dataSize} of the data belong to no tensor`);
}
