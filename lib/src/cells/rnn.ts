import { zeros } from "../tensor/create.js";
import { relu, tanh } from "../tensor/ops.js";
import { checkChoice, checkOptions } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, type CellOptions, type CellState, cellOptionNames } from "./cell.js";

export interface RNNOptions extends CellOptions {
  /** The squashing: "tanh" (default), in (−1, 1), or "relu", in [0, ∞). */
  activation?: "tanh" | "relu";
}

/**
 * The vanilla recurrent network: one layer that is fed its own last output.
 *
 *     hₜ = tanh(xₜ Wxh + hₜ₋₁ Whh + bh)       hidden state
 *
 * @see Elman (1990), Finding structure in time, Cognitive Science 14(2).
 * @see Le, Jaitly & Hinton (2015), arXiv:1504.00941: relu, with an identity matrix for Whh.
 */
export class RNNCell implements Cell<CellState> {
  readonly hidden: Affine;
  readonly activation: "tanh" | "relu";

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: RNNOptions = {},
  ) {
    checkOptions("RNNCell", options, [...cellOptionNames, "activation"]);
    const { activation = "tanh", ...shared } = options;
    checkChoice("RNNCell", "activation", activation, ["tanh", "relu"]);
    this.activation = activation;
    this.hidden = new Affine(inputSize, hiddenSize, shared);
  }

  get dtype() {
    return this.hidden.dtype;
  }

  step(x: Tensor, { h }: CellState): CellState {
    const squash = this.activation === "tanh" ? tanh : relu;
    return { h: squash(this.hidden.of(x, h)) };
  }

  initialState(batchSize: number): CellState {
    return { h: zeros(batchSize, this.hiddenSize, { dtype: this.dtype }) };
  }

  parameters(): Record<string, Tensor> {
    return namedParameters({ hidden: this.hidden });
  }
}
