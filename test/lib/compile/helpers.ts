import { type Cell, seededRng, type Tensor, zeros } from "unrolled";

export type DType = "float64" | "float32";
// biome-ignore lint/suspicious/noExplicitAny: any cell will do, whatever its state holds
export type AnyCell = Cell<any, any>;
export type Make = (inputSize: number, hiddenSize: number, dtype: DType) => AnyCell;

export const random = (
  rows: number,
  cols: number,
  seed: number,
  options: { dtype: DType; requiresGrad?: boolean },
): Tensor => {
  const rng = seededRng(seed);
  const result = zeros(rows, cols, options);
  for (let k = 0; k < result.data.length; k++) result.data[k] = rng.normal();
  return result;
};

/** The largest difference, on the scale of the largest entry; below 0.1, where float32 sums cancel, as it is. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [as, bs] = [Array.from(a), Array.from(b)];
  const scale = Math.max(0.1, ...bs.map(Math.abs));
  return Math.max(...as.map((v, k) => Math.abs(v - bs[k]))) / scale;
}
