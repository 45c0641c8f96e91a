import { type CellOptions, type CellState, cellOptionNames } from "../cells/cell.js";
import { GRUCell } from "../cells/gru.js";
import { LSTMCell, type LSTMState } from "../cells/lstm.js";
import { RNNCell } from "../cells/rnn.js";
import { checkChoice, checkCount, checkOptions, said } from "../tensor/refuse.js";
import { seededRng } from "../tensor/rng.js";
import { checkRate } from "./dropout.js";
import { type Layer, SequenceNet } from "./net.js";

export type Kind = "rnn" | "lstm" | "gru";

export interface StackedOptions extends CellOptions {
  /** How many cells lie on top of each other. Default 1. */
  layers?: number;
  /** Whether a second cell of each layer reads from right to left. Default false. */
  bidirectional?: boolean;
  /** The share of what a layer hands to the next that is dropped in training, anew at every step. Default 0. */
  dropout?: number;
  /** The share of hₜ₋₁ that the gates do not see in training, one choice for all steps: Gal & Ghahramani (2016). */
  recurrentDropout?: number;
  /** "lstm" only: where the forget gate's bias starts. Default 1. */
  forgetBias?: number;
  /** "gru" only: where the reset gate acts. Default "before"; PyTorch's is "after". */
  reset?: "before" | "after";
  /** "rnn" only. Default "tanh". */
  activation?: "tanh" | "relu";
}

const ownOptions = { lstm: ["forgetBias"], gru: ["reset"], rnn: ["activation"] } as const;
const netOptions = ["layers", "bidirectional", "dropout", "recurrentDropout"] as const;
const cellOf = { lstm: LSTMCell, gru: GRUCell, rnn: RNNCell } as const;

/**
 * A net of one kind of cell, in layers: layer 0 reads x, each further one the hidden states of the layer below.
 *
 *     const net = stacked("lstm", 4, 6, { layers: 2, bidirectional: true });
 *     const { outputs, final } = net.run(xs, { lengths: [8, 3, 5] });
 *
 * Weights are drawn layer by layer, forward before backward. Dropout acts only in `net.run(xs, { training: true })`,
 * which `fit` asks for; it lies between layers, so that a net of one layer has none.
 *
 * @see Graves, Mohamed & Hinton (2013), ICASSP, arXiv:1303.5778: depth. Zaremba, Sutskever & Vinyals (2014),
 * arXiv:1409.2329: where dropout goes.
 */
export function stacked(
  kind: "lstm",
  inputSize: number,
  hiddenSize: number,
  options?: StackedOptions,
): SequenceNet<LSTMState>;
export function stacked(kind: Kind, inputSize: number, hiddenSize: number, options?: StackedOptions): SequenceNet;
export function stacked(kind: Kind, inputSize: number, hiddenSize: number, options: StackedOptions = {}): SequenceNet {
  checkChoice("stacked", "kind", kind, Object.keys(cellOf));
  checkOptions("stacked", options, [...cellOptionNames, ...netOptions, ...ownOptions[kind]]);
  const { layers = 1, bidirectional = false, dropout = 0, recurrentDropout = 0, ...ofCell } = options;
  checkCount("stacked", "inputSize", inputSize);
  checkCount("stacked", "hiddenSize", hiddenSize);
  checkCount("stacked", "layers", layers);
  if (typeof bidirectional !== "boolean") {
    throw new TypeError(`stacked: bidirectional must be true or false, got ${said(bidirectional)}`);
  }
  checkRate("stacked", "dropout", dropout);
  checkRate("stacked", "recurrentDropout", recurrentDropout);
  const rng = options.rng ?? seededRng(0);
  const cell = (size: number) => new cellOf[kind](size, hiddenSize, { ...ofCell, rng });
  const layer = (k: number): Layer<CellState> => {
    const size = k === 0 ? inputSize : hiddenSize * (bidirectional ? 2 : 1);
    const forward = cell(size);
    return (bidirectional ? { forward, backward: cell(size) } : { forward }) as Layer<CellState>;
  };
  return new SequenceNet(
    Array.from({ length: layers }, (_, k) => layer(k)),
    { dropout, recurrentDropout, rng: rng.fork("dropout") },
  );
}
