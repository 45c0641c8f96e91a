import type { NumberArray } from "../tensor/kernels/dispatch.js";
import type { Store } from "../tensor/kernels/simd/expression.js";
import type { Padding } from "./plan.js";

/** A kernel as a machine runs it: `places` holds, for each array in turn, what `Machine.place` made of it. */
export interface MachineKernel {
  readonly arrays: readonly string[];
  run(rows: number, places: readonly number[]): void;
}

/** What plans run on: memory, matrix products, and pointwise kernels. Offsets and strides count numbers, not bytes. */
export interface Machine {
  readonly padding: Padding;
  /** All memory as one array; taking more may replace it. */
  readonly heap: NumberArray;
  /** Zeros. */
  take(count: number): number;
  release(offset: number, count: number): void;

  /**
   * Says how many rows the work to come has; 0 if it looks at memory between any two steps.
   * @returns whether two threads share them: then they meet whenever `heap` is read, and had better do so rarely
   */
  share(rows: number): boolean;

  /** Pointwise arithmetic over arrays of `width` columns. */
  kernel(stores: readonly Store[], width: number): MachineKernel;
  /** Where an array of a kernel begins, and how far apart its rows are: two numbers for `places`. */
  place(offset: number, stride: number, width: number): [number, number];

  /** Lays weights[k, n], kStep and nStep apart, at row kAt and column nAt of a packed [depth, …] matrix. */
  pack(packed: Packed, block: PackedBlock): void;
  /** c[m, n] = a[m, k] packed[k, n], or c += that */
  multiply(m: number, a: number, packed: Packed, c: number, accumulate?: boolean): void;
  /** c[k, n] += aᵀ b, with a[rows, k] and b[rows, n] */
  multiplyAtB(rows: number, a: number, k: number, b: number, n: number, c: number): void;
}

/** A matrix [depth, width] laid out for `multiply`. */
export interface Packed {
  readonly at: number;
  readonly depth: number;
  readonly width: number;
}

export interface PackedBlock {
  readonly weights: number;
  readonly k: number;
  readonly n: number;
  readonly kStep: number;
  readonly nStep: number;
  readonly kAt: number;
  readonly nAt: number;
}
