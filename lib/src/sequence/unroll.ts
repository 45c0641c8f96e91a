import type { Cell, CellState } from "../cells/cell.js";
import { concatRows } from "../tensor/ops.js";
import { said } from "../tensor/refuse.js";
import { Tensor } from "../tensor/tensor.js";

/** A cell that runs whole sequences by itself, such as a compiled one; undefined where it cannot. */
export interface RunsItself<State extends CellState, Step extends State> extends Cell<State, Step> {
  /** What it was made from. */
  readonly cell: Cell<State, Step>;
  runSequence(xs: readonly Tensor[], initial?: State): Step[] | undefined;
  runStates(xs: readonly Tensor[], initial?: State): State[] | undefined;
  runHidden(xs: readonly Tensor[]): Tensor[] | undefined;
  runStacked(xs: readonly Tensor[]): Tensor | undefined;
  runToEnd(xs: readonly Tensor[]): State | undefined;
}

/** The hidden state at every step, without the gates. */
export function hiddenStates(cell: Cell, xs: readonly Tensor[]): Tensor[] {
  return (cell as Partial<RunsItself<CellState, CellState>>).runHidden?.(xs) ?? unroll(cell, xs).map(({ h }) => h);
}

/** The hidden states of all steps on top of each other: [seqLen · batchSize, hiddenSize]. */
export function stackedHidden(cell: Cell, xs: readonly Tensor[]): Tensor {
  const stacked = (cell as Partial<RunsItself<CellState, CellState>>).runStacked?.(xs);
  return stacked ?? concatRows(unroll(cell, xs).map(({ h }) => h));
}

/** The hidden state after the last step. */
export function lastHidden(cell: Cell, xs: readonly Tensor[]): Tensor {
  return ((cell as Partial<RunsItself<CellState, CellState>>).runToEnd?.(xs) ?? unroll(cell, xs)[xs.length - 1]).h;
}

/**
 * Runs a cell over a sequence: one copy of the same cell per time step, each fed the state of the one before.
 *
 * @param xs one [batchSize, inputSize] tensor per time step
 * @param initial the state before the first step; zeros if not given
 * @returns one step per time step: state and gate values, each [batchSize, hiddenSize]
 */
export function unroll<State extends CellState, Step extends State>(
  cell: Cell<State, Step>,
  xs: readonly Tensor[],
  initial?: State,
): Step[] {
  if (!Array.isArray(xs) || xs.length === 0 || !(xs[0] instanceof Tensor)) {
    throw new TypeError(`unroll: xs must be an array of tensors, one per time step, got ${said(xs)}`);
  }
  const whole = (cell as Partial<RunsItself<State, Step>>).runSequence?.(xs, initial);
  if (whole) return whole;
  let state = initial ?? cell.initialState(xs[0].rows);
  return xs.map((x, t) => {
    try {
      const step = cell.step(x, state);
      state = step;
      return step;
    } catch (error) {
      if (error instanceof RangeError) error.message = `unroll, step ${t}: ${error.message}`;
      throw error;
    }
  });
}
