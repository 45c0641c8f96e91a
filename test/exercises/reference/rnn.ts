import type { Made } from "unrolled/exercise/suite";
import { addMatrix, outer, sub, times, transpose, zeros } from "./rows.js";
import { add, type Matrix, mul, tanh, type Vector } from "./vectors.js";

export interface RNNWeights {
  Wx: Matrix; // [inputSize, hiddenSize]
  Wh: Matrix; // [hiddenSize, hiddenSize]
  b: Vector;
}

/** h = tanh(x Wx + h Wh + b). */
export const rnnStep = (x: Vector, h: Vector, { Wx, Wh, b }: RNNWeights): Vector =>
  tanh(add(add(times(x, Wx), times(h, Wh)), b));

/** The states after each input. */
export function rnnOver(xs: Vector[], h0: Vector, weights: RNNWeights): Vector[] {
  const hs: Vector[] = [];
  for (const x of xs) hs.push(rnnStep(x, hs.at(-1) ?? h0, weights));
  return hs;
}

/** Slips on the way back through time, by what they look like. */
export const bpttSlips = {
  ownMiss: "only the last step's own miss counts: at earlier steps what came back has overwritten it",
  cut: "nothing comes back from the steps after: each step sees only its own miss",
  transposed: "W_h is not transposed on the way back",
  slope: "the slope of tanh is taken at the wrong place: from the answer h it is 1 − h²",
  noSlope: "the slope of tanh is missing",
  before: "W_h's gradient is made with the state after the step; it multiplies the one before",
  lastTurn: "a weight's gradient is overwritten at each step: only one step's share is left",
} as const;
export type BPTTSlip = (typeof bpttSlips)[keyof typeof bpttSlips];

/** The gradients of L = ½ Σ ‖hₜ − yₜ‖² by hand, with the slips that are made: [dWx, dWh, db]. */
export function bpttOver(
  xs: Vector[],
  h0: Vector,
  hs: Vector[],
  ys: Vector[],
  Wh: Matrix,
  made: Made<BPTTSlip> = () => false,
): [Matrix, Matrix, Vector] {
  const size = Wh.length;
  let [dWx, dWh, db] = [outer(zeros(xs[0].length), zeros(size)), outer(zeros(size), zeros(size)), zeros(size)];
  let fromAfter = zeros(size);
  for (let t = xs.length - 1; t >= 0; t--) {
    const overwritten = made(bpttSlips.ownMiss) && t < xs.length - 1;
    const dh = overwritten ? fromAfter : add(sub(hs[t], ys[t]), fromAfter);
    const slope = (h: number): number => 1 - (made(bpttSlips.slope) ? Math.tanh(h) : h) ** 2;
    const delta = made(bpttSlips.noSlope) ? dh : mul(dh, hs[t].map(slope));
    const past = made(bpttSlips.before) ? hs[t] : t > 0 ? hs[t - 1] : h0;
    const uses: [Matrix, Matrix, Vector] = [outer(xs[t], delta), outer(past, delta), delta];
    if (made(bpttSlips.lastTurn)) [dWx, dWh, db] = uses;
    else [dWx, dWh, db] = [addMatrix(dWx, uses[0]), addMatrix(dWh, uses[1]), add(db, uses[2])];
    const back = times(delta, made(bpttSlips.transposed) ? Wh : transpose(Wh));
    fromAfter = made(bpttSlips.cut) ? zeros(size) : back;
  }
  return [dWx, dWh, db];
}
