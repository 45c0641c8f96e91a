// The little of WebAssembly's binary format that a kernel needs.
// See the specification, https://webassembly.github.io/spec/core/binary, and for v128 its SIMD part.

/** An integer in as few groups of seven bits as it needs, lowest first (LEB128). */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 127;
    const last = (rest >> 7 === 0 && !(low & 64)) || (rest >> 7 === -1 && (low & 64) !== 0);
    bytes.push(last ? low : low | 128);
    if (last) return bytes;
  }
}

export type Code = readonly number[];

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const i32 = (value: number): Code => [0x41, ...signed(value)];
export const i32add: Code = [0x6a];
export const i32sub: Code = [0x6b];
export const i32lessThan: Code = [0x49];
/** Runs `body`, and again as long as it leaves a true value. */
export const loop = (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b];

/** Runs `body` if `condition` is not 0. */
export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];

/** Loads and stores take the lowest alignment: arrays may begin anywhere. */
export const load = (offset = 0): Code => [...simd(0x00), 0, ...unsigned(offset)];
export const store: Code = [...simd(0x0b), 0, 0];
export const loadSplat = (offset: number): Code => [...simd(0x09), 0, ...unsigned(offset)];

export const vector = {
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  sqrt: simd(0xe3),
  /** b < a ? b : a, one instruction; NaN in a stays. */
  pmin: simd(0xea),
  pmax: simd(0xeb),
  greater: simd(0x44),
  and: simd(0x4e),
  addInt: simd(0xae),
  shiftLeft: simd(0xab),
  relaxedMadd: simd(0x105),
} as const;

const i32Type = 0x7f;
const v128Type = 0x7b;

const section = (id: number, contents: Code): Code => [id, ...unsigned(contents.length), ...contents];
const text = (word: string): Code => [word.length, ...[...word].map((letter) => letter.charCodeAt(0))];

/** A module with one function "run", of i32 parameters only, over the memory env.memory. */
export function moduleOf(parameters: number, ints: number, vectors: number, body: Code): Uint8Array {
  const locals = [2, ...unsigned(ints), i32Type, ...unsigned(vectors), v128Type];
  const code = [...locals, ...body, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...unsigned(parameters), ...Array<number>(parameters).fill(i32Type), 0]),
    ...section(2, [1, ...text("env"), ...text("memory"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("run"), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

/** Pages of 64 KB that 32-bit addresses reach. */
export const mostPages = 65_536;
const memoryImport = [...text("env"), ...text("memory"), 2];

/**
 * The same module over a memory that threads share: its one import, env.memory, then says so, and names the most pages
 * there may be.
 */
export function overSharedMemory(module: Uint8Array): Uint8Array {
  const bytes = [...module];
  const name = bytes.findIndex((_, at) => memoryImport.every((byte, k) => bytes[at + k] === byte));
  const limits = name + memoryImport.length; // a flag and the fewest pages, one byte each
  const [size, count] = bytes.slice(name - 2, name);
  const most = unsigned(mostPages);
  return Uint8Array.from([
    ...bytes.slice(0, name - 2),
    ...[size + most.length, count, ...memoryImport, 3, bytes[limits + 1], ...most],
    ...bytes.slice(limits + 2),
  ]);
}
