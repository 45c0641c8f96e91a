import { AblatedLSTMCell, type LSTMVariant, lstmVariants } from "../cells/ablations.js";
import type { Cell } from "../cells/cell.js";
import { chrono } from "../cells/chrono.js";
import { CoupledLSTMCell } from "../cells/coupled.js";
import { GRUCell } from "../cells/gru.js";
import { JANETCell } from "../cells/janet.js";
import { LSTMCell } from "../cells/lstm.js";
import { LSTM1997Cell } from "../cells/lstm1997.js";
import { MGUCell } from "../cells/mgu.js";
import { PeepholeLSTMCell } from "../cells/peephole.js";
import { RNNCell } from "../cells/rnn.js";
import { compile } from "../compile/compile.js";
import { linear } from "../layers/linear.js";
import { identity, orthogonal } from "../tensor/init.js";
import type { Rng } from "../tensor/rng.js";
import type { Model } from "../training/fit.js";

const classes = {
  rnn: RNNCell,
  lstm: LSTMCell,
  gru: GRUCell,
  peephole: PeepholeLSTMCell,
  coupled: CoupledLSTMCell,
  mgu: MGUCell,
  janet: JANETCell,
  lstm1997: LSTM1997Cell,
};

/** A cell of the library, or one of Greff et al.'s variants by its name there. */
export type Kind = keyof typeof classes | LSTMVariant;

/** Who takes part in a sweep: plain data, as a config holds it. */
export interface Contestant {
  readonly name: string;
  readonly cell: Kind;
  readonly hiddenSize: number;
  /** Passed on to the cell: forgetBias, activation, cellsPerBlock, inputGateBias, … */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Starting values of the weights on h. Default: the cell's own. */
  readonly recurrentInit?: { readonly kind: "orthogonal" | "identity"; readonly gain?: number };
  /** Chrono initialisation for memories of up to this many steps. Default: none. */
  readonly chrono?: number;
  /** Its own learning rate, in place of the sweep's; then it takes part in no search. */
  readonly learningRate?: number;
  /** What of its training differs from the others'. Default: nothing. */
  readonly training?: { readonly batchSize?: number; readonly steps?: number; readonly clipNorm?: number };
}

/** A contestant's cell with fresh weights, in float32. */
export function buildCell(contestant: Contestant, inputSize: number, rng: Rng): Cell {
  const { cell: kind, hiddenSize, recurrentInit, chrono: tMax } = contestant;
  const start = recurrentInit && { orthogonal, identity }[recurrentInit.kind](recurrentInit.gain);
  const options = {
    ...contestant.options,
    ...(start && { recurrentInit: start }),
    rng: rng.fork("cell"),
    dtype: "float32" as const,
  };
  const variant = lstmVariants.find((name) => name === kind);
  const make = (): Cell => {
    if (variant) return new AblatedLSTMCell(inputSize, hiddenSize, { ...options, variant }) as unknown as Cell;
    return new classes[kind as keyof typeof classes](inputSize, hiddenSize, options) as unknown as Cell;
  };
  const cell = make();
  return tMax === undefined ? cell : chrono(cell, { tMax, rng: rng.fork("chrono") });
}

/** The cell, compiled, and a linear readout. Equal seeds start equal networks, whoever else takes part. */
export function buildModel(contestant: Contestant, inputSize: number, outputSize: number, rng: Rng): Model {
  const cell = buildCell(contestant, inputSize, rng);
  const readout = linear(contestant.hiddenSize, outputSize, { rng: rng.fork("readout"), dtype: "float32" });
  return { cell: compile(cell), readout };
}
