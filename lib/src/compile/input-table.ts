import { Expressions } from "../tensor/kernels/simd/expression.js";
import { type Tensor, valuesOf } from "../tensor/tensor.js";
import type { Machine, MachineKernel } from "./machine.js";
import type { Group } from "./plan.js";

/**
 * The weights of x for inputs that are one-hot: x W is then one row of W. What a product over all of x would compute, and
 * its gradient, is looked up and added row by row instead.
 */
export class InputTable {
  /** [inputSize, width], all sums side by side; and its gradient. */
  readonly #table: number;
  readonly #gradient: number;
  readonly #size: number;
  readonly #add: MachineKernel;

  constructor(
    private readonly group: Group,
    inputSize: number,
    private readonly machine: Machine,
  ) {
    this.#size = inputSize * group.width;
    this.#table = machine.take(this.#size);
    this.#gradient = machine.take(this.#size);
    const e = new Expressions();
    this.#add = machine.kernel([{ to: "sum", value: e.add(e.input("sum"), e.input("part")) }], group.width);
  }

  load(): void {
    for (const { tensor, row, col, n, at } of this.#blocks()) {
      const values = valuesOf(tensor);
      for (let r = row, to = this.#table + at; to < this.#table + this.#size; r++, to += this.group.width) {
        this.machine.heap.set(values.subarray(r * tensor.cols + col, r * tensor.cols + col + n), to);
      }
    }
    this.machine.heap.fill(0, this.#gradient, this.#gradient + this.#size);
  }

  /** sums[r] = row hot[r] of the table */
  gather(hot: Int32Array, sums: number): void {
    const { width } = this.group;
    const { heap } = this.machine;
    for (let r = 0; r < hot.length; r++) {
      const from = this.#table + hot[r] * width;
      heap.copyWithin(sums + r * width, from, from + width);
    }
  }

  /** Row hot[r] of the gradient += sums[r] */
  scatter(hot: Int32Array, sums: number): void {
    const { width } = this.group;
    const { arrays } = this.#add;
    for (let r = 0; r < hot.length; r++) {
      const total = this.machine.place(this.#gradient + hot[r] * width, width, width);
      const part = this.machine.place(sums + r * width, width, width);
      this.#add.run(1, arrays[0] === "sum" ? [...total, ...part] : [...part, ...total]);
    }
  }

  handOutGradient(): void {
    const { heap } = this.machine;
    const { width } = this.group;
    for (const { tensor, row, col, n, at } of this.#blocks()) {
      if (!tensor.requiresGrad) continue;
      const { grad, cols } = tensor;
      for (let r = 0; r * width < this.#size; r++) {
        const [from, to] = [this.#gradient + r * width + at, (row + r) * cols + col];
        for (let j = 0; j < n; j++) grad[to + j] += heap[from + j];
      }
    }
  }

  #blocks() {
    return this.group.sums.map(({ value, at }) => {
      const { weights } = value.terms.find(({ source }) => source !== "one" && source.kind === "x")!;
      return { ...weights, n: value.width, at };
    });
  }
}

/** For each row of all xs, where its only 1 stands; undefined unless every row has one 1 and otherwise zeros. */
export function hotColumns(xs: readonly Tensor[]): Int32Array | undefined {
  const [{ rows, cols }] = xs;
  const hot = new Int32Array(xs.length * rows);
  for (let t = 0; t < xs.length; t++) {
    const x = valuesOf(xs[t]);
    for (let r = 0; r < rows; r++) {
      let found = -1;
      for (let j = 0; j < cols; j++) {
        const value = x[r * cols + j];
        if (value === 0) continue;
        if (value !== 1 || found >= 0) return undefined;
        found = j;
      }
      if (found < 0) return undefined;
      hot[t * rows + r] = found;
    }
  }
  return hot;
}

/** x that is narrower than this is multiplied like any other: looking it up would not be faster. */
export const worthLookingUp = 8;
