import { checkNumber, said } from "../tensor/refuse.js";

/** f = σ(b): where a forget gate stands when only its bias speaks. In (0, 1). */
export function forgetGateAt(bias: number): number {
  checkNumber("forgetGateAt", "bias", bias);
  return 1 / (1 + Math.exp(-bias));
}

/**
 * Steps until a memory that keeps the share f of itself at each step has halved: ln ½ / ln f. Infinite at f = 1,
 * 0 at f = 0.
 * @throws RangeError if f is not in [0, 1]
 */
export function halfLife(f: number): number {
  if (!(f >= 0 && f <= 1)) throw new RangeError(`halfLife: f must be in [0, 1], got ${said(f)}`);
  return f === 1 ? Number.POSITIVE_INFINITY : Math.abs(Math.log(0.5) / Math.log(f));
}

/** Steps until only `share` of a memory is left: ln share / ln f. At f = 0.9 a thousandth is left after 66. */
export function stepsUntil(share: number, f: number): number {
  if (!(share > 0 && share <= 1)) throw new RangeError(`stepsUntil: share must be in (0, 1], got ${said(share)}`);
  if (!(f >= 0 && f <= 1)) throw new RangeError(`stepsUntil: f must be in [0, 1], got ${said(f)}`);
  return f === 1 ? Number.POSITIVE_INFINITY : Math.abs(Math.log(share) / Math.log(f));
}
