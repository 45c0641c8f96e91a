import { relu, sigmoid, tanh } from "../tensor/ops.js";
import { checkChoice, checkOptions, said } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Linear, type LinearOptions, linear } from "./linear.js";

export interface FeedForwardOptions extends LinearOptions {
  /** The squashing between layers: "tanh" (default), "sigmoid" or "relu". */
  activation?: "tanh" | "sigmoid" | "relu";
}

const activations = { tanh, sigmoid, relu };

/**
 * The multilayer perceptron: linear layers with a squashing between them, none after the last.
 *
 *     a₀ = x;   aₖ₊₁ = φ(aₖ Wₖ + bₖ);   y = aₙ₋₁ Wₙ₋₁ + bₙ₋₁
 *
 * sizes [2, 8, 1] is two layers: x [batchSize, 2], Wₖ [sizes[k], sizes[k + 1]], y [batchSize, 1]. It has no state:
 * what it says depends on this input alone.
 *
 * @see Rumelhart, Hinton & Williams (1986), Learning representations by back-propagating errors, Nature 323.
 */
export class FeedForward {
  readonly layers: readonly Linear[];
  readonly activation: "tanh" | "sigmoid" | "relu";

  constructor(
    readonly sizes: readonly number[],
    options: FeedForwardOptions = {},
  ) {
    checkOptions("feedForward", options, ["rng", "dtype", "init", "activation"]);
    const { activation = "tanh", rng = seededRng(0), ...shared } = options;
    checkChoice("feedForward", "activation", activation, Object.keys(activations));
    if (!Array.isArray(sizes) || sizes.length < 2) {
      throw new TypeError(`feedForward: sizes must be at least two sizes like [2, 8, 1], got ${said(sizes)}`);
    }
    this.activation = activation;
    this.layers = sizes.slice(1).map((size, k) => linear(sizes[k], size, { rng, ...shared }));
  }

  /** @throws RangeError if x is not [batchSize, sizes[0]] */
  of(x: Tensor): Tensor {
    const squash = activations[this.activation];
    return this.layers.reduce((a, layer, k) => layer.of(k === 0 ? a : squash(a)), x);
  }

  /** "layer0.W", "layer0.b", "layer1.W", … */
  parameters(): Record<string, Tensor> {
    const named = this.layers.map(({ W, b }, k) => ({ [`layer${k}.W`]: W, [`layer${k}.b`]: b }));
    return Object.assign({}, ...named);
  }
}

/** A feed-forward net: `feedForward([2, 8, 1])` has eight hidden units. */
export const feedForward = (sizes: readonly number[], options: FeedForwardOptions = {}): FeedForward =>
  new FeedForward(sizes, options);
