import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { said } from "../tensor/refuse.js";
import { checkHeader, type Entry, type Header, itemSize, quoted, type SafeType } from "./safetensors-header.js";
import { writeSafely } from "./write-safely.js";

/** A tensor in a file: any number of dimensions, row-major. I64 comes as plain numbers. */
export interface SafeTensor {
  readonly dtype: SafeType;
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array;
}

/** A file whose header has been found good; nothing of its data has been read yet. */
export interface OpenFile extends Header {
  read(name: string): SafeTensor;
}

/**
 * All tensors of a safetensors file, by name.
 *
 * The format (huggingface/safetensors): 8 bytes with the header's length, the header as JSON
 * `{ name: { dtype, shape, data_offsets } }`, then the values, row-major and little-endian. It is only data: reading it
 * runs nothing, whoever wrote it.
 *
 * @throws Error with one line if the file is not exactly that: truncated, overlapping, with gaps, a wrong offset, a
 * duplicate name, a dtype other than F32, F64 and I64
 */
export function readSafetensors(file: string): Record<string, SafeTensor> {
  return withSafetensors("readSafetensors", file, ({ entries, read }) => {
    const all: Record<string, SafeTensor> = Object.create(null); // a tensor may be called "__proto__"
    for (const name of entries.keys()) all[name] = read(name);
    return all;
  });
}

/** Opens a file, checks its header against its size, and closes it when `use` is done. */
export function withSafetensors<Result>(where: string, file: string, use: (open: OpenFile) => Result): Result {
  if (typeof file !== "string" || file === "") {
    throw new TypeError(`${where}: file must be a path, got ${file === "" ? "an empty one" : said(file)}`);
  }
  const at = `${where}: ${file}`;
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new Error(`${at} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error(`${at} must be a file`);
    const bytes = (from: number, count: number): Buffer => readExactly(at, descriptor, from, count);
    const header = checkHeader(at, stat.size, bytes);
    const read = (name: string): SafeTensor => decoded(at, name, header.entries.get(name)!, bytes, header.dataStart);
    return use({ ...header, read });
  } finally {
    closeSync(descriptor);
  }
}

function readExactly(at: string, descriptor: number, from: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let done = 0; done < count; ) {
    const more = readSync(descriptor, bytes, done, count - done, from + done);
    if (more === 0) throw new Error(`${at} ended while it was read`);
    done += more;
  }
  return bytes;
}

function decoded(
  at: string,
  name: string,
  { dtype, shape, begin, end }: Entry,
  bytes: (from: number, count: number) => Buffer,
  dataStart: number,
): SafeTensor {
  const { buffer } = Uint8Array.from(bytes(dataStart + begin, end - begin)); // a copy of its own, so that it is aligned
  if (dtype === "F64") return { dtype, shape, data: new Float64Array(buffer) };
  if (dtype === "F32") return { dtype, shape, data: new Float32Array(buffer) };
  const data = Float64Array.from(new BigInt64Array(buffer), Number);
  const large = data.find((value) => !Number.isSafeInteger(value));
  if (large !== undefined) throw new Error(`${at}: ${quoted(name)} must hold integers within ±2^53, got ${large}`);
  return { dtype, shape, data };
}

/**
 * Writes tensors to a safetensors file, whole or not at all: under a temporary name first.
 * @throws TypeError or RangeError if a shape does not fit its data
 */
export function writeSafetensors(
  file: string,
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata?: Readonly<Record<string, string>>,
): void {
  const entries = Object.entries(tensors);
  for (const [name, tensor] of entries) checkTensor(name, tensor);
  // widest first, so that every value lies where its size divides its offset
  entries.sort(([, a], [, b]) => itemSize[b.dtype] - itemSize[a.dtype]);
  const header: [string, unknown][] = metadata ? [["__metadata__", metadata]] : [];
  const chunks: Uint8Array[] = [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const values = dtype === "I64" ? BigInt64Array.from(data as Float64Array, BigInt) : data;
    chunks.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    header.push([name, { dtype, shape: [...shape], data_offsets: [end, end + values.byteLength] }]);
    end += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  writeSafely("writeSafetensors", file, [size, padded, ...chunks]);
}

const arrays = { F64: Float64Array, F32: Float32Array, I64: Float64Array } as const;

function checkTensor(name: string, { dtype, shape, data }: SafeTensor): void {
  const at = `writeSafetensors: ${quoted(name)}`;
  if (name === "__metadata__") throw new TypeError(`${at} is not a name for a tensor`);
  if (!Object.hasOwn(arrays, dtype)) throw new TypeError(`${at} must have dtype F32, F64 or I64, got ${said(dtype)}`);
  const kind = arrays[dtype];
  if (!(data instanceof kind)) throw new TypeError(`${at} must hold a ${kind.name} for ${dtype}, got ${said(data)}`);
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new TypeError(`${at} must have a shape of integers >= 0, got ${said(shape)}`);
  }
  const count = shape.reduce((product: number, n: number) => product * n, 1);
  if (count !== data.length) {
    throw new RangeError(`${at} must hold ${count} numbers for [${shape.join(", ")}], got ${data.length}`);
  }
  if (dtype === "I64" && !data.every((value) => Number.isSafeInteger(value))) {
    throw new RangeError(`${at} must hold integers for I64`);
  }
}
