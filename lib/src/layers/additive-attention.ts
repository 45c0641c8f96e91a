import { uniform } from "../tensor/init.js";
import { tanh } from "../tensor/ops.js";
import { checkCount, checkOptions, checkShape } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Attended, attend, checkStates, type Looking } from "./attend.js";
import type { LinearOptions } from "./linear.js";

export interface AdditiveAttentionOptions extends LinearOptions {
  /** Width of the hidden layer that compares query and state. Default: stateSize. */
  attentionSize?: number;
}

/**
 * Additive attention: a small network scores how well each state answers the query.
 *
 *     sₜ = tanh(q Wq + hₜ Wh) v
 *     aₜ = softmax over t of sₜ
 *     context = Σₜ aₜ hₜ
 *
 * q [batchSize, querySize], hₜ [batchSize, stateSize]; Wq [querySize, attentionSize], Wh [stateSize, attentionSize],
 * v [attentionSize, 1].
 *
 * @see Bahdanau, Cho & Bengio (2015), Neural machine translation by jointly learning to align and translate, ICLR,
 * arXiv:1409.0473.
 */
export class AdditiveAttention {
  readonly Wq: Tensor;
  readonly Wh: Tensor;
  readonly v: Tensor;

  constructor(
    readonly querySize: number,
    readonly stateSize: number,
    options: AdditiveAttentionOptions = {},
  ) {
    checkOptions("additiveAttention", options, ["rng", "dtype", "init", "attentionSize"]);
    const { attentionSize = stateSize, rng = seededRng(0), dtype = "float64", init } = options;
    checkCount("additiveAttention", "querySize", querySize);
    checkCount("additiveAttention", "stateSize", stateSize);
    checkCount("additiveAttention", "attentionSize", attentionSize);
    const weights = (rows: number, cols: number): Tensor =>
      (init ?? uniform(1 / Math.sqrt(rows)))(rows, cols, rng, { dtype, requiresGrad: true });
    this.Wq = weights(querySize, attentionSize);
    this.Wh = weights(stateSize, attentionSize);
    this.v = weights(attentionSize, 1);
  }

  /** @throws RangeError if query is not [batchSize, querySize] or a state not [batchSize, stateSize] */
  of(query: Tensor, hs: readonly Tensor[], looking: Looking = {}): Attended {
    checkShape("query", query.shape, ["batchSize", this.querySize]);
    checkStates("additiveAttention: hs", hs, query.rows, this.stateSize);
    const { Wq, Wh, v } = this;
    const asked = query.to(Wq.dtype).matmul(Wq);
    const states = hs.map((h) => h.to(Wh.dtype));
    return attend(
      states.map((h) => tanh(asked.add(h.matmul(Wh))).matmul(v)),
      states,
      looking,
    );
  }

  parameters(): Record<string, Tensor> {
    return { Wq: this.Wq, Wh: this.Wh, v: this.v };
  }
}

/** Bahdanau's attention of a query over a list of states. */
export const additiveAttention = (
  querySize: number,
  stateSize: number,
  options: AdditiveAttentionOptions = {},
): AdditiveAttention => new AdditiveAttention(querySize, stateSize, options);
