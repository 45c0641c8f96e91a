import { mathjs } from "../tensor/mathjs.js";

/** The q-quantile of some numbers, interpolated between neighbours: 0 the least, 0.5 the median, 1 the greatest. */
export function quantile(values: readonly number[], q: number): number {
  return mathjs().quantileSeq([...values], q) as number;
}
