import { allocate, type DType, type NumberArray } from "../tensor/kernels/dispatch.js";
import { arraysOf, type Expression, inOrder, type Store } from "../tensor/kernels/simd/expression.js";
import type { Machine, MachineKernel, Packed, PackedBlock } from "./machine.js";

/** float64, or float32 where there is no SIMD: plain loops, and kernels as generated JavaScript. */
export class JsMachine implements Machine {
  readonly padding = { vector: 1, panel: 1 };
  heap: NumberArray;
  #top = 0;

  constructor(private readonly dtype: DType) {
    this.heap = allocate(dtype, 4096);
  }

  take(count: number): number {
    const offset = this.#top;
    this.#top += count;
    if (this.#top > this.heap.length) {
      const larger = allocate(this.dtype, 2 ** Math.ceil(Math.log2(this.#top)));
      larger.set(this.heap);
      this.heap = larger;
    }
    return offset;
  }

  /** Only the piece that was taken last comes back; a larger batch takes everything anew, so little is lost. */
  release(offset: number, count: number): void {
    if (offset + count !== this.#top) return;
    this.heap.fill(0, offset, this.#top);
    this.#top = offset;
  }

  share(): boolean {
    return false;
  }

  kernel(stores: readonly Store[], width: number): MachineKernel {
    const arrays = arraysOf(stores);
    const run = new Function("heap", "rows", "p", source(stores, arrays, width)) as (
      heap: NumberArray,
      rows: number,
      places: readonly number[],
    ) => void;
    return { arrays, run: (rows, places) => run(this.heap, rows, places) };
  }

  place(offset: number, stride: number): [number, number] {
    return [offset, stride];
  }

  pack({ at, width }: Packed, { weights, k, n, kStep, nStep, kAt, nAt }: PackedBlock): void {
    const { heap } = this;
    for (let r = 0; r < k; r++) {
      const row = at + (kAt + r) * width + nAt;
      for (let j = 0; j < n; j++) heap[row + j] = heap[weights + r * kStep + j * nStep];
    }
  }

  multiply(m: number, a: number, { at, depth, width }: Packed, c: number, accumulate = false): void {
    const { heap } = this;
    if (!accumulate) heap.fill(0, c, c + m * width);
    for (let i = 0; i < m; i++) addRowTimes(heap, a + i * depth, 1, depth, at, width, c + i * width);
  }

  multiplyAtB(rows: number, a: number, k: number, b: number, n: number, c: number): void {
    for (let i = 0; i < k; i++) addRowTimes(this.heap, a + i, k, rows, b, n, c + i * n);
  }
}

/** c[n] += a[k] B[k,n], with a's entries aStep apart. Four rows at a time, as in the reference kernels. */
function addRowTimes(heap: NumberArray, a: number, aStep: number, k: number, b: number, n: number, c: number): void {
  const fours = k - (k % 4);
  for (let p = 0; p < fours; p += 4) {
    const at = a + p * aStep;
    const [a0, a1, a2, a3] = [heap[at], heap[at + aStep], heap[at + 2 * aStep], heap[at + 3 * aStep]];
    const [b0, b1, b2, b3] = [b + p * n, b + (p + 1) * n, b + (p + 2) * n, b + (p + 3) * n];
    for (let j = 0; j < n; j++)
      heap[c + j] += a0 * heap[b0 + j] + a1 * heap[b1 + j] + a2 * heap[b2 + j] + a3 * heap[b3 + j];
  }
  for (let p = fours; p < k; p++) {
    const factor = heap[a + p * aStep];
    for (let j = 0; j < n; j++) heap[c + j] += factor * heap[b + p * n + j];
  }
}

/** The body of a kernel as JavaScript: one local per expression, all values before all stores. */
function source(stores: readonly Store[], arrays: readonly string[], width: number): string {
  const at = (name: string): string => `heap[p${arrays.indexOf(name)} + j]`;
  const named = inOrder(stores.map(({ value }) => value));
  const name = (e: Expression): string => (e.op === "constant" ? literal(e.value) : `e${named.indexOf(e)}`);
  const values = named
    .filter(({ op }) => op !== "constant")
    .map((e) => `const ${name(e)} = ${e.op === "input" ? at(e.name) : formula(e, e.operands.map(name))};`);
  const writes = stores.map(({ to, value }) => `${at(to)} = ${name(value)};`);
  return `
    let ${arrays.map((_, k) => `p${k} = p[${2 * k}]`).join(", ")};
    const ${arrays.map((_, k) => `s${k} = p[${2 * k + 1}]`).join(", ")};
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < ${width}; j++) {
        ${[...values, ...writes].join("\n        ")}
      }
      ${arrays.map((_, k) => `p${k} += s${k};`).join(" ")}
    }`;
}

const literal = (value: number): string =>
  value < 0 || Object.is(value, -0) ? `(${value === 0 ? "-0" : value})` : `${value}`;

function formula({ op }: Expression, [a, b]: readonly string[]): string {
  if (op === "add") return `${a} + ${b}`;
  if (op === "sub") return `${a} - ${b}`;
  if (op === "mul") return `${a} * ${b}`;
  if (op === "whenPositive") return `${b} > 0 ? ${a} : 0`;
  if (op === "sigmoid") return `1 / (1 + Math.exp(-${a}))`;
  if (op === "relu") return `Math.max(${a}, 0)`;
  return `Math.${op}(${a})`;
}
