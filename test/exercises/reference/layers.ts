import type { Made } from "unrolled/exercise/suite";
import { add, type Matrix, matVec, tanh, type Vector } from "./vectors.js";

/** The plain recurrent cell's weights. */
export interface CellWeights {
  Wx: Matrix; // [hiddenSize, inputSize]
  Wh: Matrix; // [hiddenSize, hiddenSize]
  b: Vector;
}

export const step = (x: Vector, h: Vector, { Wx, Wh, b }: CellWeights): Vector =>
  tanh(add(add(matVec(Wx, x), matVec(Wh, h)), b));

/** All hidden states of the plain cell over a sequence, from h = 0. */
export function run(xs: Vector[], weights: CellWeights): Vector[] {
  let h = weights.b.map(() => 0);
  return xs.map((x) => {
    h = step(x, h, weights);
    return h;
  });
}

export const stackedSlips = {
  reading: "every layer reads xs: the second must read what the first made",
  weights: "every layer uses the first one's weights",
  bottom: "the outputs are the bottom layer's",
  topFirst: "final lists the top layer first: the bottom one comes first",
  begins: "final has each layer's first state: the last is asked for",
  everyStep: "final has the top layer's states of all steps: one state per layer is asked for",
  finals: "final has the top layer's state only: every layer has one",
} as const;
export type StackedSlip = (typeof stackedSlips)[keyof typeof stackedSlips];

/** Layers of plain cells, on plain numbers; with the slips that are made. */
export function stackedOver(xs: Vector[], layers: CellWeights[], made: Made<StackedSlip> = () => false) {
  const states: Vector[][] = [];
  for (const layer of layers) {
    const read = made(stackedSlips.reading) ? xs : (states.at(-1) ?? xs);
    states.push(run(read, made(stackedSlips.weights) ? layers[0] : layer));
  }
  const last = states.map((hs) => hs.at(-1)!);
  const outputs = made(stackedSlips.bottom) ? states[0] : states.at(-1)!;
  if (made(stackedSlips.topFirst)) return { outputs, final: last.reverse() };
  if (made(stackedSlips.begins)) return { outputs, final: states.map((hs) => hs[0]) };
  if (made(stackedSlips.everyStep)) return { outputs, final: states.at(-1)! };
  return { outputs, final: made(stackedSlips.finals) ? last.slice(-1) : last };
}

export const bidirectionalSlips = {
  padding: "the backward cell read the padding first: cut it off before reversing",
  order: "the backward states are in the order they were made: turn them round again",
  weights: "both directions use the forward weights",
  sides: "the backward half comes first in each output",
  past: "the outputs past the end are not zero",
  short: "the outputs past the end are missing: there is one per step of xs, padding included",
} as const;
export type BidirectionalSlip = (typeof bidirectionalSlips)[keyof typeof bidirectionalSlips];

/** A cell for each direction over a padded sequence; with the slips that are made. */
export function bidirectionalOver(
  xs: Vector[],
  length: number,
  weights: { forward: CellWeights; backward: CellWeights },
  made: Made<BidirectionalSlip> = () => false,
): Vector[] {
  const forward = run(xs, weights.forward);
  const used = made(bidirectionalSlips.weights) ? weights.forward : weights.backward;
  const end = made(bidirectionalSlips.padding) ? xs.length : length;
  const read = [...xs.slice(0, end).reverse(), ...xs.slice(end)]; // what is past the end stays in its place
  const raw = run(read, used);
  const backward = made(bidirectionalSlips.order) ? raw : [...raw.slice(0, end).reverse(), ...raw.slice(end)];
  return xs.slice(0, made(bidirectionalSlips.short) ? length : xs.length).map((_, t) => {
    const pair = made(bidirectionalSlips.sides) ? [backward[t], forward[t]] : [forward[t], backward[t]];
    return t < length || made(bidirectionalSlips.past) ? pair.flat() : pair.flat().map(() => 0);
  });
}

export const dropoutSlips = {
  recurrent: "the lower layer goes on with the thinned state: dropout is on the recurrent path",
  unscaled: "the entries that stay are not scaled by 1 / (1 − rate)",
  byRate: "the entries that stay are divided by rate: the share that stays is 1 − rate",
  inverted: "an entry was dropped where u ≥ rate: rate is the share that goes",
  same: "every step uses the choices of the first",
  top: "the upper layer's output is dropped as well",
  scaledInUse: "entries are scaled although training is false: in use nothing is dropped and nothing scaled",
  evaluation: "dropout acts although training is false",
} as const;
export type DropoutSlip = (typeof dropoutSlips)[keyof typeof dropoutSlips];

export interface Dropping {
  rate: number;
  u: Matrix;
  training: boolean;
}

/** Two layers of plain cells with dropout between them; with the slips that are made. */
export function droppedOver(
  xs: Vector[],
  { lower, upper }: { lower: CellWeights; upper: CellWeights },
  { rate, u, training }: Dropping,
  made: Made<DropoutSlip> = () => false,
): Vector[] {
  const acts = training || made(dropoutSlips.evaluation);
  const scale = made(dropoutSlips.unscaled) ? 1 : 1 / (made(dropoutSlips.byRate) ? rate : 1 - rate);
  const thin = (h: Vector, t: number): Vector =>
    h.map((value, k) => {
      const goes = u[made(dropoutSlips.same) ? 0 : t][k] < rate;
      return goes !== made(dropoutSlips.inverted) ? 0 : value * scale;
    });
  let [below, above] = [lower.b.map(() => 0), upper.b.map(() => 0)];
  return xs.map((x, t) => {
    below = step(x, below, lower);
    const inUse = made(dropoutSlips.scaledInUse) ? below.map((value) => value * (1 - rate)) : below;
    const handed = acts ? thin(below, t) : inUse;
    if (made(dropoutSlips.recurrent)) below = handed;
    above = step(handed, above, upper);
    return acts && made(dropoutSlips.top) ? thin(above, t) : above;
  });
}
