import { allocate, exp, type NumberArray } from "../tensor/kernels/dispatch.js";

/**
 * Cross-entropy of rows against class numbers, with the exponentials of all rows computed at once: on SIMD, many times
 * as fast as row by row.
 *
 * @param x logits, row-major; what is returned as slopes is softmax(x) − y
 */
export function classCosts(
  x: NumberArray,
  cols: number,
  classes: ArrayLike<number>,
): { costs: Float64Array; slopes: NumberArray } {
  const slopes = allocate(x instanceof Float64Array ? "float64" : "float32", x.length);
  const costs = new Float64Array(classes.length);
  for (let r = 0; r < classes.length; r++) {
    const start = r * cols;
    let most = x[start];
    for (let j = 1; j < cols; j++) if (x[start + j] > most) most = x[start + j];
    for (let j = 0; j < cols; j++) slopes[start + j] = x[start + j] - most;
    costs[r] = -slopes[start + classes[r]];
  }
  exp(slopes, slopes);
  for (let r = 0; r < classes.length; r++) {
    const start = r * cols;
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += slopes[start + j];
    costs[r] += Math.log(sum);
    for (let j = 0; j < cols; j++) slopes[start + j] /= sum;
    slopes[start + classes[r]] -= 1;
  }
  return { costs, slopes };
}
