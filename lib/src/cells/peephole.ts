import { zeros } from "../tensor/create.js";
import { uniform } from "../tensor/init.js";
import { sigmoid, tanh } from "../tensor/ops.js";
import { checkNumber, checkOptions, checkShape } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, cellOptionNames } from "./cell.js";
import type { LSTMOptions, LSTMState, LSTMStep } from "./lstm.js";

/**
 * Long short-term memory whose gates also look at the cell state, each unit's gates at its own cell only.
 *
 *     iₜ = σ(xₜ Wxi + hₜ₋₁ Whi + pi ⊙ cₜ₋₁ + bi)       input gate
 *     fₜ = σ(xₜ Wxf + hₜ₋₁ Whf + pf ⊙ cₜ₋₁ + bf)       forget gate
 *     gₜ = tanh(xₜ Wxg + hₜ₋₁ Whg + bg)                candidate
 *     cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ                         cell state
 *     oₜ = σ(xₜ Wxo + hₜ₋₁ Who + po ⊙ cₜ + bo)         output gate: sees cₜ, not cₜ₋₁
 *     hₜ = oₜ ⊙ tanh(cₜ)                               hidden state
 *
 * pi, pf, po are [1, hiddenSize]: a unit's gate never looks into another unit's cell. Some drawings let the output
 * gate see cₜ₋₁ like the other two; the paper's sees the cell just written, and so does ours. The paper leaves out
 * the tanh on cₜ; here it is as in Graves (2013), which Greff et al. (2015) call vanilla.
 *
 * @see Gers & Schmidhuber (2000), Recurrent nets that time and count, IJCNN.
 * @see Graves (2013), arXiv:1308.0850, equations 7 to 11.
 */
export class PeepholeLSTMCell implements Cell<LSTMState, LSTMStep> {
  readonly inputGate: Affine;
  readonly forgetGate: Affine;
  readonly outputGate: Affine;
  readonly candidate: Affine;
  readonly pi: Tensor;
  readonly pf: Tensor;
  readonly po: Tensor;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: LSTMOptions = {},
  ) {
    checkOptions("PeepholeLSTMCell", options, [...cellOptionNames, "forgetBias"]);
    const { forgetBias = 1, rng = seededRng(0), ...shared } = options;
    checkNumber("PeepholeLSTMCell", "forgetBias", forgetBias);
    const affine = (bias = 0): Affine => new Affine(inputSize, hiddenSize, { rng, bias, ...shared });
    this.inputGate = affine();
    this.forgetGate = affine(forgetBias); // start by remembering: Jozefowicz et al. (2015)
    this.outputGate = affine();
    this.candidate = affine();
    const tracked = { dtype: this.dtype, requiresGrad: true };
    const peephole = (): Tensor => uniform(1 / Math.sqrt(hiddenSize))(1, hiddenSize, rng, tracked);
    this.pi = peephole();
    this.pf = peephole();
    this.po = peephole();
  }

  get dtype() {
    return this.inputGate.dtype;
  }

  step(x: Tensor, { h, c }: LSTMState): LSTMStep {
    checkShape("c", c.shape, h.shape);
    const i = sigmoid(this.inputGate.of(x, h).add(c.mul(this.pi)));
    const f = sigmoid(this.forgetGate.of(x, h).add(c.mul(this.pf)));
    const g = tanh(this.candidate.of(x, h));

    const cNext = f.mul(c).add(i.mul(g));
    const o = sigmoid(this.outputGate.of(x, h).add(cNext.mul(this.po))); // sees cₜ, not cₜ₋₁
    const hNext = o.mul(tanh(cNext));
    return { h: hNext, c: cNext, i, f, o, g };
  }

  initialState(batchSize: number): LSTMState {
    const zero = () => zeros(batchSize, this.hiddenSize, { dtype: this.dtype });
    return { h: zero(), c: zero() };
  }

  parameters(): Record<string, Tensor> {
    const { inputGate, forgetGate, outputGate, candidate, pi, pf, po } = this;
    const named = namedParameters({ inputGate, forgetGate, outputGate, candidate });
    return { ...named, "inputGate.p": pi, "forgetGate.p": pf, "outputGate.p": po };
  }
}
