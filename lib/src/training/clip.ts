import { checkNumber } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";

/** ‖∂L/∂w‖ over all parameters together, as if they were one long vector. */
export function gradientNorm(parameters: readonly Tensor[]): number {
  let squares = 0;
  for (const { grad } of parameters) for (let k = 0; k < grad.length; k++) squares += grad[k] * grad[k];
  return Math.sqrt(squares);
}

/**
 * Shortens the gradient to maxNorm where it is longer, and keeps its direction. All parameters count as one
 * vector: clipping each alone, or each entry alone, would turn it.
 *
 * @returns the norm before clipping
 * @see Pascanu, Mikolov & Bengio (2013), ICML, arXiv:1211.5063.
 */
export function clipByNorm(parameters: readonly Tensor[], maxNorm: number): number {
  checkNumber("clipByNorm", "maxNorm", maxNorm, { positive: true });
  const norm = gradientNorm(parameters);
  if (norm > maxNorm) {
    const scale = maxNorm / norm;
    for (const { grad } of parameters) for (let k = 0; k < grad.length; k++) grad[k] *= scale;
  }
  return norm;
}

/**
 * Cuts every entry of every gradient to [−limit, limit]. Unlike clipping by norm it turns the gradient.
 * @see Graves (2013), arXiv:1308.0850: on the gradients of an LSTM's pre-activations.
 */
export function clipByValue(parameters: readonly Tensor[], limit: number): void {
  checkNumber("clipByValue", "limit", limit, { positive: true });
  for (const { grad } of parameters) {
    for (let k = 0; k < grad.length; k++) grad[k] = Math.min(Math.max(grad[k], -limit), limit);
  }
}
