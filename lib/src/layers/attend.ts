import { zeros } from "../tensor/create.js";
import { columns, concat, scaleRows, softmax } from "../tensor/ops.js";
import { checkOptions, checkShape, said } from "../tensor/refuse.js";
import { Tensor } from "../tensor/tensor.js";

/** Where attention may look; everywhere, unless told. */
export interface Looking {
  /** How many steps each sequence of the batch has: later ones are not seen. */
  lengths?: readonly number[];
  /** For each sequence of the batch, one boolean per step: whether it is seen. With lengths, both must allow it. */
  mask?: readonly (readonly boolean[])[];
}

/** What attention gives: the states' average, and how much of each is in it. */
export interface Attended {
  readonly context: Tensor; // [batchSize, size], the size of the states
  readonly weights: Tensor; // [batchSize, seqLen], in [0, 1], each row adds up to 1; 0 where it may not look
}

/**
 * A soft look-up: scores become shares, and the result is the states' average in these shares.
 *
 *     aₜ = eˢᵗ / Σₖ eˢᵏ,  over the steps that may be seen
 *     context = Σₜ aₜ hₜ
 *
 * @param scores one [batchSize, 1] tensor per step
 * @param hs one [batchSize, size] tensor per step
 */
export function attend(scores: readonly Tensor[], hs: readonly Tensor[], looking: Looking = {}): Attended {
  const weights = softmax(hidden(concat(scores), looking));
  const shares = hs.map((h, t) => scaleRows(h, columns(weights, t, t + 1)));
  return { context: shares.reduce((sum, share) => sum.add(share)), weights };
}

/** @throws TypeError if hs is not a list of tensors; RangeError if one is not [batchSize, size] */
export function checkStates(name: string, hs: readonly Tensor[], batchSize: number, size: number): void {
  if (!Array.isArray(hs) || hs.length === 0 || !(hs[0] instanceof Tensor)) {
    throw new TypeError(`${name} must be an array of tensors, one per time step, got ${said(hs)}`);
  }
  for (const [t, h] of hs.entries()) checkShape(`${name}[${t}]`, h.shape, [batchSize, size]);
}

/** The scores, with −∞ where nothing may be seen: e to that is 0. */
function hidden(scores: Tensor, looking: Looking): Tensor {
  checkOptions("attention", looking, ["lengths", "mask"]);
  const { rows, cols, dtype } = scores;
  const { lengths, mask } = looking;
  if (!lengths && !mask) return scores;
  for (const [name, given] of Object.entries({ lengths, mask })) {
    if (!given || given.length === rows) continue;
    throw new RangeError(`attention: ${name} must have one entry per sequence, ${rows}, got ${given.length}`);
  }
  const shut = zeros(rows, cols, { dtype });
  for (let r = 0; r < rows; r++) {
    const length = lengths?.[r] ?? cols;
    if (!Number.isInteger(length) || length < 1 || length > cols) {
      throw new RangeError(`attention: lengths must be integers in 1..${cols}, got ${said(length)} at ${r}`);
    }
    const seen = mask?.[r] ?? Array<boolean>(cols).fill(true);
    if (seen.length !== cols || !seen.slice(0, length).includes(true)) {
      throw new RangeError(`attention: mask[${r}] must have ${cols} entries and let something be seen, got ${seen}`);
    }
    for (let t = 0; t < cols; t++) if (!seen[t] || t >= length) shut.data[r * cols + t] = Number.NEGATIVE_INFINITY;
  }
  return scores.add(shut);
}
