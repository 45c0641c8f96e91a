import { emitKernel } from "../tensor/kernels/simd/emit.js";
import type { Store } from "../tensor/kernels/simd/expression.js";
import type { KernelMemory } from "../tensor/kernels/simd/memory.js";
import type { Simd, SimdFunctions } from "../tensor/kernels/simd/simd.js";
import type { Machine, MachineKernel, Packed, PackedBlock } from "./machine.js";

/** Rows of a that are packed at once: with their part of the packed weights they stay in the second-level cache. */
const rowsAtOnce = 128;

/** Gives back what a machine took, once nobody can reach the machine any more: the kernels' memory is not collected. */
const abandoned = new FinalizationRegistry<{ memory: KernelMemory; taken: Map<number, number> }>(
  ({ memory, taken }) => {
    for (const [address, count] of taken) memory.release(address, count);
  },
);

/** float32 on WebAssembly SIMD. */
export class WasmMachine implements Machine {
  readonly padding = { vector: 4, panel: 8 };
  readonly #functions: SimdFunctions;
  readonly #memory: KernelMemory;
  /** Byte addresses of all that was taken, with their sizes. */
  readonly #taken = new Map<number, number>();
  #scratch = { at: 0, count: 0 };

  constructor(private readonly simd: Simd) {
    this.#functions = simd.functions;
    this.#memory = simd.memory;
    abandoned.register(this, { memory: simd.memory, taken: this.#taken });
  }

  get heap(): Float32Array {
    return this.#memory.floats;
  }

  take(count: number): number {
    const address = this.#memory.take(count);
    this.#taken.set(address, count);
    return address / 4;
  }

  release(offset: number, count: number): void {
    this.#taken.delete(4 * offset);
    this.#memory.release(4 * offset, count);
  }

  kernel(stores: readonly Store[], width: number): MachineKernel {
    return emitKernel(stores, width, this.simd);
  }

  place(offset: number, stride: number, width: number): [number, number] {
    return [4 * offset, 4 * (stride - 4 * Math.ceil(width / 4))];
  }

  pack({ at, depth }: Packed, { weights, k, n, kStep, nStep, kAt, nAt }: PackedBlock): void {
    const to = 4 * (at + nAt * depth + kAt * 8);
    this.#functions.packB(to, depth * 8, 4 * weights, n, k, kStep, nStep);
  }

  multiply(m: number, a: number, { at, depth, width }: Packed, c: number, accumulate = false): void {
    const scratch = this.#scratchFor(32 + depth * Math.min(m + 3, rowsAtOnce));
    for (let row = 0; row < m; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, m - row);
      const [from, to] = [4 * (a + row * depth), 4 * (c + row * width)];
      this.#functions.gemmPacked(rows, width, depth, from, depth, 4 * at, to, width, accumulate ? 1 : 0, scratch);
    }
  }

  multiplyAtB(rows: number, a: number, k: number, b: number, n: number, c: number): void {
    const scratch = this.#scratchFor(this.#functions.gemmScratch(k) / 4);
    this.#functions.gemm(k, n, rows, 4 * a, 1, k, 4 * b, n, 1, 4 * c, n, 1, scratch);
  }

  #scratchFor(count: number): number {
    if (this.#scratch.count < count) {
      if (this.#scratch.count > 0) this.release(this.#scratch.at / 4, this.#scratch.count);
      this.#scratch = { at: 4 * this.take(count), count };
    }
    return this.#scratch.at;
  }
}
