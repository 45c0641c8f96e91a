import { full, zeros } from "../tensor/create.js";
import { uniform } from "../tensor/init.js";
import { concat, oneMinus, sigmoid, tanh } from "../tensor/ops.js";
import { checkChoice, checkNumber, checkOptions, checkShape } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, cellOptionNames } from "./cell.js";
import type { LSTMOptions, LSTMState, LSTMStep } from "./lstm.js";

/** Greff et al.'s names: V is the vanilla LSTM, with peepholes; each other changes one thing about it. */
export const lstmVariants = ["V", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR"] as const;
export type LSTMVariant = (typeof lstmVariants)[number];

export interface AblatedLSTMOptions extends LSTMOptions {
  /** Which one; default "V". */
  variant?: LSTMVariant;
}

export interface AblatedLSTMState extends LSTMState {
  readonly i?: Tensor; // the gates of the last step: "FGR" reads them, the others do not
  readonly f?: Tensor;
  readonly o?: Tensor;
}

/**
 * The eight variants of a search space odyssey, on the LSTM with peepholes:
 *
 *     V       iₜ = σ(xₜ Wxi + hₜ₋₁ Whi + pi ⊙ cₜ₋₁ + bi)       vanilla: PeepholeLSTMCell
 *             fₜ = σ(xₜ Wxf + hₜ₋₁ Whf + pf ⊙ cₜ₋₁ + bf)
 *             gₜ = tanh(xₜ Wxg + hₜ₋₁ Whg + bg)
 *             cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ
 *             oₜ = σ(xₜ Wxo + hₜ₋₁ Who + po ⊙ cₜ + bo)
 *             hₜ = oₜ ⊙ tanh(cₜ)
 *     NIG     iₜ = 1                                           no input gate
 *     NFG     fₜ = 1                                           no forget gate
 *     NOG     oₜ = 1                                           no output gate
 *     NIAF    gₜ = xₜ Wxg + hₜ₋₁ Whg + bg                      no input activation function
 *     NOAF    hₜ = oₜ ⊙ cₜ                                     no output activation function
 *     NP      pi = pf = po = 0                                 no peepholes: LSTMCell
 *     CIFG    fₜ = 1 − iₜ                                      coupled input and forget gate
 *     FGR     hₜ₋₁ becomes [hₜ₋₁, iₜ₋₁, fₜ₋₁, oₜ₋₁] in iₜ, fₜ, oₜ       full gate recurrence
 *
 * What a variant lacks has no weights. CIFG's forget gate starts where the others' do, at σ(forgetBias). FGR's Wh of a
 * gate is [4 hiddenSize, hiddenSize]: its nine matrices from gate to gate stand below the three from h.
 *
 * @see Greff, Srivastava, Koutník, Steunebrink & Schmidhuber (2015), LSTM: a search space odyssey, arXiv:1503.04069.
 */
export class AblatedLSTMCell implements Cell<AblatedLSTMState, LSTMStep> {
  readonly variant: LSTMVariant;
  readonly inputGate: Affine | undefined;
  readonly forgetGate: Affine | undefined;
  readonly outputGate: Affine | undefined;
  readonly candidate: Affine;
  readonly pi: Tensor | undefined;
  readonly pf: Tensor | undefined;
  readonly po: Tensor | undefined;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: AblatedLSTMOptions = {},
  ) {
    checkOptions("AblatedLSTMCell", options, [...cellOptionNames, "forgetBias", "variant"]);
    const { variant = "V", forgetBias = 1, rng = seededRng(0), ...shared } = options;
    checkChoice("AblatedLSTMCell", "variant", variant, lstmVariants);
    checkNumber("AblatedLSTMCell", "forgetBias", forgetBias);
    this.variant = variant;
    const stateSize = variant === "FGR" ? 4 * hiddenSize : hiddenSize;
    const gate = (bias = 0): Affine => new Affine(inputSize, hiddenSize, { rng, bias, stateSize, ...shared });
    this.inputGate = variant === "NIG" ? undefined : gate(variant === "CIFG" ? -forgetBias : 0);
    this.forgetGate = variant === "NFG" || variant === "CIFG" ? undefined : gate(forgetBias);
    this.outputGate = variant === "NOG" ? undefined : gate();
    this.candidate = new Affine(inputSize, hiddenSize, { rng, ...shared });
    const tracked = { dtype: this.dtype, requiresGrad: true };
    const peephole = (of: Affine | undefined): Tensor | undefined =>
      of && variant !== "NP" ? uniform(1 / Math.sqrt(hiddenSize))(1, hiddenSize, rng, tracked) : undefined;
    this.pi = peephole(this.inputGate);
    this.pf = peephole(this.forgetGate);
    this.po = peephole(this.outputGate);
  }

  get dtype() {
    return this.candidate.dtype;
  }

  step(x: Tensor, state: AblatedLSTMState): LSTMStep {
    const { h, c } = state;
    const { variant, inputGate, forgetGate, outputGate, candidate, pi, pf, po } = this;
    checkShape("c", c.shape, h.shape);
    const past = variant === "FGR" ? concat([h, ...lastGates(state)]) : h;
    const preActivation = (gate: Affine, p: Tensor | undefined, seen: Tensor): Tensor =>
      p ? gate.of(x, past).add(seen.mul(p)) : gate.of(x, past);
    const open = full(h.rows, this.hiddenSize, 1, { dtype: this.dtype });

    const i = inputGate ? sigmoid(preActivation(inputGate, pi, c)) : open;
    const f = variant === "CIFG" ? oneMinus(i) : forgetGate ? sigmoid(preActivation(forgetGate, pf, c)) : open;
    const g = variant === "NIAF" ? candidate.of(x, h) : tanh(candidate.of(x, h));

    const cNext = f.mul(c).add(i.mul(g));
    const o = outputGate ? sigmoid(preActivation(outputGate, po, cNext)) : open;
    const hNext = o.mul(variant === "NOAF" ? cNext : tanh(cNext));
    return { h: hNext, c: cNext, i, f, o, g };
  }

  initialState(batchSize: number): AblatedLSTMState {
    const zero = () => zeros(batchSize, this.hiddenSize, { dtype: this.dtype });
    const state = { h: zero(), c: zero() };
    return this.variant === "FGR" ? { ...state, i: zero(), f: zero(), o: zero() } : state;
  }

  parameters(): Record<string, Tensor> {
    const { inputGate, forgetGate, outputGate, candidate, pi, pf, po } = this;
    return {
      ...(inputGate && namedParameters({ inputGate })),
      ...(forgetGate && namedParameters({ forgetGate })),
      ...(outputGate && namedParameters({ outputGate })),
      ...namedParameters({ candidate }),
      ...(pi && { "inputGate.p": pi }),
      ...(pf && { "forgetGate.p": pf }),
      ...(po && { "outputGate.p": po }),
    };
  }
}

function lastGates({ h, i, f, o }: AblatedLSTMState): Tensor[] {
  return Object.entries({ i, f, o }).map(([name, gate]) => {
    if (!gate) throw new TypeError(`AblatedLSTMCell: the state of FGR must hold h, c, i, f and o, got no ${name}`);
    checkShape(name, gate.shape, h.shape);
    return gate;
  });
}
