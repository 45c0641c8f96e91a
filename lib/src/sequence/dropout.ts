import type { Cell, CellState } from "../cells/cell.js";
import { GRUCell, type GRUStep } from "../cells/gru.js";
import { allocate, type DType } from "../tensor/kernels/reference.js";
import { oneMinus } from "../tensor/ops.js";
import { said } from "../tensor/refuse.js";
import type { Rng } from "../tensor/rng.js";
import { Tensor } from "../tensor/tensor.js";
import type { RunsItself } from "./unroll.js";

/** @throws RangeError unless rate is in [0, 1) */
export function checkRate(where: string, name: string, rate: unknown): void {
  if (typeof rate === "number" && rate >= 0 && rate < 1) return;
  throw new RangeError(`${where}: ${name} must be in [0, 1), got ${said(rate)}`);
}

/** A [rows, cols] tensor of 0, with probability rate, and 1 / (1 − rate): on average it changes nothing. */
export function dropoutMask(rows: number, cols: number, rate: number, rng: Rng, dtype: DType = "float64"): Tensor {
  const mask = allocate(dtype, rows * cols);
  for (let k = 0; k < mask.length; k++) mask[k] = rng.uniform() < rate ? 0 : 1 / (1 - rate);
  return new Tensor(rows, cols, mask);
}

/**
 * Sets every entry to 0 with probability rate and scales the others by 1 / (1 − rate), so that the expected value stays
 * ("inverted" dropout: nothing is left to do when the net is used).
 *
 * @see Srivastava et al. (2014), JMLR 15. Between the layers of a recurrent net: Zaremba, Sutskever & Vinyals (2014),
 * arXiv:1409.2329.
 */
export function dropout(x: Tensor, rate: number, rng: Rng): Tensor {
  checkRate("dropout", "rate", rate);
  return rate === 0 ? x : x.mul(dropoutMask(x.rows, x.cols, rate, rng, x.dtype));
}

/**
 * A cell whose gates see the past through a mask, the same at every step; what it carries past its gates stays whole.
 *
 *     h̃ₜ₋₁ = mask ⊙ hₜ₋₁      in the place of hₜ₋₁ in every product with a weight matrix
 *
 * A fresh mask at each step would wear a memory away; one mask for the whole sequence is a smaller net that remembers.
 *
 * @see Gal & Ghahramani (2016), A theoretically grounded application of dropout in recurrent neural networks, NeurIPS.
 */
export function throughMask<State extends CellState>(
  cell: Cell<State>,
  mask: Tensor,
): (x: Tensor, state: State) => State {
  const isGru = ((cell as Partial<RunsItself<State, State>>).cell ?? cell) instanceof GRUCell;
  return (x, state) => {
    const step = cell.step(x, { ...state, h: mask.mul(state.h) });
    if (!isGru) return step;
    const { z, n } = step as unknown as GRUStep; // the GRU's h also passes by its gates: hₜ = zₜ ⊙ hₜ₋₁ + (1 − zₜ) ⊙ nₜ
    return { ...step, h: z.mul(state.h).add(oneMinus(z).mul(n)) };
  };
}
