import { zeros } from "../tensor/create.js";
import { oneMinus, sigmoid, tanh } from "../tensor/ops.js";
import { checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, type CellOptions, type CellState, cellOptionNames } from "./cell.js";

export interface MGUStep extends CellState {
  readonly f: Tensor; // the one gate, in (0, 1): 0 keeps the past
  readonly n: Tensor; // candidate ("new"), in (−1, 1)
}

/**
 * The minimal gated unit: the GRU with its two gates made one.
 *
 *     fₜ = σ(xₜ Wxf + hₜ₋₁ Whf + bf)               forget gate
 *     nₜ = tanh(xₜ Wxn + (fₜ ⊙ hₜ₋₁) Whn + bn)     candidate
 *     hₜ = (1 − fₜ) ⊙ hₜ₋₁ + fₜ ⊙ nₜ               hidden state
 *
 * The paper calls it a forget gate, but fₜ → 0 keeps the past: it stands where a GRU has rₜ and, in Chung's
 * labelling, zₜ. An LSTM's forget gate keeps at 1.
 *
 * @see Zhou, Wu, Zhang & Zhou (2016), Minimal gated unit for recurrent neural networks, arXiv:1603.09420.
 */
export class MGUCell implements Cell<CellState, MGUStep> {
  readonly forgetGate: Affine;
  readonly candidate: Affine;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: CellOptions = {},
  ) {
    checkOptions("MGUCell", options, cellOptionNames);
    const { rng = seededRng(0), ...shared } = options;
    const affine = (): Affine => new Affine(inputSize, hiddenSize, { rng, ...shared });
    this.forgetGate = affine();
    this.candidate = affine();
  }

  get dtype() {
    return this.candidate.dtype;
  }

  step(x: Tensor, { h }: CellState): MGUStep {
    const f = sigmoid(this.forgetGate.of(x, h));
    const n = tanh(this.candidate.of(x, f.mul(h)));

    const hNext = oneMinus(f).mul(h).add(f.mul(n));
    return { h: hNext, f, n };
  }

  initialState(batchSize: number): CellState {
    return { h: zeros(batchSize, this.hiddenSize, { dtype: this.dtype }) };
  }

  parameters(): Record<string, Tensor> {
    const { forgetGate, candidate } = this;
    return namedParameters({ forgetGate, candidate });
  }
}
