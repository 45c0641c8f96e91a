import type { DType, NumberArray } from "./kernels/dispatch.js";
import * as kernels from "./kernels/dispatch.js";
import { shapeText } from "./refuse.js";
import { type OpDetails, watcher } from "./trace.js";

/** A tensor's values, for ops. `data` is for everybody else, and noticed by whoever watches. */
export let valuesOf: (tensor: Tensor) => NumberArray;

/**
 * A matrix that remembers how it was made, so that gradients can flow back through it.
 *
 * Each op computes its value and keeps a closure with its local derivative: given ∂L/∂y of its result, add
 * ∂L/∂x to each input. `backward()` calls these closures from the last result to the first. That is all there is
 * to backpropagation; through time it is the same walk, over more steps.
 *
 * Left out on purpose: more than two dimensions, views and strides, broadcasting beyond one row.
 *
 * @see Wengert (1964), Communications of the ACM 7(8): the tape. Rumelhart, Hinton & Williams (1986), Nature 323.
 */
export class Tensor {
  readonly rows: number;
  readonly cols: number;
  readonly requiresGrad: boolean;
  /** What this tensor was computed from, and how a gradient passes through to it. Empty for leaves. */
  readonly #inputs: readonly Tensor[];
  readonly #passBack: ((dy: NumberArray) => void) | undefined;
  readonly #order = created++;
  readonly #data: Float64Array | Float32Array;
  #grad: NumberArray | undefined;

  /** Use `tensor([[...]])`, `zeros(rows, cols)` or an op; this wraps data that is already row-major. */
  constructor(
    rows: number,
    cols: number,
    data: Float64Array | Float32Array,
    { requiresGrad = false, inputs = [], passBack }: TensorOptions = {},
  ) {
    this.rows = rows;
    this.cols = cols;
    this.#data = data;
    this.requiresGrad = requiresGrad;
    this.#inputs = inputs;
    this.#passBack = passBack;
  }

  static {
    valuesOf = (tensor) => tensor.#data;
  }

  /** Row-major: entry [r][c] is data[r * cols + c]. */
  get data(): Float64Array | Float32Array {
    watcher?.onRead(this);
    return this.#data;
  }

  get shape(): [number, number] {
    return [this.rows, this.cols];
  }

  get dtype(): DType {
    return this.#data instanceof Float64Array ? "float64" : "float32";
  }

  /** ∂L/∂this, filled by `backward()`; zeros before. @throws Error if this tensor does not track gradients */
  get grad(): Float64Array | Float32Array {
    if (!this.requiresGrad) {
      throw new Error("grad: this tensor tracks no gradient; make it with { requiresGrad: true }");
    }
    this.#grad ??= kernels.allocate(this.dtype, this.#data.length);
    return this.#grad;
  }

  /** y = a + b. b: same shape, one row added to every row, or a number. */
  add(b: Tensor | number): Tensor {
    if (typeof b === "number") {
      return this.#map(
        (x, y) => kernels.addNumber(x, b, y),
        (dy, _, dx) => kernels.addScaled(dx, dy),
        "add number",
        { value: b },
      );
    }
    const y = this.#likeMe("add", b);
    kernels.add(this.#data, b.#data, y);
    const passBack = (dy: NumberArray): void => {
      if (this.requiresGrad) kernels.addScaled(this.grad, dy);
      if (b.requiresGrad) kernels.addRows(b.grad, dy);
    };
    return record(this.rows, this.cols, y, [this, b], passBack, "add");
  }

  /** y = a − b. b: same shape, or one row. */
  sub(b: Tensor | number): Tensor {
    return this.add(typeof b === "number" ? -b : b.mul(-1));
  }

  /** y = a ⊙ b, element by element. b: same shape, one row, or a number. */
  mul(b: Tensor | number): Tensor {
    if (typeof b === "number") {
      return this.#map(
        (x, y) => kernels.addScaled(y, x, b),
        (dy, _, dx) => kernels.addScaled(dx, dy, b),
        "mul number",
        { value: b },
      );
    }
    const y = this.#likeMe("mul", b);
    kernels.mul(this.#data, b.#data, y);
    const passBack = (dy: NumberArray): void => {
      if (this.requiresGrad) kernels.addProduct(this.grad, dy, b.#data);
      if (b.requiresGrad) kernels.addRows(b.grad, dy, this.#data);
    };
    return record(this.rows, this.cols, y, [this, b], passBack, "mul");
  }

  /** The matrix product: [m, k] times [k, n] is [m, n]. ∂L/∂a = ∂L/∂y bᵀ, ∂L/∂b = aᵀ ∂L/∂y. */
  matmul(b: Tensor): Tensor {
    sameType("matmul", this, b);
    if (this.cols !== b.rows) {
      throw new RangeError(
        `matmul: b must be [${this.cols}, any] to follow ${shapeText(this.shape)}, got ${shapeText(b.shape)}`,
      );
    }
    const [m, k, n] = [this.rows, this.cols, b.cols];
    const y = kernels.allocate(this.dtype, m * n);
    kernels.gemm(m, k, n, this.#data, b.#data, y);
    const passBack = (dy: NumberArray): void => {
      if (this.requiresGrad) kernels.gemmABt(m, n, k, dy, b.#data, this.grad);
      if (b.requiresGrad) kernels.gemmAtB(k, m, n, this.#data, dy, b.grad);
    };
    return record(m, n, y, [this, b], passBack, "matmul");
  }

  /** σ(x) = 1 / (1 + e⁻ˣ), in (0, 1). σ′ = σ (1 − σ). */
  sigmoid(): Tensor {
    return this.#map(kernels.sigmoid, kernels.sigmoidBack, "sigmoid");
  }

  /** tanh(x), in (−1, 1). tanh′ = 1 − tanh². */
  tanh(): Tensor {
    return this.#map(kernels.tanh, kernels.tanhBack, "tanh");
  }

  /** max(0, x). */
  relu(): Tensor {
    return this.#map(kernels.relu, kernels.reluBack, "relu");
  }

  /** All entries added up, as a [1, 1] tensor. */
  sum(): Tensor {
    const y = kernels.allocate(this.dtype, 1);
    y[0] = kernels.sum(this.#data);
    const passBack = (dy: NumberArray): void => {
      for (let k = 0; k < this.#data.length; k++) this.grad[k] += dy[0];
    };
    return record(1, 1, y, [this], passBack, "sum");
  }

  /** The average of all entries, as a [1, 1] tensor. */
  mean(): Tensor {
    return this.sum().mul(1 / this.#data.length);
  }

  /** The number in a [1, 1] tensor. */
  item(): number {
    if (this.data.length !== 1) throw new RangeError(`item: the tensor must be [1, 1], got ${shapeText(this.shape)}`);
    return this.data[0];
  }

  /** The entries as rows of plain numbers. */
  tolist(): number[][] {
    return Array.from({ length: this.rows }, (_, r) =>
      Array.from(this.data.subarray(r * this.cols, (r + 1) * this.cols)),
    );
  }

  /** The same values as "float64" or "float32"; gradients pass through. */
  to(dtype: DType): Tensor {
    if (dtype === this.dtype) return this;
    const y = kernels.allocate(dtype, this.#data.length);
    y.set(this.#data);
    const passBack = (dy: NumberArray): void => {
      for (let k = 0; k < dy.length; k++) this.grad[k] += dy[k];
    };
    return record(this.rows, this.cols, y, [this], passBack, `to ${dtype}`);
  }

  /** The same values, cut off from what made them: no gradient passes. */
  detach(): Tensor {
    const result = new Tensor(this.rows, this.cols, this.#data);
    watcher?.onOp(result, "detach", [this], {});
    return result;
  }

  /**
   * Fills `.grad` of every tracked tensor that this [1, 1] result depends on. Gradients of leaves (parameters)
   * add up over calls, until `zeroGrad()`.
   * @throws RangeError if this tensor holds more than one number
   */
  backward(): void {
    if (this.#data.length !== 1) {
      throw new RangeError(`backward: start from one number, e.g. y.sum().backward(), got ${shapeText(this.shape)}`);
    }
    if (!this.requiresGrad) throw new Error("backward: nothing that made this number tracks a gradient");
    const tape = this.#tape();
    for (const node of tape) if (node.#passBack) node.#grad?.fill(0);
    this.grad[0] = 1;
    for (const node of tape) node.#passBack?.(node.grad);
  }

  /** Forgets the gradient: the next `backward()` starts from zero. */
  zeroGrad(): void {
    this.#grad?.fill(0);
  }

  /** "Tensor [2, 3]" with its rows: what a notebook shows. */
  toString(): string {
    const rows = this.tolist().map((row) => `[${row.map((v) => Number(v.toPrecision(5))).join(", ")}]`);
    const shown = rows.length > 8 ? [...rows.slice(0, 8), `… ${rows.length - 8} more rows`] : rows;
    return `Tensor ${shapeText(this.shape)}\n${shown.join("\n")}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** This tensor and all it was made from, latest first: results are younger than their inputs. */
  #tape(): Tensor[] {
    const seen = new Set<Tensor>([this]);
    for (const node of seen) for (const input of node.#inputs) if (input.requiresGrad) seen.add(input);
    return [...seen].sort((a, b) => b.#order - a.#order);
  }

  /** An op on single entries: forward writes y, backward adds to dx. */
  #map(
    forward: (x: NumberArray, y: NumberArray) => void,
    back: (dy: NumberArray, y: NumberArray, dx: NumberArray) => void,
    op: string,
    details: OpDetails = {},
  ): Tensor {
    const y = kernels.allocate(this.dtype, this.#data.length);
    forward(this.#data, y);
    return record(this.rows, this.cols, y, [this], (dy) => back(dy, y, this.grad), op, details);
  }

  #likeMe(op: string, b: Tensor): NumberArray {
    sameType(op, this, b);
    if (b.cols !== this.cols || (b.rows !== this.rows && b.rows !== 1)) {
      const oneRow = this.rows === 1 ? "" : ` or [1, ${this.cols}]`;
      throw new RangeError(`${op}: b must be ${shapeText(this.shape)}${oneRow}, got ${shapeText(b.shape)}`);
    }
    return kernels.allocate(this.dtype, this.#data.length);
  }
}

export interface TensorOptions {
  requiresGrad?: boolean;
  inputs?: readonly Tensor[];
  passBack?: (dy: Float64Array | Float32Array) => void;
}

let created = 0;
let recording = true;

/** Wraps the result of an op; keeps the way back only where a gradient is wanted. `op` names it to `compile`. */
export function record(
  rows: number,
  cols: number,
  y: NumberArray,
  inputs: readonly Tensor[],
  passBack: (dy: NumberArray) => void,
  op = "an op of its own",
  details: OpDetails = {},
): Tensor {
  const requiresGrad = recording && inputs.some((input) => input.requiresGrad);
  const result = new Tensor(rows, cols, y, requiresGrad ? { requiresGrad, inputs, passBack } : {});
  watcher?.onOp(result, op, inputs, details);
  return result;
}

/** Runs `compute` without keeping the way back: faster, and no memory grows. */
export function noGrad<T>(compute: () => T): T {
  const before = recording;
  recording = false;
  try {
    return compute();
  } finally {
    recording = before;
  }
}

function sameType(op: string, a: Tensor, b: Tensor): void {
  if (!(b instanceof Tensor)) throw new TypeError(`${op}: b must be a Tensor, got ${typeof b}`);
  if (a.dtype !== b.dtype) throw new TypeError(`${op}: both sides must be ${a.dtype}, got ${b.dtype}`);
}
