import { full, zeros } from "../tensor/create.js";
import { oneMinus, sigmoid, tanh } from "../tensor/ops.js";
import { checkChoice, checkOptions } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, type CellOptions, type CellState, cellOptionNames } from "./cell.js";

export interface GRUStep extends CellState {
  readonly z: Tensor; // update gate, in (0, 1): 1 keeps the past
  readonly r: Tensor; // reset gate, in (0, 1): 0 hides the past from the candidate
  readonly n: Tensor; // candidate ("new"), in (−1, 1)
}

export interface GRUOptions extends CellOptions {
  /** Where the reset gate acts: "before" (default) or "after" the product with Whn. */
  reset?: "before" | "after";
}

/**
 * The gated recurrent unit: two gates, no cell state beside h.
 *
 *     zₜ = σ(xₜ Wxz + hₜ₋₁ Whz + bz)               update gate
 *     rₜ = σ(xₜ Wxr + hₜ₋₁ Whr + br)               reset gate
 *     nₜ = tanh(xₜ Wxn + (rₜ ⊙ hₜ₋₁) Whn + bn)     candidate, reset "before"
 *     nₜ = tanh(xₜ Wxn + bn + rₜ ⊙ (hₜ₋₁ Whn + bhn))          reset "after"
 *     hₜ = zₜ ⊙ hₜ₋₁ + (1 − zₜ) ⊙ nₜ               hidden state
 *
 * zₜ → 1 keeps the past, as in Cho et al. (2014); Chung et al. (2014) swap zₜ and 1 − zₜ: a relabelling.
 * reset "before": rₜ acts before Whn, as in Cho et al.; "after": on Whn's result, as cuDNN and PyTorch do.
 * Not the same network.
 *
 * @see Cho et al. (2014), EMNLP, arXiv:1406.1078. Chung et al. (2014), arXiv:1412.3555.
 */
export class GRUCell implements Cell<CellState, GRUStep> {
  readonly updateGate: Affine;
  readonly resetGate: Affine;
  readonly candidate: Affine;
  /** bhn [1, hiddenSize], the candidate's second bias; only reset "after" has it. */
  readonly candidateStateBias: Tensor | undefined;
  readonly reset: "before" | "after";

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: GRUOptions = {},
  ) {
    checkOptions("GRUCell", options, [...cellOptionNames, "reset"]);
    const { reset = "before", rng = seededRng(0), ...shared } = options;
    checkChoice("GRUCell", "reset", reset, ["before", "after"]);
    this.reset = reset;
    const affine = (): Affine => new Affine(inputSize, hiddenSize, { rng, ...shared });
    this.updateGate = affine();
    this.resetGate = affine();
    this.candidate = affine();
    const tracked = { dtype: this.candidate.dtype, requiresGrad: true };
    this.candidateStateBias = reset === "after" ? full(1, hiddenSize, 0, tracked) : undefined;
  }

  get dtype() {
    return this.candidate.dtype;
  }

  step(x: Tensor, { h }: CellState): GRUStep {
    const z = sigmoid(this.updateGate.of(x, h));
    const r = sigmoid(this.resetGate.of(x, h));
    const n = this.candidateStateBias
      ? tanh(this.candidate.ofInput(x).add(r.mul(this.candidate.ofState(h).add(this.candidateStateBias))))
      : tanh(this.candidate.of(x, r.mul(h)));

    const hNext = z.mul(h).add(oneMinus(z).mul(n));
    return { h: hNext, z, r, n };
  }

  initialState(batchSize: number): CellState {
    return { h: zeros(batchSize, this.hiddenSize, { dtype: this.dtype }) };
  }

  parameters(): Record<string, Tensor> {
    const { updateGate, resetGate, candidate, candidateStateBias } = this;
    const named = namedParameters({ updateGate, resetGate, candidate });
    return candidateStateBias ? { ...named, "candidate.bh": candidateStateBias } : named;
  }
}
