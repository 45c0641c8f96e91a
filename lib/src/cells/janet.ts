import { zeros } from "../tensor/create.js";
import { oneMinus, sigmoid, tanh } from "../tensor/ops.js";
import { checkNumber, checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, type CellState, cellOptionNames } from "./cell.js";
import type { LSTMOptions } from "./lstm.js";

export interface JANETStep extends CellState {
  readonly f: Tensor; // forget gate, in (0, 1): 1 keeps, 0 erases
  readonly i: Tensor; // how much of the candidate comes in, in (0, 1)
  readonly g: Tensor; // candidate, in (−1, 1)
}

export interface JANETOptions extends LSTMOptions {
  /** How much less the input side is held back than the forget side. Default 1, the paper's; 0 makes i = 1 − f. */
  beta?: number;
}

/**
 * Just another network: an LSTM with nothing left but its forget gate.
 *
 *     sₜ = xₜ Wxf + hₜ₋₁ Whf + bf
 *     fₜ = σ(sₜ)                           forget gate
 *     iₜ = 1 − σ(sₜ − β)                   β > 0 lets in more than was forgotten
 *     gₜ = tanh(xₜ Wxg + hₜ₋₁ Whg + bg)    candidate
 *     hₜ = fₜ ⊙ hₜ₋₁ + iₜ ⊙ gₜ             hidden state; the paper's cₜ = hₜ is one tensor here
 *
 * The paper starts bf by chrono initialisation: `chrono(cell, { tMax })`.
 *
 * @see van der Westhuizen & Lasenby (2018), The unreasonable effectiveness of the forget gate, arXiv:1804.04849.
 */
export class JANETCell implements Cell<CellState, JANETStep> {
  readonly forgetGate: Affine;
  readonly candidate: Affine;
  readonly beta: number;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: JANETOptions = {},
  ) {
    checkOptions("JANETCell", options, [...cellOptionNames, "forgetBias", "beta"]);
    const { forgetBias = 1, beta = 1, rng = seededRng(0), ...shared } = options;
    checkNumber("JANETCell", "forgetBias", forgetBias);
    checkNumber("JANETCell", "beta", beta);
    this.beta = beta;
    const affine = (bias = 0): Affine => new Affine(inputSize, hiddenSize, { rng, bias, ...shared });
    this.forgetGate = affine(forgetBias); // start by remembering: Jozefowicz et al. (2015)
    this.candidate = affine();
  }

  get dtype() {
    return this.forgetGate.dtype;
  }

  step(x: Tensor, { h }: CellState): JANETStep {
    const preActivation = this.forgetGate.of(x, h);
    const f = sigmoid(preActivation);
    const i = oneMinus(sigmoid(preActivation.sub(this.beta)));
    const g = tanh(this.candidate.of(x, h));

    const hNext = f.mul(h).add(i.mul(g));
    return { h: hNext, f, i, g };
  }

  initialState(batchSize: number): CellState {
    return { h: zeros(batchSize, this.hiddenSize, { dtype: this.dtype }) };
  }

  parameters(): Record<string, Tensor> {
    const { forgetGate, candidate } = this;
    return namedParameters({ forgetGate, candidate });
  }
}
