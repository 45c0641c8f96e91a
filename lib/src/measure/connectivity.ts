import type { Cell, CellState } from "../cells/cell.js";
import type { Linear } from "../layers/linear.js";
import { unroll } from "../sequence/unroll.js";
import { columns } from "../tensor/ops.js";
import { checkCount, checkOptions, checkShape } from "../tensor/refuse.js";
import { Tensor } from "../tensor/tensor.js";

export interface ConnectivityOptions {
  /** The step whose answer is explained. Default: the last. */
  at?: number;
  /** Which of the readout's outputs. Default: the greatest at that step. */
  output?: number;
}

/**
 * How much each input so far mattered to an answer: ‖∂ logit_t / ∂ xₛ‖ for s = 0 … t. What a reader's eye would
 * go back to, if the network had eyes.
 *
 * @param xs one [1, inputSize] tensor per step
 * @see Madsen (2019), Visualizing memorization in RNNs, Distill.
 */
export function connectivity<State extends CellState, Step extends State>(
  model: { cell: Cell<State, Step>; readout: Linear },
  xs: readonly Tensor[],
  options: ConnectivityOptions = {},
): number[] {
  checkOptions("connectivity", options, ["at", "output"]);
  const { at = xs.length - 1 } = options;
  checkCount("connectivity", "at", at, 0);
  if (at >= xs.length) throw new RangeError(`connectivity: at must be a step before ${xs.length}, got ${at}`);
  const inputs = xs.slice(0, at + 1).map((x) => {
    checkShape("connectivity: every x", x.shape, [1, model.cell.inputSize]);
    return new Tensor(1, x.cols, x.data.slice(), { requiresGrad: true });
  });
  const logits = model.readout.of(unroll(model.cell, inputs)[at].h);
  const output = options.output ?? logits.data.indexOf(Math.max(...logits.data));
  columns(logits, output, output + 1).backward();
  const parameters = [...Object.values(model.cell.parameters()), ...Object.values(model.readout.parameters())];
  for (const parameter of parameters) parameter.zeroGrad();
  return inputs.map(({ grad }) => Math.hypot(...grad));
}
