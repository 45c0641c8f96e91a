import { uniform } from "../tensor/init.js";
import { rowSums } from "../tensor/ops.js";
import { checkCount, checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { attend, checkStates, type Looking } from "./attend.js";
import type { LinearOptions } from "./linear.js";

export interface SelfAttentionOptions extends LinearOptions {
  /** Whether a step sees only itself and the steps before it. Default false. */
  causal?: boolean;
  /** Width of queries, keys and values. Default: inputSize. */
  size?: number;
}

/** What self-attention gives for a sequence of seqLen steps. */
export interface SelfAttended {
  readonly outputs: Tensor[]; // seqLen times [batchSize, size]
  readonly weights: Tensor[]; // seqLen times [batchSize, seqLen]: row t of the attention matrix; 0 where it may not look
}

/**
 * Self-attention with one head: every step asks all steps, itself included.
 *
 *     qₜ = xₜ Wq;   kₜ = xₜ Wk;   vₜ = xₜ Wv
 *     aₜₛ = softmax over s of qₜ · kₛ / √size
 *     yₜ = Σₛ aₜₛ vₛ
 *
 * Wq, Wk, Wv [inputSize, size]. No step waits for another, unlike in a recurrent network; but T steps make T²
 * products, and nothing tells the order of the steps: permute the inputs, and the outputs are permuted.
 *
 * @see Vaswani et al. (2017), Attention is all you need, arXiv:1706.03762, section 3.2.
 */
export class SelfAttention {
  readonly Wq: Tensor;
  readonly Wk: Tensor;
  readonly Wv: Tensor;
  readonly size: number;
  readonly causal: boolean;

  constructor(
    readonly inputSize: number,
    options: SelfAttentionOptions = {},
  ) {
    checkOptions("selfAttention", options, ["rng", "dtype", "init", "causal", "size"]);
    const { causal = false, size = inputSize, rng = seededRng(0), dtype = "float64" } = options;
    checkCount("selfAttention", "inputSize", inputSize);
    checkCount("selfAttention", "size", size);
    const { init = uniform(1 / Math.sqrt(inputSize)) } = options;
    const weights = (): Tensor => init(inputSize, size, rng, { dtype, requiresGrad: true });
    this.size = size;
    this.causal = causal;
    this.Wq = weights();
    this.Wk = weights();
    this.Wv = weights();
  }

  /**
   * @param xs one [batchSize, inputSize] tensor per step
   * @param lengths how many steps each sequence of the batch has: later ones are not seen
   */
  of(xs: readonly Tensor[], options: Pick<Looking, "lengths"> = {}): SelfAttended {
    checkOptions("selfAttention", options, ["lengths"]);
    checkStates("selfAttention: xs", xs, xs[0]?.rows, this.inputSize);
    const by = (W: Tensor): Tensor[] => xs.map((x) => x.to(W.dtype).matmul(W));
    const [queries, keys, values] = [by(this.Wq), by(this.Wk), by(this.Wv)];
    const attended = queries.map((query, t) => {
      const scores = keys.map((key) => rowSums(query.mul(key)).mul(1 / Math.sqrt(this.size)));
      const upToNow = Array.from({ length: query.rows }, () => xs.map((_, s) => s <= t));
      return attend(scores, values, this.causal ? { ...options, mask: upToNow } : options);
    });
    return { outputs: attended.map(({ context }) => context), weights: attended.map(({ weights }) => weights) };
  }

  parameters(): Record<string, Tensor> {
    return { Wq: this.Wq, Wk: this.Wk, Wv: this.Wv };
  }
}

/** One head of self-attention over a list of steps. */
export const selfAttention = (inputSize: number, options: SelfAttentionOptions = {}): SelfAttention =>
  new SelfAttention(inputSize, options);
