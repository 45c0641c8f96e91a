import { LSTM1997Cell, tensor, unroll } from "unrolled";
import type { Made } from "unrolled/exercise/suite";
import { times } from "./rows.js";
import { add, type Matrix, mul, sigmoid, tanh, type Vector } from "./vectors.js";

export interface Layer {
  Wx: Matrix; // [inputSize, hiddenSize]
  Wh: Matrix; // [3 hiddenSize, hiddenSize]: rows for h, then i, then o
  b: Vector;
}
export type Weights1997 = Record<"input" | "output" | "candidate", Layer>;
export type State1997 = Record<"h" | "c" | "i" | "o", Vector>;

export const slips1997 = {
  forgets: "something was taken off the belt: the old cell state goes through whole",
  order: "u is put together in another order: h, then i, then o",
  range: "the candidate is squashed by tanh: it must reach from −2 to 2",
  early: "the output gate saw the new input gate: all that is fed back is from the step before",
  oldC: "h opens on the old c: use the new one",
  tanhOut: "h squashes c with tanh; the paper has 2σ(c) − 1",
} as const;
export type Slip1997 = (typeof slips1997)[keyof typeof slips1997];

/** One step of the LSTM of 1997 on plain numbers, with the slips that are made. */
export function step1997(
  x: Vector,
  { h, c, i, o }: State1997,
  weights: Weights1997,
  made: Made<Slip1997> = () => false,
): State1997 {
  const sum = ({ Wx, Wh, b }: Layer, gate: Vector): Vector => {
    const u = made(slips1997.order) ? [...h, ...o, ...gate] : [...h, ...gate, ...o];
    return add(add(times(x, Wx), times(u, Wh)), b);
  };
  const iNext = sigmoid(sum(weights.input, i));
  const oNext = sigmoid(sum(weights.output, made(slips1997.early) ? iNext : i));
  const preActivation = sum(weights.candidate, i);
  const g = made(slips1997.range) ? tanh(preActivation) : sigmoid(preActivation).map((s) => 4 * s - 2);
  const kept = made(slips1997.forgets)
    ? mul(
        iNext.map((v) => 1 - v),
        c,
      )
    : c;
  const cNext = add(kept, mul(iNext, g));
  const read = made(slips1997.oldC) ? c : cNext;
  const squashed = made(slips1997.tanhOut) ? tanh(read) : sigmoid(read).map((s) => 2 * s - 1);
  return { h: mul(oNext, squashed), c: cNext, i: iNext, o: oNext };
}

/** What the library's cell gives for one step: [h, c, i, o]. */
export function step1997OfLibrary(x: Vector, state: State1997, weights: Weights1997): Matrix {
  const cell = new LSTM1997Cell(x.length, state.h.length);
  const layers = { input: cell.inputGate, output: cell.outputGate, candidate: cell.candidate };
  for (const [name, layer] of Object.entries(layers)) {
    const { Wx, Wh, b } = weights[name as keyof Weights1997];
    layer.Wx.data.set(Wx.flat());
    layer.Wh.data.set(Wh.flat());
    layer.b.data.set(b);
  }
  const row = (v: Vector) => tensor([v]);
  const start = { h: row(state.h), c: row(state.c), i: row(state.i), o: row(state.o) };
  const [{ h, c, i, o }] = unroll(cell, [row(x)], start);
  return [h, c, i, o].map((value) => value.tolist()[0]);
}
