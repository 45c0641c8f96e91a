import type { Tensor } from "../tensor/tensor.js";

/**
 * ∂loss/∂parameter by central differences, entry by entry: (L(w + ε) − L(w − ε)) / 2ε. Slow, and right to about
 * ε²: what the tape's gradients are held against.
 *
 * @param loss recomputes the loss from the parameter's current values
 */
export function numericGrad(loss: () => number, parameter: Tensor, epsilon = 1e-5): number[] {
  const { data } = parameter;
  return Array.from(data, (value, k) => {
    data[k] = value + epsilon;
    const above = loss();
    data[k] = value - epsilon;
    const below = loss();
    data[k] = value;
    return (above - below) / (2 * epsilon);
  });
}

/** Where a gradient and the central differences disagree most. */
export interface GradientCheck {
  /** The parameter's name and the entry, e.g. "forgetGate.Wh[2][0]". */
  readonly entry: string;
  readonly gradient: number; // by the tape
  readonly numeric: number; // by central differences
  /** |gradient − numeric| / max(1, |gradient|, |numeric|). */
  readonly error: number;
}

/**
 * Differentiates a loss by the tape and by central differences, and names the entry in which they differ most.
 * In Float64 a correct backward pass stays below about 1e-7.
 *
 *     checkGradients(() => unroll(cell, xs).at(-1).h.sum(), cell.parameters())
 */
export function checkGradients(loss: () => Tensor, parameters: Record<string, Tensor>, epsilon = 1e-5): GradientCheck {
  for (const parameter of Object.values(parameters)) parameter.zeroGrad();
  loss().backward();
  const entries = Object.entries(parameters).flatMap(([name, parameter]) => {
    const gradients = Array.from(parameter.grad);
    const numeric = numericGrad(() => loss().item(), parameter, epsilon);
    return gradients.map((gradient, k) => ({
      entry: `${name}[${Math.floor(k / parameter.cols)}][${k % parameter.cols}]`,
      gradient,
      numeric: numeric[k],
      error: Math.abs(gradient - numeric[k]) / Math.max(1, Math.abs(gradient), Math.abs(numeric[k])),
    }));
  });
  return entries.reduce((worst, entry) => (entry.error > worst.error || Number.isNaN(entry.error) ? entry : worst));
}
