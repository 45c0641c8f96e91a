import { affine } from "../tensor/affine.js";
import { full } from "../tensor/create.js";
import { type Init, uniform } from "../tensor/init.js";
import type { DType } from "../tensor/kernels/reference.js";
import { checkCount, checkShape } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * What every gate computes before its squashing:
 *
 *     x Wx + h Wh + b        [batchSize, hiddenSize]
 *
 * Wx [inputSize, hiddenSize], Wh [stateSize, hiddenSize], b [1, hiddenSize]; h is [batchSize, stateSize], and in
 * nearly every cell stateSize is hiddenSize. Writing [h, x] W + b with the two
 * glued together is the same thing: W is Wh stacked on Wx.
 */
export class Affine {
  readonly Wx: Tensor;
  readonly Wh: Tensor;
  readonly b: Tensor;
  readonly stateSize: number;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: AffineOptions = {},
  ) {
    checkCount("cell", "inputSize", inputSize);
    checkCount("cell", "hiddenSize", hiddenSize);
    const {
      rng = seededRng(0),
      bias = 0,
      dtype = "float64",
      inputInit,
      recurrentInit,
      stateSize = hiddenSize,
    } = options;
    this.stateSize = stateSize;
    const standard = uniform(1 / Math.sqrt(hiddenSize));
    const tracked = { dtype, requiresGrad: true };
    this.Wx = (inputInit ?? standard)(inputSize, hiddenSize, rng, tracked);
    this.Wh = (recurrentInit ?? standard)(stateSize, hiddenSize, rng, tracked);
    this.b = full(1, hiddenSize, bias, tracked);
  }

  get dtype(): DType {
    return this.Wx.dtype;
  }

  /** @throws RangeError if x is not [batchSize, inputSize] or h not [batchSize, stateSize] */
  of(x: Tensor, h: Tensor): Tensor {
    checkShape("x", x.shape, ["batchSize", this.inputSize]);
    checkShape("h", h.shape, [x.rows, this.stateSize]);
    return affine(x.to(this.dtype), this.Wx, this.b, { h: h.to(this.dtype), Wh: this.Wh });
  }

  /** The part that sees the input: x Wx + b */
  ofInput(x: Tensor): Tensor {
    checkShape("x", x.shape, ["batchSize", this.inputSize]);
    return x.to(this.dtype).matmul(this.Wx).add(this.b);
  }

  /** The part that sees the past: h Wh */
  ofState(h: Tensor, batchSize = h.rows): Tensor {
    checkShape("h", h.shape, [batchSize, this.stateSize]);
    return h.to(this.dtype).matmul(this.Wh);
  }
}

export interface AffineOptions {
  rng?: Rng;
  bias?: number;
  dtype?: DType;
  inputInit?: Init;
  recurrentInit?: Init;
  /** Width of the state that Wh reads. Default: hiddenSize. */
  stateSize?: number;
}

/** The weights of several layers by name: { forgetGate: layer } gives "forgetGate.Wx", "forgetGate.Wh", "forgetGate.b". */
export function namedParameters(layers: Record<string, Affine>): Record<string, Tensor> {
  const named: Record<string, Tensor> = {};
  for (const [name, layer] of Object.entries(layers)) {
    named[`${name}.Wx`] = layer.Wx;
    named[`${name}.Wh`] = layer.Wh;
    named[`${name}.b`] = layer.b;
  }
  return named;
}
