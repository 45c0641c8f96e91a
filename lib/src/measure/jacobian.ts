import type { Cell, CellState } from "../cells/cell.js";
import { unroll } from "../sequence/unroll.js";
import { zeros } from "../tensor/create.js";
import { columns } from "../tensor/ops.js";
import { checkChoice, checkCount, checkOptions, checkShape } from "../tensor/refuse.js";
import { Tensor } from "../tensor/tensor.js";

export interface JacobianOptions {
  /** The state that is nudged: the one after this step. −1 (default) is the initial state. */
  from?: number;
  /** The step whose state is watched. Default: the last. */
  to?: number;
  /** Which part of the state, nudged and watched: "h" (default) or "c". */
  of?: "h" | "c";
}

/**
 * ∂h_to / ∂h_from of a recurrent network over one sequence: entry [j][k] is how much unit k at step `to` moves when
 * unit j at step `from` is nudged. For a vanilla RNN this is the product of the steps' Whh diag(1 − hₜ²).
 * The rest of the state (the c of an LSTM, for "h") is held fixed at `from`.
 *
 * @param xs one [1, inputSize] tensor per step
 * @returns [hiddenSize, hiddenSize]
 */
export function jacobian<State extends CellState, Step extends State>(
  cell: Cell<State, Step>,
  xs: readonly Tensor[],
  options: JacobianOptions = {},
): Tensor {
  checkOptions("jacobian", options, ["from", "to", "of"]);
  const { from = -1, to = xs.length - 1, of = "h" } = options;
  checkChoice("jacobian", "of", of, ["h", "c"]);
  checkCount("jacobian", "from", from, -1);
  checkCount("jacobian", "to", to, from + 1);
  if (to >= xs.length) throw new RangeError(`jacobian: to must be a step before ${xs.length}, got ${to}`);
  checkShape("jacobian: xs", xs[0].shape, [1, cell.inputSize]);

  const before = from < 0 ? cell.initialState(1) : unroll(cell, xs.slice(0, from + 1))[from];
  const part = (before as unknown as Record<string, unknown>)[of];
  if (!(part instanceof Tensor)) throw new TypeError(`jacobian: this cell's state has no ${of}`);
  const nudged = new Tensor(1, cell.hiddenSize, part.data.slice(), { requiresGrad: true });
  const after = unroll(cell, xs.slice(from + 1, to + 1), { ...before, [of]: nudged }).at(-1);
  const watched = (after as unknown as Record<string, Tensor>)[of];

  const result = zeros(cell.hiddenSize, cell.hiddenSize);
  for (let k = 0; k < cell.hiddenSize; k++) {
    nudged.zeroGrad();
    columns(watched, k, k + 1).backward();
    for (let j = 0; j < cell.hiddenSize; j++) result.data[j * cell.hiddenSize + k] = nudged.grad[j];
  }
  for (const parameter of Object.values(cell.parameters())) parameter.zeroGrad();
  return result;
}
