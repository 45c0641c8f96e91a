import type { Cell, CellState } from "../cells/cell.js";
import { unroll } from "../sequence/unroll.js";
import { checkOptions } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import { meanRowNorm } from "./row-norm.js";

export interface GradientFlow {
  /** T − t: 0 is the last step. */
  readonly lag: number[];
  /** ‖∂L/∂hₜ‖ at that lag: the length per sequence, averaged over the batch. */
  readonly norm: number[];
  /** ‖∂L/∂cₜ‖, only for cells that keep a cell state. */
  readonly cellNorm?: number[];
}

export interface GradientFlowOptions {
  /** What is differentiated. Default: the sum of all entries of the last hidden state. */
  loss?: (last: Tensor) => Tensor;
}

const gradientNormOf = ({ grad, rows, cols }: Tensor): number => meanRowNorm(grad, rows, cols);

/**
 * How much of a loss at the end of a sequence still reaches each earlier step: ‖∂L/∂hₜ‖ against T − t.
 *
 * Runs the real cell over the sequence, takes L at the last step and asks the tape for the gradient at each hidden
 * state. Nothing is approximated. For an LSTM ∂L/∂hₜ is only what passes through the gates; the memory itself is
 * ∂L/∂cₜ, in `cellNorm`.
 *
 * @see Hochreiter (1991); Bengio, Simard & Frasconi (1994), IEEE Transactions on Neural Networks 5(2).
 */
export function gradientFlow<State extends CellState, Step extends State>(
  cell: Cell<State, Step>,
  xs: readonly Tensor[],
  options: GradientFlowOptions = {},
): GradientFlow {
  checkOptions("gradientFlow", options, ["loss"]);
  const { loss = (last: Tensor) => last.sum() } = options;
  const steps = unroll(cell, xs) as CellState[];
  loss(steps[steps.length - 1].h).backward();
  const fromLast = [...steps].reverse();
  const norm = fromLast.map((step) => gradientNormOf(step.h));
  for (const parameter of Object.values(cell.parameters())) parameter.zeroGrad();
  const flow = { lag: fromLast.map((_, k) => k), norm };
  return "c" in steps[0]
    ? { ...flow, cellNorm: fromLast.map((step) => gradientNormOf((step as unknown as { c: Tensor }).c)) }
    : flow;
}
