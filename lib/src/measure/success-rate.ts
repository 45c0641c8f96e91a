import { checkCount } from "../tensor/refuse.js";

export interface SuccessRate {
  readonly rate: number;
  /** Wilson's interval: where the true rate lies, in 95 of 100 such experiments. */
  readonly low: number;
  readonly high: number;
}

/**
 * How often runs succeed, with Wilson's score interval, which stays honest for few seeds and at 0 and 1: five
 * successes in five runs still allow a true rate of 57 %.
 *
 *     centre = (p + z²/2n) / (1 + z²/n),   half-width = z √(p(1 − p)/n + z²/4n²) / (1 + z²/n)
 *
 * @see Wilson (1927), Journal of the American Statistical Association 22(158).
 */
export function successRate(successes: number, runs: number): SuccessRate {
  checkCount("successRate", "runs", runs);
  checkCount("successRate", "successes", successes, 0);
  if (successes > runs) throw new RangeError(`successRate: successes must be at most ${runs}, got ${successes}`);
  const z = 1.959963984540054; // the normal quantile of 97.5 %
  const p = successes / runs;
  const shrink = 1 + (z * z) / runs;
  const centre = (p + (z * z) / (2 * runs)) / shrink;
  const half = (z * Math.sqrt((p * (1 - p)) / runs + (z * z) / (4 * runs * runs))) / shrink;
  return { rate: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
