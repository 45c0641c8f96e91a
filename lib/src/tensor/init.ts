import { type CreateOptions, zeros } from "./create.js";
import { mathjs } from "./mathjs.js";
import { checkNumber } from "./refuse.js";
import type { Rng } from "./rng.js";
import type { Tensor } from "./tensor.js";

/** Draws the starting values of a [rows, cols] weight matrix. */
export type Init = (rows: number, cols: number, rng: Rng, options?: CreateOptions) => Tensor;

function drawn(rows: number, cols: number, options: CreateOptions, draw: () => number): Tensor {
  const weights = zeros(rows, cols, options);
  for (let k = 0; k < weights.data.length; k++) weights.data[k] = draw();
  return weights;
}

/** Every entry uniform in [−bound, bound). */
export function uniform(bound: number): Init {
  checkNumber("uniform", "bound", bound, { positive: true });
  return (rows, cols, rng, options = {}) => drawn(rows, cols, options, () => rng.uniform(-bound, bound));
}

/**
 * Uniform in ±√(6 / (rows + cols)): keeps the variance of signals and gradients level through a tanh layer.
 * @see Glorot & Bengio (2010), AISTATS.
 */
export const glorot: Init = (rows, cols, rng, options = {}) =>
  uniform(Math.sqrt(6 / (rows + cols)))(rows, cols, rng, options);

/**
 * gain on the diagonal, 0 elsewhere: a step that starts by copying its state.
 * @see Le, Jaitly & Hinton (2015), arXiv:1504.00941.
 */
export function identity(gain = 1): Init {
  checkNumber("identity", "gain", gain);
  return (rows, cols, _rng, options = {}) => {
    const weights = zeros(rows, cols, options);
    for (let k = 0; k < Math.min(rows, cols); k++) weights.data[k * cols + k] = gain;
    return weights;
  };
}

/**
 * gain · Q, with Q orthogonal: multiplying by Q changes no vector's length, so neither signals nor gradients
 * shrink or grow by it. For a matrix that is not square its shorter side's vectors are orthonormal.
 *
 * Q is the QR factor of a normal matrix, its columns signed by the diagonal of R (otherwise Q would not be
 * uniform over all rotations: Mezzadri 2007).
 *
 * @see Saxe, McClelland & Ganguli (2014), ICLR.
 */
export function orthogonal(gain = 1): Init {
  checkNumber("orthogonal", "gain", gain, { positive: true });
  return (rows, cols, rng, options = {}) => {
    const [tall, wide] = rows >= cols ? [rows, cols] : [cols, rows];
    const normal = Array.from({ length: tall }, () => Array.from({ length: wide }, () => rng.normal()));
    const { Q, R } = mathjs().qr(normal) as unknown as { Q: number[][]; R: number[][] };
    const q = (r: number, c: number): number => gain * Q[r][c] * (R[c][c] < 0 ? -1 : 1);
    const weights = zeros(rows, cols, options);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) weights.data[r * cols + c] = rows >= cols ? q(r, c) : q(c, r);
    }
    return weights;
  };
}
