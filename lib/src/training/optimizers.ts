import { allocate, type NumberArray } from "../tensor/kernels/reference.js";
import { checkNumber, checkOptions, said } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Schedule } from "./schedules.js";

/** What an optimizer makes of its `learningRate`. */
function rates(where: string, learningRate: number | Schedule): Schedule {
  if (typeof learningRate !== "function") {
    checkNumber(where, "learningRate", learningRate, { positive: true });
    return () => learningRate;
  }
  return (step) => {
    const rate = learningRate(step);
    if (Number.isFinite(rate) && rate >= 0) return rate;
    throw new RangeError(`${where}: learningRate must give a number >= 0, got ${said(rate)} at step ${step}`);
  };
}

/** Moves parameters against their gradients. */
export interface Optimizer {
  readonly name: string;
  step(parameters: readonly Tensor[]): void;
  /** What the rule keeps of a parameter from update to update, by name; checkpoints read and overwrite these arrays. */
  notesOf?(parameter: Tensor): Record<string, NumberArray>;
}

const like = (parameter: Tensor): NumberArray => allocate(parameter.dtype, parameter.data.length);
const counter = (): NumberArray => new Float64Array(1);

/** A note per parameter, made when first asked for. */
function memory<T>(make: (parameter: Tensor) => T): (parameter: Tensor) => T {
  const notes = new WeakMap<Tensor, T>();
  return (parameter) => {
    const note = notes.get(parameter) ?? make(parameter);
    notes.set(parameter, note);
    return note;
  };
}

function checkShare(where: string, name: string, value: unknown): void {
  if (typeof value === "number" && value >= 0 && value < 1) return;
  throw new RangeError(`${where}: ${name} must be in [0, 1), got ${said(value)}`);
}

/**
 * Stochastic gradient descent.
 *
 *     v ← momentum · v + ∂L/∂w
 *     w ← w − learningRate · v
 *
 * @see Polyak (1964): momentum. Same form as PyTorch's.
 */
export function sgd(options: { learningRate?: number | Schedule; momentum?: number } = {}): Optimizer {
  checkOptions("sgd", options, ["learningRate", "momentum"]);
  const { learningRate = 0.01, momentum = 0 } = options;
  const rateAt = rates("sgd", learningRate);
  checkShare("sgd", "momentum", momentum);
  const velocity = memory((parameter) => ({ t: counter(), v: like(parameter) }));
  return {
    name: "sgd",
    notesOf: velocity,
    step(parameters) {
      for (const parameter of parameters) {
        const { data: w, grad } = parameter;
        const { t, v } = velocity(parameter);
        const rate = rateAt(++t[0]);
        for (let k = 0; k < w.length; k++) {
          v[k] = momentum * v[k] + grad[k];
          w[k] -= rate * v[k];
        }
      }
    },
  };
}

/**
 * RMSProp: steps measured against the running size of the gradient.
 *
 *     v ← decay v + (1 − decay) (∂L/∂w)²
 *     u ← momentum · u + ∂L/∂w / (√v + ε)
 *     w ← w − learningRate · u
 *
 * @see Tieleman & Hinton (2012), lecture 6.5. ε outside the root, as PyTorch's.
 */
export function rmsprop(
  options: { learningRate?: number | Schedule; decay?: number; momentum?: number; epsilon?: number } = {},
): Optimizer {
  checkOptions("rmsprop", options, ["learningRate", "decay", "momentum", "epsilon"]);
  const { learningRate = 1e-2, decay = 0.99, momentum = 0, epsilon = 1e-8 } = options;
  const rateAt = rates("rmsprop", learningRate);
  checkShare("rmsprop", "decay", decay);
  checkShare("rmsprop", "momentum", momentum);
  checkNumber("rmsprop", "epsilon", epsilon, { positive: true });
  const notes = memory((parameter) => ({ t: counter(), v: like(parameter), u: like(parameter) }));
  return {
    name: "rmsprop",
    notesOf: notes,
    step(parameters) {
      for (const parameter of parameters) {
        const { data: w, grad } = parameter;
        const { t, v, u } = notes(parameter);
        const rate = rateAt(++t[0]);
        for (let k = 0; k < w.length; k++) {
          v[k] = decay * v[k] + (1 - decay) * grad[k] * grad[k];
          u[k] = momentum * u[k] + grad[k] / (Math.sqrt(v[k]) + epsilon);
          w[k] -= rate * u[k];
        }
      }
    },
  };
}

/**
 * baseⁿ by repeated squaring: products only, so that every machine gets the same bits. `**` rounds otherwise in
 * Node 20 than in Node 24, and training makes a difference in the last bit grow.
 */
function power(base: number, n: number): number {
  let result = 1;
  for (let square = base; n > 0; square *= square) {
    if (n % 2 === 1) result *= square;
    n = Math.floor(n / 2);
  }
  return result;
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
  options: { learningRate?: number | Schedule; beta1?: number; beta2?: number; epsilon?: number } = {},
): Optimizer {
  checkOptions("adam", options, ["learningRate", "beta1", "beta2", "epsilon"]);
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const rateAt = rates("adam", learningRate);
  checkShare("adam", "beta1", beta1);
  checkShare("adam", "beta2", beta2);
  checkNumber("adam", "epsilon", epsilon, { positive: true });
  const moments = memory((parameter) => ({ t: counter(), m: like(parameter), v: like(parameter) }));
  return {
    name: "adam",
    notesOf: moments,
    step(parameters) {
      for (const parameter of parameters) {
        const { data: w, grad } = parameter;
        const { t, m, v } = moments(parameter);
        const rate = rateAt(++t[0]);
        const mScale = 1 / (1 - power(beta1, t[0]));
        const vScale = 1 / (1 - power(beta2, t[0]));
        for (let k = 0; k < w.length; k++) {
          m[k] = beta1 * m[k] + (1 - beta1) * grad[k];
          v[k] = beta2 * v[k] + (1 - beta2) * grad[k] * grad[k];
          w[k] -= (rate * m[k] * mScale) / (Math.sqrt(v[k] * vScale) + epsilon);
        }
      }
    },
  };
}
