import { sigmoid } from "../tensor/ops.js";
import { checkChoice, checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Linear, type LinearOptions, linear } from "./linear.js";

export interface GatedLinearUnitOptions extends LinearOptions {
  /** What the gate is squashed by: "sigmoid" (default) or "swish", which makes it a SwiGLU. */
  squash?: "sigmoid" | "swish";
}

/**
 * The gated linear unit: one half of the layer says how much of the other half passes.
 *
 *     GLU:     y = (x Wv + bv) ⊙ σ(x Wg + bg)
 *     SwiGLU:  y = (x Wv + bv) ⊙ swish(x Wg + bg),  swish(a) = a σ(a)
 *
 * x [batchSize, inputSize], y [batchSize, outputSize]. The value is not squashed, so a gradient passes it as it
 * passes the LSTM's cell state. Dauphin et al. call the value's weights W and the gate's V, Shazeer the reverse:
 * Wv and Wg here. PyTorch's GLU has no weights: it gates the first half of its input by the second.
 *
 * @see Dauphin, Fan, Auli & Grangier (2017), Language modeling with gated convolutional networks, arXiv:1612.08083.
 * @see Shazeer (2020), GLU variants improve transformer, arXiv:2002.05202.
 */
export class GatedLinearUnit {
  readonly value: Linear;
  readonly gate: Linear;
  readonly squash: "sigmoid" | "swish";

  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    options: GatedLinearUnitOptions = {},
  ) {
    checkOptions("gatedLinearUnit", options, ["rng", "dtype", "init", "squash"]);
    const { squash = "sigmoid", rng = seededRng(0), ...shared } = options;
    checkChoice("gatedLinearUnit", "squash", squash, ["sigmoid", "swish"]);
    this.squash = squash;
    this.value = linear(inputSize, outputSize, { rng, ...shared });
    this.gate = linear(inputSize, outputSize, { rng, ...shared });
  }

  /** @throws RangeError if x is not [batchSize, inputSize] */
  of(x: Tensor): Tensor {
    const preActivation = this.gate.of(x);
    const open = sigmoid(preActivation);
    return this.value.of(x).mul(this.squash === "swish" ? preActivation.mul(open) : open);
  }

  parameters(): Record<string, Tensor> {
    const { value, gate } = this;
    return { "value.W": value.W, "value.b": value.b, "gate.W": gate.W, "gate.b": gate.b };
  }
}

/** A gated linear unit; with squash "swish" a SwiGLU. */
export const gatedLinearUnit = (
  inputSize: number,
  outputSize: number,
  options: GatedLinearUnitOptions = {},
): GatedLinearUnit => new GatedLinearUnit(inputSize, outputSize, options);
