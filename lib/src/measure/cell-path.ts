import type { Cell } from "../cells/cell.js";
import type { LSTMState, LSTMStep } from "../cells/lstm.js";
import { unroll } from "../sequence/unroll.js";
import type { Tensor } from "../tensor/tensor.js";
import type { GradientFlow } from "./gradient-flow.js";
import { meanRowNorm } from "./row-norm.js";

/** A cell whose steps tell a cell state c and a forget gate f. */
type ForgettingCell = Cell<LSTMState, Pick<LSTMStep, "h" | "c" | "f">>;

/**
 * The part of an LSTM's gradient that travels along the cell state alone, through forget gates and nothing else:
 *
 *     ∂L/∂c_T ⊙ f_T ⊙ f_{T−1} ⊙ … ⊙ f_{t+1}
 *
 * Held beside `gradientFlow(...).cellNorm`, the whole gradient ∂L/∂cₜ, it tells how much the conveyor belt carries
 * and how much takes the way through the gates. L is the sum of all entries of the last hidden state.
 *
 * @see Hochreiter & Schmidhuber (1997): the constant error carousel, where every f is 1.
 */
export function cellPath(cell: ForgettingCell, xs: readonly Tensor[]): Pick<GradientFlow, "lag" | "norm"> {
  const steps = unroll(cell, xs);
  const last = steps[steps.length - 1];
  last.h.sum().backward();
  for (const parameter of Object.values(cell.parameters())) parameter.zeroGrad();
  const carried = Array.from(last.c.grad);
  const { rows, cols } = last.c;
  const norm = [meanRowNorm(carried, rows, cols)];
  for (let t = steps.length - 1; t > 0; t--) {
    for (let k = 0; k < carried.length; k++) carried[k] *= steps[t].f.data[k];
    norm.push(meanRowNorm(carried, rows, cols));
  }
  return { lag: norm.map((_, k) => k), norm };
}
