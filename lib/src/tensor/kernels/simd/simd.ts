import { said } from "../../refuse.js";
import { plain, relaxed } from "./binary.js";
import { engine, functionsOf, madeFor } from "./engine.js";
import { KernelMemory } from "./memory.js";
import { SecondThread } from "./second-thread.js";

/** What assembly/ exports. Addresses are in bytes, sizes and strides in floats. */
export interface SimdFunctions {
  gemm(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    bCol: number,
    c: number,
    ldc: number,
    accumulate: number,
    scratch: number,
  ): void;
  gemmPacked(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    packed: number,
    c: number,
    ldc: number,
    accumulate: number,
    scratch: number,
  ): void;
  packB(to: number, panelStride: number, b: number, n: number, k: number, bRow: number, bCol: number): void;
  gemmScratch(m: number): number;
}

export interface Simd {
  readonly functions: SimdFunctions;
  readonly memory: KernelMemory;
  /** Whether a b + c is rounded once where the machine can: faster, but bits may differ between machines. */
  readonly relaxed: boolean;
  /** A thread that computes in the same memory, and its products as tasks: in `simdForTwo` only. */
  readonly second?: SecondThread;
  readonly there?: Pick<SimdFunctions, "gemm" | "gemmPacked">;
}

let chosen: Simd | undefined;
let refused = false;
let wantRelaxed = typeof process !== "undefined" && process.env?.UNROLLED_RELAXED_SIMD === "1";

let wantThreads = [1, 2].find((n) => typeof process !== "undefined" && process.env?.UNROLLED_THREADS === `${n}`);
let pair: Simd | "none" | undefined;

/** The SIMD kernels, made at the first call; undefined where this machine has no WebAssembly SIMD, which is said once. */
export function simd(): Simd | undefined {
  if (chosen || refused) return chosen;
  try {
    chosen = start(wantRelaxed && allowRelaxed());
  } catch (error) {
    refused = true;
    console.warn(
      `unrolled: no WebAssembly SIMD here (${(error as Error).message}); float32 runs on plain loops, slower`,
    );
  }
  return chosen;
}

/**
 * Chooses fused multiply-add where the engine has it: about a fifth faster, but the bits of float32 results may then
 * differ between machines. Lessons and checks leave it off. Also by UNROLLED_RELAXED_SIMD=1 in the environment.
 * Cells that are compiled already keep the kernels they have.
 *
 * @returns whether float32 now runs on relaxed SIMD
 */
export function useRelaxedSimd(on = true): boolean {
  wantRelaxed = on;
  if (chosen && chosen.relaxed !== on) {
    try {
      chosen = start(on && allowRelaxed(), chosen.memory);
    } catch {
      wantRelaxed = false; // the engine has no relaxed SIMD: the plain kernels stay
    }
  }
  return simd()?.relaxed ?? false;
}

/**
 * How many threads large cells train on whose first run is still to come, also by UNROLLED_THREADS=2 in the environment.
 * Default 1: two were a third faster on long batches of 64 sequences and slower on batches of 32 (npm run bench), so
 * measure yours. Results have the same bits either way. A single processor, and code that runs in a thread of its own,
 * has always one.
 */
export function useThreads(threads: 1 | 2): void {
  if (threads !== 1 && threads !== 2) throw new RangeError(`useThreads: threads must be 1 or 2, got ${said(threads)}`);
  wantThreads = threads;
}

/** Whether work is to be shared now. */
export const sparesThread = (): boolean => wantThreads === 2;

/** The kernels in a memory that a second thread shares; undefined where there is to be, or can be, only one. */
export function simdForTwo(): Simd | undefined {
  const one = wantThreads === 2 ? simd() : undefined;
  if (!one || pair === "none") return undefined;
  if (pair?.relaxed === one.relaxed) return pair;
  try {
    const memory = pair?.memory ?? new KernelMemory(true);
    pair = start(one.relaxed, memory, pair?.second ?? SecondThread.start(memory.memory));
    return pair;
  } catch {
    pair = "none";
    return undefined;
  }
}

/** "relaxed SIMD", "SIMD" or "plain loops": what float32 runs on, to be named beside a measurement. */
export function float32Kernels(): string {
  const kernels = simd();
  return kernels ? (kernels.relaxed ? "relaxed SIMD" : "SIMD") : "plain loops";
}

function start(isRelaxed: boolean, memory = new KernelMemory(), second?: SecondThread): Simd {
  const binary = Uint8Array.from(atob(isRelaxed ? relaxed : plain), (letter) => letter.charCodeAt(0));
  const bytes = madeFor(memory.memory, binary);
  const functions = functionsOf(bytes, memory.memory) as unknown as SimdFunctions;
  const there = second && { gemm: second.load(bytes, "gemm"), gemmPacked: second.load(bytes, "gemmPacked") };
  return { functions, memory, relaxed: isRelaxed, second, there };
}

/** Whether the engine takes relaxed instructions. Node 20 has them behind a flag, which must be set before compiling. */
function allowRelaxed(): boolean {
  if (takesRelaxed()) return true;
  const v8 = globalThis.process?.getBuiltinModule?.("node:v8");
  v8?.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return takesRelaxed();
}

/** A module with one function that does nothing but a relaxed multiply-add. */
const probe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 1, 253, 17, 65, 1, 253, 17, 65, 1, 253, 17, 253, 133, 2, 11],
);
const takesRelaxed = (): boolean => engine().validate(probe);
