import { columns, scaleRows, softmax } from "../tensor/ops.js";
import { checkCount, checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Linear, type LinearOptions, linear } from "./linear.js";

export interface MixtureOptions extends LinearOptions {
  /** How many experts. Default 2. */
  experts?: number;
}

/**
 * A mixture of experts: a gate decides for each input whom to listen to.
 *
 *     p = softmax(x Wg + bg)               [batchSize, experts]: the share of each expert
 *     y = Σₖ pₖ (x Wₖ + bₖ)                 [batchSize, outputSize]
 *
 * With linear experts and two of them this can be |x|: one for each side of 0. In large models only the experts with
 * the greatest shares are computed at all (Shazeer et al. 2017); here all are.
 *
 * @see Jacobs, Jordan, Nowlan & Hinton (1991), Adaptive mixtures of local experts, Neural Computation 3(1).
 * @see Shazeer et al. (2017), Outrageously large neural networks, arXiv:1701.06538.
 */
export class MixtureOfExperts {
  readonly gate: Linear;
  readonly experts: readonly Linear[];

  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    options: MixtureOptions = {},
  ) {
    checkOptions("mixtureOfExperts", options, ["rng", "dtype", "init", "experts"]);
    const { experts = 2, rng = seededRng(0), ...shared } = options;
    checkCount("mixtureOfExperts", "experts", experts, 2);
    this.gate = linear(inputSize, experts, { rng, ...shared });
    this.experts = Array.from({ length: experts }, () => linear(inputSize, outputSize, { rng, ...shared }));
  }

  /** How much each expert is listened to, [batchSize, experts]; each row adds up to 1. */
  shares(x: Tensor): Tensor {
    return softmax(this.gate.of(x));
  }

  /** @throws RangeError if x is not [batchSize, inputSize] */
  of(x: Tensor): Tensor {
    const shares = this.shares(x);
    const said = this.experts.map((expert, k) => scaleRows(expert.of(x), columns(shares, k, k + 1)));
    return said.reduce((sum, part) => sum.add(part));
  }

  /** "gate.W", "gate.b", "expert0.W", … */
  parameters(): Record<string, Tensor> {
    const { gate, experts } = this;
    const named = experts.map(({ W, b }, k) => ({ [`expert${k}.W`]: W, [`expert${k}.b`]: b }));
    return Object.assign({ "gate.W": gate.W, "gate.b": gate.b }, ...named);
  }
}

/** Linear experts under a softmax gate; two unless told. */
export const mixtureOfExperts = (
  inputSize: number,
  outputSize: number,
  options: MixtureOptions = {},
): MixtureOfExperts => new MixtureOfExperts(inputSize, outputSize, options);
