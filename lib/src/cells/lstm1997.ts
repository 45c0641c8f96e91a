import { zeros } from "../tensor/create.js";
import { uniform } from "../tensor/init.js";
import { concat, sigmoid } from "../tensor/ops.js";
import { checkCount, checkNumber, checkOptions, checkShape, said } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { Affine, namedParameters } from "./affine.js";
import { type Cell, type CellOptions, cellOptionNames } from "./cell.js";
import type { LSTMState } from "./lstm.js";

export interface LSTM1997State extends LSTMState {
  readonly i: Tensor; // input gate, in (0, 1); the same for all cells of a block
  readonly o: Tensor; // output gate, likewise
}

export interface LSTM1997Step extends LSTM1997State {
  readonly g: Tensor; // candidate, in (−2, 2)
}

export interface LSTM1997Options extends CellOptions {
  /** How many cells share an input gate and an output gate. Default 1; must divide hiddenSize. */
  cellsPerBlock?: number;
  /** Whether gradients are cut where they leave a memory cell through a net input. Default true, as in the paper. */
  truncated?: boolean;
  /** Where the input gates' biases start: one number, or one per block. Default 0; the paper's adding task: [−3, −6]. */
  inputGateBias?: number | readonly number[];
  /** Where the output gates' biases start: one number, or one per block. Default 0. */
  outputGateBias?: number | readonly number[];
}

/**
 * The first long short-term memory: blocks of cells, no forget gate, gates that feed gates.
 *
 *     uₜ = [hₜ, iₜ, oₜ]                         all that feeds back, [batchSize, hiddenSize + 2 blocks]
 *     iₜ = σ(xₜ Wxi + uₜ₋₁ Whi + bi)            input gate, one per block
 *     oₜ = σ(xₜ Wxo + uₜ₋₁ Who + bo)            output gate, one per block
 *     gₜ = 4σ(xₜ Wxg + uₜ₋₁ Whg + bg) − 2       candidate, in (−2, 2), one per cell
 *     cₜ = cₜ₋₁ + iₜ ⊙ gₜ                       cell state: nothing is ever erased
 *     hₜ = oₜ ⊙ (2σ(cₜ) − 1)                    hidden state
 *
 * hiddenSize counts cells; there are hiddenSize / cellsPerBlock blocks. In a step i and o are [batchSize, hiddenSize],
 * a block's gate repeated for each of its cells. Weights start in ±0.1, as in the paper's experiments 4 to 6.
 *
 * Truncated: a gradient that reaches a net input changes its weights, but goes no further back through uₜ₋₁; only
 * the path cₜ → cₜ₋₁ crosses time, and on it the factor is exactly 1. `truncated: false` gives the full gradient.
 *
 * @see Hochreiter & Schmidhuber (1997), Long short-term memory, Neural Computation 9(8), section 4 and appendix A.1.
 */
export class LSTM1997Cell implements Cell<LSTM1997State, LSTM1997Step> {
  readonly inputGate: Affine;
  readonly outputGate: Affine;
  readonly candidate: Affine;
  readonly blocks: number;
  readonly truncated: boolean;
  readonly #toCells: Tensor; // [blocks, hiddenSize]: a block's number, once for each of its cells
  readonly #toBlocks: Tensor; // [hiddenSize, blocks]: and back, from its first cell

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: LSTM1997Options = {},
  ) {
    const own = ["cellsPerBlock", "truncated", "inputGateBias", "outputGateBias"];
    checkOptions("LSTM1997Cell", options, [...cellOptionNames, ...own]);
    const { cellsPerBlock = 1, truncated = true, inputGateBias = 0, outputGateBias = 0, ...shared } = options;
    const { rng = seededRng(0), dtype, inputInit = uniform(0.1), recurrentInit = uniform(0.1) } = shared;
    checkCount("LSTM1997Cell", "hiddenSize", hiddenSize);
    checkCount("LSTM1997Cell", "cellsPerBlock", cellsPerBlock);
    if (hiddenSize % cellsPerBlock !== 0) {
      throw new RangeError(
        `LSTM1997Cell: hiddenSize must be a multiple of cellsPerBlock ${cellsPerBlock}, got ${hiddenSize}`,
      );
    }
    const blocks = hiddenSize / cellsPerBlock;
    const stateSize = hiddenSize + 2 * blocks;
    const affine = (size: number): Affine =>
      new Affine(inputSize, size, { rng, dtype, inputInit, recurrentInit, stateSize });
    this.blocks = blocks;
    this.truncated = truncated;
    this.inputGate = affine(blocks);
    this.outputGate = affine(blocks);
    this.candidate = affine(hiddenSize);
    this.inputGate.b.data.set(perBlock("inputGateBias", inputGateBias, blocks));
    this.outputGate.b.data.set(perBlock("outputGateBias", outputGateBias, blocks));

    this.#toCells = zeros(blocks, hiddenSize, { dtype: this.dtype });
    this.#toBlocks = zeros(hiddenSize, blocks, { dtype: this.dtype });
    for (let cell = 0; cell < hiddenSize; cell++) {
      const block = Math.floor(cell / cellsPerBlock);
      this.#toCells.data[block * hiddenSize + cell] = 1;
      if (cell % cellsPerBlock === 0) this.#toBlocks.data[cell * blocks + block] = 1;
    }
  }

  get dtype() {
    return this.candidate.dtype;
  }

  step(x: Tensor, { h, c, i: iPrev, o: oPrev }: LSTM1997State): LSTM1997Step {
    for (const [name, value] of Object.entries({ c, i: iPrev, o: oPrev })) checkShape(name, value.shape, h.shape);
    checkShape("h", h.shape, [x.rows, this.hiddenSize]);
    const fedBack = concat([h, iPrev.matmul(this.#toBlocks), oPrev.matmul(this.#toBlocks)]);
    const u = this.truncated ? fedBack.detach() : fedBack;
    const i = sigmoid(this.inputGate.of(x, u)).matmul(this.#toCells);
    const o = sigmoid(this.outputGate.of(x, u)).matmul(this.#toCells);
    const g = sigmoid(this.candidate.of(x, u)).mul(4).sub(2);

    const cNext = c.add(i.mul(g));
    const hNext = o.mul(sigmoid(cNext).mul(2).sub(1));
    return { h: hNext, c: cNext, i, o, g };
  }

  initialState(batchSize: number): LSTM1997State {
    const zero = () => zeros(batchSize, this.hiddenSize, { dtype: this.dtype });
    return { h: zero(), c: zero(), i: zero(), o: zero() };
  }

  parameters(): Record<string, Tensor> {
    const { inputGate, outputGate, candidate } = this;
    return namedParameters({ inputGate, outputGate, candidate });
  }
}

function perBlock(name: string, bias: number | readonly number[], blocks: number): readonly number[] {
  const biases = typeof bias === "number" ? Array<number>(blocks).fill(bias) : bias;
  if (biases.length !== blocks) {
    throw new RangeError(`LSTM1997Cell: ${name} must be a number or one per block, ${blocks}, got ${said(bias)}`);
  }
  for (const value of biases) checkNumber("LSTM1997Cell", name, value);
  return biases;
}
