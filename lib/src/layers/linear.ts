import { affine } from "../tensor/affine.js";
import { zeros } from "../tensor/create.js";
import { type Init, uniform } from "../tensor/init.js";
import type { DType } from "../tensor/kernels/reference.js";
import { checkCount, checkOptions, checkShape } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";

export interface LinearOptions {
  rng?: Rng;
  dtype?: DType;
  /** Starting values of W. Default: uniform in ±1/√inputSize, as PyTorch's. */
  init?: Init;
}

/** y = x W + b, with x [batchSize, inputSize], W [inputSize, outputSize], b [1, outputSize]. */
export class Linear {
  readonly W: Tensor;
  readonly b: Tensor;

  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    options: LinearOptions = {},
  ) {
    checkOptions("linear", options, ["rng", "dtype", "init"]);
    checkCount("linear", "inputSize", inputSize);
    checkCount("linear", "outputSize", outputSize);
    const { rng = seededRng(0), dtype = "float64", init = uniform(1 / Math.sqrt(inputSize)) } = options;
    this.W = init(inputSize, outputSize, rng, { dtype, requiresGrad: true });
    this.b = zeros(1, outputSize, { dtype, requiresGrad: true });
  }

  /** @throws RangeError if x is not [batchSize, inputSize] */
  of(x: Tensor): Tensor {
    checkShape("x", x.shape, ["batchSize", this.inputSize]);
    return affine(x.to(this.W.dtype), this.W, this.b);
  }

  parameters(): Record<string, Tensor> {
    return { W: this.W, b: this.b };
  }
}

/** A linear layer: y = x W + b. */
export const linear = (inputSize: number, outputSize: number, options: LinearOptions = {}): Linear =>
  new Linear(inputSize, outputSize, options);
