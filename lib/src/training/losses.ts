import { allocate } from "../tensor/kernels/reference.js";
import { checkShape, shapeText } from "../tensor/refuse.js";
import { record, type Tensor } from "../tensor/tensor.js";
import { classCosts } from "./class-costs.js";

/**
 * What a prediction costs, as one number; the smaller the better. Both are [batchSize, outputSize].
 * mask [batchSize, 1] weighs the rows, 1 and 0 for rows that count and rows that do not; what has weight 0 is not read.
 */
export type Loss = (prediction: Tensor, target: Tensor, mask?: Tensor) => Tensor;

/**
 * Mean squared error: the average of (prediction − target)² over all entries, in squared units of the target.
 * @throws RangeError if the shapes differ
 */
export const mse: Loss = (prediction, target, mask) => {
  checkShape("mse: target", target.shape, prediction.shape);
  if (!mask) {
    const error = prediction.sub(target.to(prediction.dtype));
    return error.mul(error).mean();
  }
  const error = (k: number): number => prediction.data[k] - target.data[k];
  return averaged("mse", prediction, mask, (k) => ({ cost: error(k) ** 2, slope: 2 * error(k) }));
};

/**
 * Binary cross-entropy: the average over all entries of −y ln σ(x) − (1 − y) ln(1 − σ(x)), in nats per entry, for
 * logits x (before the squashing) and targets y in [0, 1]. Always guessing 1/2 costs ln 2 = 0.693 nats.
 *
 *     max(x, 0) − x y + ln(1 + e^−|x|)       the same, and e never overflows
 *
 * @throws RangeError if the shapes differ or a target is not in [0, 1]
 */
export const binaryCrossEntropy: Loss = (logits, target, mask) => {
  checkShape("binaryCrossEntropy: target", target.shape, logits.shape);
  return averaged("binaryCrossEntropy", logits, mask, (k) => {
    const [x, y] = [logits.data[k], target.data[k]];
    if (!(y >= 0 && y <= 1)) throw new RangeError(`binaryCrossEntropy: targets must be in [0, 1], got ${y}`);
    const cost = Math.max(x, 0) - x * y + Math.log1p(Math.exp(-Math.abs(x)));
    return { cost, slope: 1 / (1 + Math.exp(-x)) - y };
  });
};

/**
 * Softmax cross-entropy: the average over rows of −Σⱼ yⱼ ln softmax(x)ⱼ, in nats per row (one row is one time step of
 * one sequence), for logits x [batchSize, classes]. Always guessing evenly costs ln(classes) nats.
 *
 *     Σⱼ yⱼ (ln Σₖ eˣₖ − xⱼ)       the same; the row's greatest x is subtracted first, so that e never overflows
 *
 * @param target [batchSize, classes] with probabilities, e.g. one-hot, or [batchSize, 1] with class numbers from 0
 * @throws RangeError if a row that counts is neither
 */
export const crossEntropy: Loss = (logits, target, mask) => {
  const { rows, cols, dtype } = logits;
  if (target.rows !== rows || (target.cols !== cols && target.cols !== 1)) {
    throw new RangeError(
      `crossEntropy: target must be ${shapeText([rows, cols])} or [${rows}, 1], got ${shapeText(target.shape)}`,
    );
  }
  const weights = rowWeights("crossEntropy", mask, rows);
  if (dtype === "float32" && target.cols === 1 && cols > 1 && !mask) return ofClasses(logits, target, weights);
  const slopes = new Float64Array(rows * cols);
  let total = 0;
  for (let r = 0; r < rows; r++) {
    if (weights[r] === 0) continue;
    const wanted = target.cols === cols ? probabilities(target, r) : oneClass(target.data[r], cols);
    total += weights[r] * rowCost(logits.data.subarray(r * cols, (r + 1) * cols), wanted, slopes.subarray(r * cols));
  }
  const y = allocate(dtype, 1);
  y[0] = total;
  return record(1, 1, y, [logits], ([dy]) => {
    for (let k = 0; k < slopes.length; k++) logits.grad[k] += dy * weights[Math.floor(k / cols)] * slopes[k];
  });
};

/** The same for float32 logits and class numbers, all rows at once. */
function ofClasses(logits: Tensor, target: Tensor, weights: ArrayLike<number>): Tensor {
  const { rows, cols, dtype, data } = logits;
  for (const wanted of target.data) checkClass(wanted, cols);
  const { costs, slopes } = classCosts(data, cols, target.data);
  const y = allocate(dtype, 1);
  y[0] = costs.reduce((total, cost, r) => total + weights[r] * cost, 0);
  return record(1, 1, y, [logits], ([dy]) => {
    const { grad } = logits;
    for (let r = 0; r < rows; r++) {
      const factor = dy * weights[r];
      for (let k = r * cols; k < (r + 1) * cols; k++) grad[k] += factor * slopes[k];
    }
  });
}

/** Perplexity: e to the cross-entropy in nats; as many equally likely choices would be as hard to guess. */
export const perplexity = (nats: number): number => Math.exp(nats);

/** One row's cross-entropy; its gradient, softmax(x) − y, goes into slopes. */
function rowCost(x: ArrayLike<number>, y: ArrayLike<number>, slopes: Float64Array): number {
  let best = 0;
  for (let j = 1; j < x.length; j++) if (x[j] > x[best]) best = j;
  let others = 0; // Σ e^(xⱼ − max) without the greatest itself, which is 1
  for (let j = 0; j < x.length; j++) if (j !== best) others += Math.exp(x[j] - x[best]);
  let cost = 0;
  for (let j = 0; j < x.length; j++) {
    if (y[j] !== 0) cost += y[j] * (x[best] - x[j] + Math.log1p(others));
    slopes[j] = Math.exp(x[j] - x[best]) / (1 + others) - y[j];
  }
  return cost;
}

function probabilities({ data, cols }: Tensor, r: number): ArrayLike<number> {
  const row = data.subarray(r * cols, (r + 1) * cols);
  let sum = 0;
  for (const v of row) sum += v;
  if (row.every((v) => v >= 0) && Math.abs(sum - 1) < 1e-5) return row;
  throw new RangeError(
    `crossEntropy: target row ${r} must be probabilities that add up to 1, got ${[...row].slice(0, 8).join(", ")}`,
  );
}

function checkClass(wanted: number, classes: number): void {
  if (Number.isInteger(wanted) && wanted >= 0 && wanted < classes) return;
  throw new RangeError(`crossEntropy: classes must be integers in 0..${classes - 1}, got ${wanted}`);
}

function oneClass(wanted: number, classes: number): ArrayLike<number> {
  checkClass(wanted, classes);
  const row = new Float64Array(classes);
  row[wanted] = 1;
  return row;
}

/** The cost of single entries, averaged over those that count, with its gradient. */
function averaged(
  where: string,
  prediction: Tensor,
  mask: Tensor | undefined,
  entry: (k: number) => { cost: number; slope: number },
): Tensor {
  const { rows, cols, dtype } = prediction;
  const weights = rowWeights(where, mask, rows).map((weight) => weight / cols);
  const slopes = new Float64Array(rows * cols);
  let total = 0;
  for (let k = 0; k < slopes.length; k++) {
    const weight = weights[Math.floor(k / cols)];
    if (weight === 0) continue;
    const { cost, slope } = entry(k);
    total += weight * cost;
    slopes[k] = weight * slope;
  }
  const y = allocate(dtype, 1);
  y[0] = total;
  return record(1, 1, y, [prediction], ([dy]) => {
    for (let k = 0; k < slopes.length; k++) prediction.grad[k] += dy * slopes[k];
  });
}

/** Each row's share in the average: shares add up to 1. */
function rowWeights(where: string, mask: Tensor | undefined, rows: number): Float64Array {
  if (!mask) return new Float64Array(rows).fill(1 / rows);
  checkShape(`${where}: mask`, mask.shape, [rows, 1]);
  let sum = 0;
  for (const weight of mask.data) {
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${where}: mask must hold weights >= 0, 1 or 0 as a rule, got ${weight}`);
    }
    sum += weight;
  }
  if (sum === 0) throw new RangeError(`${where}: mask must count at least one row, got zeros`);
  return Float64Array.from(mask.data, (weight) => weight / sum);
}
