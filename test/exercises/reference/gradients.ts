import { gradientFlow, orthogonal, RNNCell, seededRng, tensor } from "unrolled";
import type { Made } from "unrolled/exercise/suite";
import { dot, length, scale, sub, times, transpose } from "./rows.js";
import { type Matrix, mul, type Vector } from "./vectors.js";

type Slip<Slips extends Readonly<Record<string, string>>> = Slips[keyof Slips];
const never = () => false;

export const clipSlips = {
  byValue: "each entry was cut at the limit (clipping by value): that turns the gradient",
  perTensor: "each tensor was clipped on its own: all of them are one long vector",
  always: "short gradients were made longer: only what is longer than the limit is scaled",
  noRoot: "divided by the squared length: the square root is missing",
  toOne: "scaled to length 1: the limit is missing",
} as const;

/** Clipping by norm, with the slips that are made. */
export function clip(gradients: Matrix, limit: number, made: Made<Slip<typeof clipSlips>> = never): Matrix {
  if (made(clipSlips.byValue)) return gradients.map((row) => row.map((x) => Math.max(-limit, Math.min(limit, x))));
  const factor = (entries: Vector): number => {
    const size = made(clipSlips.noRoot) ? dot(entries, entries) : length(entries);
    const target = made(clipSlips.toOne) ? 1 : limit;
    return size > limit || made(clipSlips.always) ? target / size : 1;
  };
  return gradients.map((row) => scale(row, factor(made(clipSlips.perTensor) ? row : gradients.flat())));
}

export const orthogonalSlips = {
  onlyScaled: "the rows were only scaled: they still lean on each other",
  onlyLast: "only what it shares with the row just before was taken off",
  rawRows: "projected on the rows that came in, not on the finished ones",
  notScaled: "the rows were not made as long as 1",
  scaledBefore: "the row was made as long as 1 before the others were taken off, not after",
  noGain: "the gain is missing",
  gainInside: "the gain is in the rows that the next ones use: those need length 1, the gain comes last",
} as const;

/** gain · Q, with Q made of the rows of a matrix by Gram and Schmidt, with the slips that are made. */
export function gramSchmidt(random: Matrix, gain: number, made: Made<Slip<typeof orthogonalSlips>> = never): Matrix {
  const finished: Matrix = [];
  const unit = (v: Vector): Vector => scale(v, 1 / length(v));
  for (const [k, given] of random.entries()) {
    const row = made(orthogonalSlips.scaledBefore) ? unit(given) : given;
    const earlier = made(orthogonalSlips.rawRows) ? random.slice(0, k) : finished;
    const before = made(orthogonalSlips.onlyScaled) ? [] : made(orthogonalSlips.onlyLast) ? earlier.slice(-1) : earlier;
    const left = before.reduce((rest, q) => sub(rest, scale(q, dot(row, q))), row);
    const done = made(orthogonalSlips.notScaled) || made(orthogonalSlips.scaledBefore) ? left : unit(left);
    finished.push(made(orthogonalSlips.gainInside) ? scale(done, gain) : done);
  }
  const unstretched = made(orthogonalSlips.noGain) || made(orthogonalSlips.gainInside);
  return finished.map((q) => scale(q, unstretched ? 1 : gain));
}

export const flowSlips = {
  noSlopes: "the slopes of tanh are missing: this is the product of the weights alone",
  earlierSlope: "the slope is taken one step too early: it is 1 − h² of the later state",
  order: "weights first, slopes second: the way back meets tanh first",
  notTransposed: "W_h is not transposed on the way back",
  inTime: "in the order of time: lag 0, the last state, comes first",
  squares: "squared lengths: the square root is missing",
} as const;

/** The lengths of ∂L/∂hₜ by lag, with the slips that are made. */
export function flowBack(hs: Matrix, Wh: Matrix, dhLast: Vector, made: Made<Slip<typeof flowSlips>> = never): Vector {
  const back = made(flowSlips.notTransposed) ? Wh : transpose(Wh);
  const dhs = [dhLast];
  for (let t = hs.length - 1; t > 0; t--) {
    const slopes = hs[made(flowSlips.earlierSlope) ? t - 1 : t].map((h) => (made(flowSlips.noSlopes) ? 1 : 1 - h * h));
    const dh = dhs.at(-1)!;
    dhs.push(made(flowSlips.order) ? mul(times(dh, back), slopes) : times(mul(dh, slopes), back));
  }
  const norms = dhs.map((dh) => (made(flowSlips.squares) ? dot(dh, dh) : length(dh)));
  return made(flowSlips.inTime) ? norms.reverse() : norms;
}

const flows = new Map<string, Vector>();

/** The setup cell's noisyFlow; each is run once. */
export function flowAt(gain: number, loudness: number, seed: number): Vector {
  const key = [gain, loudness, seed].join();
  const known = flows.get(key) ?? noisyFlow(gain, loudness, seed);
  flows.set(key, known);
  return known;
}

function noisyFlow(gain: number, loudness: number, seed: number): Vector {
  const [rng, noise] = [seededRng(seed), seededRng(seed).fork("noise")];
  const cell = new RNNCell(2, 16, { rng, recurrentInit: orthogonal(gain) });
  const xs = Array.from({ length: 50 }, () => tensor([[loudness * noise.normal(), loudness * noise.normal()]]));
  return [...gradientFlow(cell, xs).norm];
}
