import { zeros } from "../tensor/create.js";
import { oneMinus, sigmoid, tanh } from "../tensor/ops.js";
import { checkNumber, checkOptions, checkShape } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, cellOptionNames } from "./cell.js";
import type { LSTMOptions, LSTMState, LSTMStep } from "./lstm.js";

/**
 * Long short-term memory with coupled gates: what is forgotten makes exactly the room that is written into.
 *
 *     fₜ = σ(xₜ Wxf + hₜ₋₁ Whf + bf)       forget gate
 *     iₜ = 1 − fₜ                          input gate: not learnt
 *     oₜ = σ(xₜ Wxo + hₜ₋₁ Who + bo)       output gate
 *     gₜ = tanh(xₜ Wxg + hₜ₋₁ Whg + bg)    candidate
 *     cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ             cell state: an average, so it stays in (−1, 1)
 *     hₜ = oₜ ⊙ tanh(cₜ)                   hidden state
 *
 * Greff et al. (CIFG) learn iₜ and set fₜ = 1 − iₜ; as 1 − σ(a) = σ(−a), that is this cell with the sign of Wxf, Whf
 * and bf turned. Theirs has peepholes too: the variant "CIFG" of AblatedLSTMCell.
 *
 * @see Greff et al. (2015), LSTM: a search space odyssey, arXiv:1503.04069.
 */
export class CoupledLSTMCell implements Cell<LSTMState, LSTMStep> {
  readonly forgetGate: Affine;
  readonly outputGate: Affine;
  readonly candidate: Affine;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: LSTMOptions = {},
  ) {
    checkOptions("CoupledLSTMCell", options, [...cellOptionNames, "forgetBias"]);
    const { forgetBias = 1, rng = seededRng(0), ...shared } = options;
    checkNumber("CoupledLSTMCell", "forgetBias", forgetBias);
    const affine = (bias = 0): Affine => new Affine(inputSize, hiddenSize, { rng, bias, ...shared });
    this.forgetGate = affine(forgetBias); // start by remembering: Jozefowicz et al. (2015)
    this.outputGate = affine();
    this.candidate = affine();
  }

  get dtype() {
    return this.forgetGate.dtype;
  }

  step(x: Tensor, { h, c }: LSTMState): LSTMStep {
    checkShape("c", c.shape, h.shape);
    const f = sigmoid(this.forgetGate.of(x, h));
    const i = oneMinus(f);
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
    const { forgetGate, outputGate, candidate } = this;
    return namedParameters({ forgetGate, outputGate, candidate });
  }
}
