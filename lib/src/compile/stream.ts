import type { Cell, CellState } from "../cells/cell.js";
import { allocate, type NumberArray } from "../tensor/kernels/dispatch.js";
import { noGrad, Tensor, valuesOf } from "../tensor/tensor.js";
import type { Runner } from "./runner.js";

/** The state after a sample, as plain numbers: { h, … }. */
export type StreamState = { readonly h: Float64Array | Float32Array } & Readonly<
  Record<string, Float64Array | Float32Array>
>;

/** A cell that is fed one sample after the other. */
export interface Stream {
  /** @throws RangeError unless x holds inputSize numbers */
  next(x: ArrayLike<number>): StreamState;
}

function checkSample(x: ArrayLike<number>, inputSize: number): void {
  if (x?.length !== inputSize) throw new RangeError(`stream: x must hold ${inputSize} numbers, got ${x?.length}`);
}

export class CompiledStream implements Stream {
  constructor(
    private readonly runner: Runner,
    private readonly inputSize: number,
    initial: Readonly<Record<string, Tensor>>,
  ) {
    runner.startStream(initial);
  }

  next(x: ArrayLike<number>): StreamState {
    checkSample(x, this.inputSize);
    return this.runner.streamStep(x) as StreamState;
  }
}

/** The same for a cell that could not be compiled. */
export class TapeStream implements Stream {
  #state: CellState;

  constructor(
    private readonly cell: Cell,
    initial: CellState,
  ) {
    this.#state = initial;
  }

  next(x: ArrayLike<number>): StreamState {
    const { cell } = this;
    checkSample(x, cell.inputSize);
    const data: NumberArray = allocate(cell.dtype, x.length);
    data.set(x);
    const names = Object.keys(this.#state);
    this.#state = noGrad(() => cell.step(new Tensor(1, x.length, data), this.#state));
    const state = this.#state as unknown as Record<string, Tensor>;
    return Object.fromEntries(names.map((name) => [name, valuesOf(state[name]).slice()])) as StreamState;
  }
}
