import { zeros } from "../tensor/create.js";
import { sigmoid, tanh } from "../tensor/ops.js";
import { checkNumber, checkOptions, checkShape } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, type CellOptions, type CellState, cellOptionNames } from "./cell.js";

export interface LSTMState extends CellState {
  readonly h: Tensor; // hidden state [batchSize, hiddenSize], in (−1, 1)
  readonly c: Tensor; // cell state [batchSize, hiddenSize], unbounded
}

export interface LSTMStep extends LSTMState {
  readonly i: Tensor; // input gate, in (0, 1)
  readonly f: Tensor; // forget gate, in (0, 1): 1 keeps, 0 erases
  readonly o: Tensor; // output gate, in (0, 1)
  readonly g: Tensor; // candidate, in (−1, 1)
}

export interface LSTMOptions extends CellOptions {
  /** Where the forget gate's bias starts. Default 1; 0 makes a new cell forget half of itself at every step. */
  forgetBias?: number;
}

/**
 * Long short-term memory with a forget gate and no peepholes.
 *
 *     iₜ = σ(xₜ Wxi + hₜ₋₁ Whi + bi)       input gate
 *     fₜ = σ(xₜ Wxf + hₜ₋₁ Whf + bf)       forget gate
 *     oₜ = σ(xₜ Wxo + hₜ₋₁ Who + bo)       output gate
 *     gₜ = tanh(xₜ Wxg + hₜ₋₁ Whg + bg)    candidate
 *     cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ             cell state
 *     hₜ = oₜ ⊙ tanh(cₜ)                   hidden state
 *
 * @see Hochreiter & Schmidhuber (1997), Neural Computation 9(8).
 * @see Gers, Schmidhuber & Cummins (2000), Neural Computation 12(10): the forget gate.
 */
export class LSTMCell implements Cell<LSTMState, LSTMStep> {
  readonly inputGate: Affine;
  readonly forgetGate: Affine;
  readonly outputGate: Affine;
  readonly candidate: Affine;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: LSTMOptions = {},
  ) {
    checkOptions("LSTMCell", options, [...cellOptionNames, "forgetBias"]);
    const { forgetBias = 1, rng = seededRng(0), ...shared } = options;
    checkNumber("LSTMCell", "forgetBias", forgetBias);
    const affine = (bias = 0): Affine => new Affine(inputSize, hiddenSize, { rng, bias, ...shared });
    this.inputGate = affine();
    this.forgetGate = affine(forgetBias); // start by remembering: Jozefowicz et al. (2015)
    this.outputGate = affine();
    this.candidate = affine();
  }

  get dtype() {
    return this.inputGate.dtype;
  }

  step(x: Tensor, { h, c }: LSTMState): LSTMStep {
    checkShape("c", c.shape, h.shape);
    const i = sigmoid(this.inputGate.of(x, h));
    const f = sigmoid(this.forgetGate.of(x, h));
    const o = sigmoid(this.outputGate.of(x, h));
    const g = tanh(this.candidate.of(x, h));

    const cNext = f.mul(c).add(i.mul(g));
    const hNext = o.mul(tanh(cNext));
    return { h: hNext, c: cNext, i, f, o, g };
  }

  initialState(batchSize: number): LSTMState {
    const zero = () => zeros(batchSize, this.hiddenSize, { dtype: this.dtype });
    return { h: zero(), c: zero() };
  }

  parameters(): Record<string, Tensor> {
    const { inputGate, forgetGate, outputGate, candidate } = this;
    return namedParameters({ inputGate, forgetGate, outputGate, candidate });
  }
}
