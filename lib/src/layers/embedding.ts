import { zeros } from "../tensor/create.js";
import type { Init } from "../tensor/init.js";
import type { DType } from "../tensor/kernels/reference.js";
import { gatherRows } from "../tensor/ops.js";
import { checkCount, checkOptions, said } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";

export interface EmbeddingOptions {
  rng?: Rng;
  dtype?: DType;
  /** Starting values of W. Default: normal with mean 0 and standard deviation 1, as PyTorch's. */
  init?: Init;
}

/**
 * A vector for each symbol, learnt: row k of W [vocabularySize, size] stands for symbol k.
 *
 *     yᵣ = W[kᵣ] = onehot(kᵣ) W        [batchSize, size]
 *
 * Looking up a row is the product with a one-hot vector without the zeros; the gradient touches only the rows used.
 *
 * @see Bengio, Ducharme, Vincent & Jauvin (2003), A neural probabilistic language model, JMLR 3.
 */
export class Embedding {
  readonly W: Tensor;

  constructor(
    readonly vocabularySize: number,
    readonly size: number,
    options: EmbeddingOptions = {},
  ) {
    checkOptions("embedding", options, ["rng", "dtype", "init"]);
    checkCount("embedding", "vocabularySize", vocabularySize);
    checkCount("embedding", "size", size);
    const { rng = seededRng(0), dtype = "float64", init = normal } = options;
    this.W = init(vocabularySize, size, rng, { dtype, requiresGrad: true });
  }

  /** @throws RangeError if a symbol is not an integer in 0..vocabularySize − 1 */
  of(symbols: readonly number[]): Tensor {
    if (!Array.isArray(symbols) || symbols.length === 0) {
      throw new TypeError(`embedding: symbols must be an array of integers, one per row, got ${said(symbols)}`);
    }
    return gatherRows(this.W, symbols);
  }

  parameters(): Record<string, Tensor> {
    return { W: this.W };
  }
}

const normal: Init = (rows, cols, rng, options) => {
  const weights = zeros(rows, cols, options);
  for (let k = 0; k < weights.data.length; k++) weights.data[k] = rng.normal();
  return weights;
};

/** A vector for each of vocabularySize symbols. */
export const embedding = (vocabularySize: number, size: number, options: EmbeddingOptions = {}): Embedding =>
  new Embedding(vocabularySize, size, options);
