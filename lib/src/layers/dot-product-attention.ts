import { rowSums } from "../tensor/ops.js";
import { checkOptions } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Attended, attend, checkStates, type Looking } from "./attend.js";

export interface DotProductAttentionOptions {
  /** Divide the scores by √size, as Transformers do. Default false, as in Luong et al. */
  scaled?: boolean;
}

/**
 * Dot-product attention: a state answers a query as well as the two point the same way. Nothing to learn.
 *
 *     sₜ = q · hₜ                  scaled: q · hₜ / √size
 *     aₜ = softmax over t of sₜ
 *     context = Σₜ aₜ hₜ
 *
 * q and hₜ are [batchSize, size]. The products of long vectors are large, which makes softmax pick one state and
 * stop learning; the √size of Vaswani et al. keeps the variance of sₜ level.
 *
 * @see Luong, Pham & Manning (2015), Effective approaches to attention-based neural machine translation, EMNLP,
 * arXiv:1508.04025: the score they call dot.
 * @see Vaswani et al. (2017), Attention is all you need, arXiv:1706.03762, section 3.2.1.
 */
export class DotProductAttention {
  readonly scaled: boolean;

  constructor(options: DotProductAttentionOptions = {}) {
    checkOptions("dotProductAttention", options, ["scaled"]);
    this.scaled = options.scaled ?? false;
  }

  /** @throws RangeError if a state does not have the query's shape, [batchSize, size] */
  of(query: Tensor, hs: readonly Tensor[], looking: Looking = {}): Attended {
    checkStates("dotProductAttention: hs", hs, query.rows, query.cols);
    const scale = this.scaled ? 1 / Math.sqrt(query.cols) : 1;
    return attend(
      hs.map((h) => rowSums(query.mul(h)).mul(scale)),
      hs,
      looking,
    );
  }

  parameters(): Record<string, Tensor> {
    return {};
  }
}

/** Luong's attention of a query over a list of states. */
export const dotProductAttention = (options: DotProductAttentionOptions = {}): DotProductAttention =>
  new DotProductAttention(options);
