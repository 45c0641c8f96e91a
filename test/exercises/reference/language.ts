import type { Made } from "unrolled/exercise/suite";
import { type Matrix, matVec, tanh, type Vector } from "./vectors.js";

export const windowSlips = {
  same: "the targets are the inputs themselves: the next character is wanted",
  swapped: "inputs and targets are swapped: the target comes after",
  rotated: "the last target of a window is its own first character, not the next window's",
  gap: "a character is skipped between windows",
  overlap: "every place of the text starts a window: they must not overlap",
  beyond: "the last window reaches past the end of the text: its last target is missing",
  short: "the last window is dropped although its last target is the last character of the text",
} as const;
export type WindowSlip = (typeof windowSlips)[keyof typeof windowSlips];

/** A text in windows, with the slips that are made. */
export function windowsOf(text: Vector, seqLen: number, made: Made<WindowSlip> = () => false) {
  const stride = made(windowSlips.gap) ? seqLen + 1 : made(windowSlips.overlap) ? 1 : seqLen;
  const [inputs, targets]: [Matrix, Matrix] = [[], []];
  const end = text.length + (made(windowSlips.beyond) ? 1 : made(windowSlips.short) ? -1 : 0);
  for (let from = 0; from + seqLen < end; from += stride) {
    const shown = text.slice(from, from + seqLen);
    const next = made(windowSlips.rotated) ? shown[0] : (text[from + seqLen] ?? Number.NaN);
    inputs.push(shown);
    targets.push(made(windowSlips.same) ? shown : [...shown.slice(1), next]);
  }
  return made(windowSlips.swapped) ? { inputs: targets, targets: inputs } : { inputs, targets };
}

export const softmaxSlips = {
  multiplied: "the logits are multiplied by the temperature: divide",
  after: "the temperature acts on the shares: it belongs on the logits",
  unnormalised: "the powers are not divided by their sum",
  raw: "the powers of e are not divided by their sum",
  overflow: "e to a large number is Infinity: subtract the largest logit first",
} as const;
export type SoftmaxSlip = (typeof softmaxSlips)[keyof typeof softmaxSlips];

const total = (values: Vector): number => values.reduce((sum, value) => sum + value, 0);

/** Shares at a temperature, with the slips that are made. */
export function softmaxOf(logits: Vector, temperature: number, made: Made<SoftmaxSlip> = () => false): Vector {
  const inside = made(softmaxSlips.after) ? 1 : made(softmaxSlips.multiplied) ? 1 / temperature : temperature;
  const scaled = logits.map((z) => z / inside);
  const largest = made(softmaxSlips.raw) || made(softmaxSlips.overflow) ? 0 : Math.max(...scaled);
  const powers = scaled.map((z) => Math.exp(z - largest));
  const whole = made(softmaxSlips.unnormalised) || made(softmaxSlips.raw) ? 1 : total(powers);
  const outside = !made(softmaxSlips.after) ? 1 : made(softmaxSlips.multiplied) ? 1 / temperature : temperature;
  return powers.map((power) => power / whole / outside);
}

export const sampleSlips = {
  warm: "the temperature was not handed on: sample draws from the shares at T = 1",
  greedy: "the likeliest character is given, whatever u is",
  apart: "u is compared with single shares: add them up on the way",
  nowhere: "u is compared with single shares, and falls on none of them: add them up on the way",
  beyond: "one place too far: u falls into the share where the sum first exceeds it",
  reversed: "the shares are laid out from the last to the first",
} as const;
export type SampleSlip = (typeof sampleSlips)[keyof typeof sampleSlips];

/** Which share u falls on, with the slips that are made. */
export function drawn(shares: Vector, u: number, made: Made<SampleSlip> = () => false): number {
  if (made(sampleSlips.greedy)) return shares.indexOf(Math.max(...shares));
  const order = shares.map((_, k) => (made(sampleSlips.reversed) ? shares.length - 1 - k : k));
  const ends = order.map((_, k) => total(order.slice(0, k + 1).map((place) => shares[place])));
  const single = made(sampleSlips.apart) || made(sampleSlips.nowhere);
  const found = order.findIndex((place, k) => u < (single ? shares[place] : ends[k]));
  if (found < 0 && made(sampleSlips.nowhere)) return -1;
  const at = found < 0 ? order.at(-1)! : order[found];
  return made(sampleSlips.beyond) ? Math.min(at + 1, shares.length - 1) : at;
}

/** The setup cell's plain recurrent reader. */
export interface Reader {
  Wx: Matrix;
  Wh: Matrix;
  readout: Vector;
}

const dot = (a: Vector, b: Vector): number => total(a.map((x, k) => x * b[k]));

/** ∂ logit / ∂ xs, by the chain rule and not by nudging: [seqLen, inputSize]. */
export function inputSlopes(xs: Vector[], { Wx, Wh, readout }: Reader): Matrix {
  const hs: Vector[] = [];
  for (const x of xs) {
    const before = hs.at(-1) ?? readout.map(() => 0);
    hs.push(tanh(matVec(Wx, x).map((sum, k) => sum + dot(Wh[k], before))));
  }
  const slopes: Matrix = [];
  let dh = readout;
  for (const h of [...hs].reverse()) {
    const dpre = dh.map((slope, k) => slope * (1 - h[k] ** 2));
    slopes.unshift(Wx[0].map((_, j) => total(dpre.map((slope, k) => slope * Wx[k][j]))));
    dh = dpre.map((_, j) => total(dpre.map((slope, k) => slope * Wh[k][j])));
  }
  return slopes;
}
