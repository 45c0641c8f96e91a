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
