import type { SimdFunctions } from "../tensor/kernels/simd/simd.js";
import type { Packed } from "./machine.js";

/** Rows of a that are packed at once: with their part of the packed weights they stay in the second-level cache. */
const rowsAtOnce = 128;

/** The matrix products of one thread, with scratch memory of its own. Offsets count numbers. */
export class Hand {
  #scratch = { at: 0, count: 0 };

  constructor(
    private readonly functions: Pick<SimdFunctions, "gemm" | "gemmPacked">,
    private readonly memory: { take(count: number): number; release(offset: number, count: number): void },
  ) {}

  /** c[m, n] = a[m, k] packed[k, n], or c += that */
  multiply(m: number, a: number, { at, depth, width }: Packed, c: number, accumulate: boolean): void {
    const scratch = this.#scratchFor(32 + depth * Math.min(m + 3, rowsAtOnce));
    for (let row = 0; row < m; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, m - row);
      const [from, to] = [4 * (a + row * depth), 4 * (c + row * width)];
      this.functions.gemmPacked(rows, width, depth, from, depth, 4 * at, to, width, accumulate ? 1 : 0, scratch);
    }
  }

  /** c[k, n] += aᵀ b, with a[rows, k], b[rows, n] and c in matrices whose rows are bWidth wide */
  multiplyAtB(rows: number, a: number, k: number, b: number, n: number, bWidth: number, c: number, room: number): void {
    const scratch = this.#scratchFor(room);
    this.functions.gemm(k, n, rows, 4 * a, 1, k, 4 * b, bWidth, 1, 4 * c, bWidth, 1, scratch);
  }

  #scratchFor(count: number): number {
    if (this.#scratch.count < count) {
      if (this.#scratch.count > 0) this.memory.release(this.#scratch.at, this.#scratch.count);
      this.#scratch = { at: this.memory.take(count), count };
    }
    return 4 * this.#scratch.at;
  }
}
