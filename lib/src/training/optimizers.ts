import { allocate, type NumberArray } from "../tensor/kernels/reference.js";
import { checkNumber, checkOptions } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";

/** Moves parameters against their gradients. Keeps what it remembers of each parameter to itself. */
export interface Optimizer {
  readonly name: string;
  step(parameters: readonly Tensor[]): void;
}

const like = (parameter: Tensor): NumberArray => allocate(parameter.dtype, parameter.data.length);

/** A note per parameter, made when first asked for. */
function memory<T>(make: (parameter: Tensor) => T): (parameter: Tensor) => T {
  const notes = new WeakMap<Tensor, T>();
  return (parameter) => {
    const note = notes.get(parameter) ?? make(parameter);
    notes.set(parameter, note);
    return note;
  };
}

/**
 * Stochastic gradient descent.
 *
 *     v ← momentum · v + ∂L/∂w
 *     w ← w − learningRate · v
 *
 * @see Polyak (1964): momentum. Same form as PyTorch's.
 */
export function sgd(options: { learningRate?: number; momentum?: number } = {}): Optimizer {
  checkOptions("sgd", options, ["learningRate", "momentum"]);
  const { learningRate = 0.01, momentum = 0 } = options;
  checkNumber("sgd", "learningRate", learningRate, { positive: true });
  checkNumber("sgd", "momentum", momentum);
  const velocity = memory(like);
  return {
    name: "sgd",
    step(parameters) {
      for (const parameter of parameters) {
        const { data: w, grad } = parameter;
        const v = velocity(parameter);
        for (let k = 0; k < w.length; k++) {
          v[k] = momentum * v[k] + grad[k];
          w[k] -= learningRate * v[k];
        }
      }
    },
  };
}

/**
 * Adam: every weight gets a step size of its own, from running averages of its gradient and of the square.
 *
 *     m ← β₁ m + (1 − β₁) ∂L/∂w          v ← β₂ v + (1 − β₂) (∂L/∂w)²
 *     w ← w − learningRate · m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
 *
 * @see Kingma & Ba (2015), ICLR, arXiv:1412.6980.
 */
export function adam(
  options: { learningRate?: number; beta1?: number; beta2?: number; epsilon?: number } = {},
): Optimizer {
  checkOptions("adam", options, ["learningRate", "beta1", "beta2", "epsilon"]);
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkNumber("adam", "learningRate", learningRate, { positive: true });
  const moments = memory((parameter) => ({ t: 0, m: like(parameter), v: like(parameter) }));
  return {
    name: "adam",
    step(parameters) {
      for (const parameter of parameters) {
        const { data: w, grad } = parameter;
        const note = moments(parameter);
        const { m, v } = note;
        const t = ++note.t;
        const mScale = 1 / (1 - beta1 ** t);
        const vScale = 1 / (1 - beta2 ** t);
        for (let k = 0; k < w.length; k++) {
          m[k] = beta1 * m[k] + (1 - beta1) * grad[k];
          v[k] = beta2 * v[k] + (1 - beta2) * grad[k] * grad[k];
          w[k] -= (learningRate * m[k] * mScale) / (Math.sqrt(v[k] * vScale) + epsilon);
        }
      }
    },
  };
}
