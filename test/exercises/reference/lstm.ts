import type { Made } from "unrolled/exercise/suite";
import { add, type Matrix, matVec, mul, sigmoid, tanh, type Vector } from "./vectors.js";

export interface Gate {
  W: Matrix; // [hiddenSize, hiddenSize + inputSize]: the first columns are for h
  b: Vector;
}
export interface State {
  h: Vector;
  c: Vector;
}
export type Weights = Record<"input" | "forget" | "output" | "candidate", Gate>;

/** Slips published in real code, by what they look like. */
export const lstmSlips = {
  forgetful: "every step begins at the start state: carry h and c on",
  order: "x comes before h: W's first columns belong to h",
  oneBias: "all gates share one bias: each has its own b",
  swapped: "i and f are swapped",
  candidate: "the candidate is squashed by the sigmoid, not by tanh",
  oldC: "h opens on the old c: use the new one",
  noTanh: "the tanh around c is missing",
  names: "hs and cs are swapped in the return",
  started: "the start state is in the lists: there is one entry per step, the first one after the first input",
} as const;
export type LSTMSlip = (typeof lstmSlips)[keyof typeof lstmSlips];

/** An LSTM over a sequence, on plain numbers: [hs, cs]; with the slips that are made. */
export function lstmOver(
  xs: Vector[],
  start: State,
  weights: Weights,
  made: Made<LSTMSlip> = () => false,
): [Vector[], Vector[]] {
  let { h, c } = start;
  const [hs, cs]: [Vector[], Vector[]] = [[], []];
  for (const x of xs) {
    if (made(lstmSlips.forgetful)) ({ h, c } = start);
    const hx = made(lstmSlips.order) ? [...x, ...h] : [...h, ...x];
    const pre = ({ W, b }: Gate): Vector => add(matVec(W, hx), made(lstmSlips.oneBias) ? weights.input.b : b);
    const [i, f, o] = [sigmoid(pre(weights.input)), sigmoid(pre(weights.forget)), sigmoid(pre(weights.output))];
    const g = (made(lstmSlips.candidate) ? sigmoid : tanh)(pre(weights.candidate));
    const cNext = made(lstmSlips.swapped) ? add(mul(i, c), mul(f, g)) : add(mul(f, c), mul(i, g));
    const read = made(lstmSlips.oldC) ? c : cNext;
    h = mul(o, made(lstmSlips.noTanh) ? read : tanh(read));
    c = cNext;
    hs.push(h);
    cs.push(c);
  }
  if (made(lstmSlips.started)) {
    hs.unshift(start.h);
    cs.unshift(start.c);
  }
  return made(lstmSlips.names) ? [cs, hs] : [hs, cs];
}
