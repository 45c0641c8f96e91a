import { checkShape } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";

/** What a prediction costs, as one number; the smaller the better. Both are [batchSize, outputSize]. */
export type Loss = (prediction: Tensor, target: Tensor) => Tensor;

/**
 * Mean squared error: the average of (prediction − target)² over all entries, in squared units of the target.
 * @throws RangeError if the shapes differ
 */
export const mse: Loss = (prediction, target) => {
  checkShape("mse: target", target.shape, prediction.shape);
  const error = prediction.sub(target.to(prediction.dtype));
  return error.mul(error).mean();
};
