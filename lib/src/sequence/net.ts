import type { Cell, CellState } from "../cells/cell.js";
import type { DType } from "../tensor/kernels/reference.js";
import { concat } from "../tensor/ops.js";
import { checkOptions, checkShape, said } from "../tensor/refuse.js";
import type { Rng } from "../tensor/rng.js";
import { Tensor } from "../tensor/tensor.js";
import { dropout, dropoutMask } from "./dropout.js";
import { checkLengths, checkSequence } from "./padded.js";
import { sweep } from "./sweep.js";

/** A cell that reads from left to right and, in a bidirectional net, another that reads from right to left. */
export interface Layer<State extends CellState = CellState> {
  readonly forward: Cell<State>;
  readonly backward?: Cell<State> | undefined;
}

/**
 * The state of a whole net: for each name a list with one [batchSize, hiddenSize] tensor per layer and direction, in
 * PyTorch's order. h[layer · directions + direction] is a layer's hidden state; direction 0 is forward, 1 backward.
 */
export type NetState<State extends CellState = CellState> = { readonly [Name in keyof State]: readonly Tensor[] };

export interface RunOptions<State extends CellState = CellState> {
  /** How many real steps each sequence has. Default: all of them. */
  lengths?: readonly number[];
  /** The state before the first step, e.g. another run's `final`. Default: zeros. */
  initial?: NetState<State>;
  /** Whether dropout acts. Default false: only training drops. */
  training?: boolean;
}

export interface NetRun<State extends CellState = CellState> {
  /** The top layer's hidden states: [batchSize, directions · hiddenSize] per time step, zero past each length. */
  readonly outputs: Tensor[];
  /** The state after each sequence's last real step; for a backward cell, after its first. */
  readonly final: NetState<State>;
}

/** How much a net drops while it trains, and the stream that decides what. */
export interface Dropping {
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly rng: Rng;
}

/**
 * Layers of cells over a sequence, each reading what the one below made of it. Made by `stacked` and `bidirectional`.
 *
 * Sequences of a batch may differ in length: `lengths` tells, and every sequence then runs as if it were alone. The
 * state is held past its end, a backward cell starts at its own last step, and what pads it is never read.
 */
export class SequenceNet<State extends CellState = CellState> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly directions: 1 | 2;
  /** Width of an output: directions · hiddenSize. */
  readonly outputSize: number;

  constructor(
    readonly layers: readonly Layer<State>[],
    readonly dropping?: Dropping,
  ) {
    const { forward, backward } = layers[0];
    this.inputSize = forward.inputSize;
    this.hiddenSize = forward.hiddenSize;
    this.directions = backward ? 2 : 1;
    this.outputSize = this.directions * this.hiddenSize;
  }

  get dtype(): DType {
    return this.layers[0].forward.dtype;
  }

  /** Every cell in PyTorch's order: layer by layer, forward before backward. */
  get cells(): Cell<State>[] {
    return this.layers.flatMap(({ forward, backward }) => (backward ? [forward, backward] : [forward]));
  }

  /** Every weight by name, e.g. "layer0.forward.forgetGate.Wx". */
  parameters(): Record<string, Tensor> {
    const named: Record<string, Tensor> = {};
    this.layers.forEach((layer, k) => {
      for (const direction of ["forward", "backward"] as const) {
        for (const [name, weight] of Object.entries(layer[direction]?.parameters() ?? {})) {
          named[`layer${k}.${direction}.${name}`] = weight;
        }
      }
    });
    return named;
  }

  /** Zeros: nothing has been seen yet. */
  initialState(batchSize: number): NetState<State> {
    return joined(this.cells.map((cell) => cell.initialState(batchSize)));
  }

  /**
   * @param xs one [batchSize, inputSize] tensor per time step
   * @throws TypeError or RangeError if xs, lengths or the initial state do not fit
   */
  run(xs: readonly Tensor[], options: RunOptions<State> = {}): NetRun<State> {
    checkOptions("run", options, ["lengths", "initial", "training"]);
    checkSequence("run", xs, this.inputSize);
    const { lengths, initial = this.initialState(xs[0].rows), training = false } = options;
    if (lengths !== undefined) checkLengths("run", lengths, xs[0].rows, xs.length);
    this.#checkState(initial, xs[0].rows);
    const dropping = training ? this.dropping : undefined;

    const finals: State[] = [];
    let outputs = [...xs];
    this.layers.forEach((layer, k) => {
      const inputs = k > 0 && dropping ? outputs.map((x) => dropout(x, dropping.dropout, dropping.rng)) : outputs;
      const passes = [layer.forward, layer.backward].flatMap((cell, direction) => {
        if (!cell) return [];
        const start = separated(initial, k * this.directions + direction, this.dtype);
        const mask = this.#recurrentMask(dropping, xs[0].rows);
        return [sweep(cell, inputs, { initial: start, lengths, backward: direction === 1, mask })];
      });
      finals.push(...passes.map(({ final }) => final));
      outputs = inputs.map((_, t) => (passes.length === 1 ? passes[0].hs[t] : concat(passes.map(({ hs }) => hs[t]))));
    });
    return { outputs, final: joined(finals) };
  }

  #recurrentMask(dropping: Dropping | undefined, batchSize: number): Tensor | undefined {
    if (!dropping?.recurrentDropout) return undefined;
    return dropoutMask(batchSize, this.hiddenSize, dropping.recurrentDropout, dropping.rng, this.dtype);
  }

  #checkState(state: NetState<State>, batchSize: number): void {
    const count = this.layers.length * this.directions;
    for (const name of Object.keys(this.initialState(1)) as (keyof State & string)[]) {
      const parts = state?.[name];
      if (!Array.isArray(parts) || parts.length !== count || !parts.every((part) => part instanceof Tensor)) {
        throw new RangeError(
          `run: initial.${name} must be ${count} tensors, one per layer and direction, got ${said(parts)}`,
        );
      }
      parts.forEach((part: Tensor, k: number) => {
        checkShape(`run: initial.${name}[${k}]`, part.shape, [batchSize, this.hiddenSize]);
      });
    }
  }
}

/** The states of single cells as one state of the net. */
function joined<State extends CellState>(states: readonly State[]): NetState<State> {
  const names = Object.keys(states[0]) as (keyof State)[];
  return Object.fromEntries(
    names.map((name) => [name, states.map((state) => state[name])]),
  ) as unknown as NetState<State>;
}

/** The state of the k-th cell. */
function separated<State extends CellState>(state: NetState<State>, k: number, dtype: DType): State {
  const names = Object.keys(state) as (keyof State)[];
  return Object.fromEntries(names.map((name) => [name, state[name][k].to(dtype)])) as unknown as State;
}
