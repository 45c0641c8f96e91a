import { oneMinus, relu, sigmoid, tanh } from "../tensor/ops.js";
import { checkChoice, checkNumber, checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Linear, type LinearOptions, linear } from "./linear.js";

export interface HighwayOptions extends LinearOptions {
  /** The squashing of the transform: "relu" (default) or "tanh". */
  activation?: "relu" | "tanh";
  /** Where the gate's bias starts. Default −1: carry more than transform. */
  gateBias?: number;
}

/**
 * A highway layer: the LSTM's gated sum, in depth where the LSTM has it in time.
 *
 *     t = σ(x Wt + bt)                     transform gate; 1 − t is the carry gate
 *     y = t ⊙ φ(x Wh + bh) + (1 − t) ⊙ x
 *
 * x and y [batchSize, size]. A gate at 0 passes x on untouched, and its gradient: so hundreds of layers train. A
 * residual layer is y = φ(x) + x: both gates open for good.
 *
 * @see Srivastava, Greff & Schmidhuber (2015), Training very deep networks, NIPS, arXiv:1507.06228.
 */
export class Highway {
  readonly gate: Linear;
  readonly transform: Linear;
  readonly activation: "relu" | "tanh";

  constructor(
    readonly size: number,
    options: HighwayOptions = {},
  ) {
    checkOptions("highway", options, ["rng", "dtype", "init", "activation", "gateBias"]);
    const { activation = "relu", gateBias = -1, rng = seededRng(0), ...shared } = options;
    checkChoice("highway", "activation", activation, ["relu", "tanh"]);
    checkNumber("highway", "gateBias", gateBias);
    this.activation = activation;
    this.gate = linear(size, size, { rng, ...shared });
    this.transform = linear(size, size, { rng, ...shared });
    this.gate.b.data.fill(gateBias);
  }

  /** @throws RangeError if x is not [batchSize, size] */
  of(x: Tensor): Tensor {
    const squash = this.activation === "relu" ? relu : tanh;
    const t = sigmoid(this.gate.of(x));
    return t.mul(squash(this.transform.of(x))).add(oneMinus(t).mul(x.to(t.dtype)));
  }

  parameters(): Record<string, Tensor> {
    const { gate, transform } = this;
    return { "gate.W": gate.W, "gate.b": gate.b, "transform.W": transform.W, "transform.b": transform.b };
  }
}

/** A highway layer of a given width. */
export const highway = (size: number, options: HighwayOptions = {}): Highway => new Highway(size, options);
