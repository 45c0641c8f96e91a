import { checkNumber, checkOptions } from "../tensor/refuse.js";

/** How often a unit's gate is as good as shut, and how often as good as open. Shares of all steps. */
export interface Saturation {
  readonly shut: number;
  readonly open: number;
}

/**
 * For every unit of a gate the share of steps at which it stood below `low` and above `high`. A unit near (0, 1)
 * holds all the time, one near (1, 0) never does, one at (0, 0) never makes up its mind.
 *
 * @param gate gate[unit][t], as in `gateTraces(...).f`
 * @see Karpathy, Johnson & Fei-Fei (2015), arXiv:1506.02078: left- and right-saturated gates, at 0.1 and 0.9.
 */
export function saturation(
  gate: readonly (readonly number[])[],
  options: { low?: number; high?: number } = {},
): Saturation[] {
  checkOptions("saturation", options, ["low", "high"]);
  const { low = 0.1, high = 0.9 } = options;
  checkNumber("saturation", "low", low);
  checkNumber("saturation", "high", high);
  const share = (values: readonly number[], test: (v: number) => boolean): number =>
    values.filter(test).length / values.length;
  return gate.map((values) => ({ shut: share(values, (v) => v < low), open: share(values, (v) => v > high) }));
}
