import type { Made } from "unrolled/exercise/suite";
import { type Matrix, matVec, tanh, type Vector } from "./vectors.js";

const sum = (values: Vector): number => values.reduce((total, value) => total + value, 0);
const dot = (a: Vector, b: Vector): number => sum(a.map((x, k) => x * b[k]));
const transposed = (m: Matrix): Matrix => m[0].map((_, c) => m.map((row) => row[c]));
const softmax = (v: Vector): Vector => {
  const powers = v.map((x) => Math.exp(x - Math.max(...v)));
  return powers.map((power) => power / sum(powers));
};

export const attendSlips = {
  axis: "the softmax runs over the queries: shares are over time",
  linear: "the scores are used as they are: the softmax is missing",
  scaled: "the scores are divided by √size: Transformers do that, this attention does not",
  seen: "padded steps are attended to",
  cut: "the weights of padded steps are missing: a row has an entry for every step, 0 for those",
  zero: "the scores of padded steps are 0, and e to 0 is 1: they must be −Infinity",
  late: "padding was taken out after the softmax: the rest no longer adds up to 1",
  plain: "the context is the plain average: each state counts with its weight",
} as const;
export type AttendSlip = (typeof attendSlips)[keyof typeof attendSlips];

/** Dot-product attention of queries over padded states; with the slips that are made. */
export function attendOver(queries: Matrix, hs: Matrix, length: number, made: Made<AttendSlip> = () => false) {
  const past = made(attendSlips.zero) ? 0 : Number.NEGATIVE_INFINITY;
  const every = made(attendSlips.seen) || made(attendSlips.late);
  const scale = made(attendSlips.scaled) ? 1 / Math.sqrt(hs[0].length) : 1;
  const score = (q: Vector, t: number): number => (t < length || every ? scale * dot(q, hs[t]) : past);
  const scores = queries.map((q) => hs.map((_, t) => score(q, t)));
  const overTime = made(attendSlips.linear)
    ? scores.map((row) => row.map((value) => (Number.isFinite(value) ? value : 0)))
    : scores.map(softmax);
  const shares = made(attendSlips.axis) ? transposed(transposed(scores).map(overQueries)) : overTime;
  const weights = made(attendSlips.late)
    ? shares.map((row) => row.map((share, t) => (t < length ? share : 0)))
    : shares;
  const average = hs[0].map((_, k) => sum(hs.slice(0, length).map((h) => h[k])) / length);
  const context = (row: Vector): Vector => hs[0].map((_, k) => sum(row.map((a, t) => a * hs[t][k])));
  const seen = (row: Vector): Vector => (made(attendSlips.cut) ? row.slice(0, length) : row);
  return {
    weights: weights.map(seen),
    contexts: weights.map((row) => (made(attendSlips.plain) ? average : context(row))),
  };
}

/** Softmax over queries of one step; a step out of sight has −Infinity everywhere and gets 0, as a careful learner would. */
const overQueries = (scores: Vector): Vector => (scores.every(Number.isFinite) ? softmax(scores) : scores.map(() => 0));

/** The setup cell's recurrent decoder. */
export interface Decoder {
  embedding: Matrix; // one row per symbol
  Wh: Matrix;
  readout: Matrix;
}
export interface Decoding {
  begin: number;
  end: number;
  limit: number;
  targets: number[] | null;
}

export const decodeSlips = {
  forgetful: "every step starts from the encoder's state: carry h on",
  own: "it reads its own choice although targets are given",
  peeks: "it reads the target of the step it is about to answer",
  ahead: "from the second step on it reads the target of the step it is about to answer",
  halts: "it stops at end although targets are given: in training there is one step for each target",
  stuck: "it reads begin at every step: its last choice is what it should read",
  endless: "it goes on after it has chosen end",
  early: "it stops before end is written down: end is part of the answer",
} as const;
export type DecodeSlip = (typeof decodeSlips)[keyof typeof decodeSlips];

/** Greedy decoding with or without teacher forcing; with the slips that are made. */
export function decodeOver(
  h0: Vector,
  { embedding, Wh, readout }: Decoder,
  { begin, end, limit, targets }: Decoding,
  made: Made<DecodeSlip> = () => false,
): { symbols: Vector; logits: Matrix } {
  const [symbols, logits]: [Vector, Matrix] = [[], []];
  let [h, read] = [h0, begin];
  for (let t = 0; t < (targets?.length ?? limit); t++) {
    if (targets && made(decodeSlips.peeks)) read = targets[t];
    const before = made(decodeSlips.forgetful) ? h0 : h;
    h = tanh(matVec(Wh, before).map((value, k) => value + embedding[read][k]));
    const scores = matVec(readout, h);
    const chosen = scores.indexOf(Math.max(...scores));
    const stops = (!targets || made(decodeSlips.halts)) && chosen === end && !made(decodeSlips.endless);
    if (stops && made(decodeSlips.early)) break;
    symbols.push(chosen);
    logits.push(scores);
    if (stops) break;
    read = targets && !made(decodeSlips.own) ? targets[t] : chosen;
    if (targets && made(decodeSlips.ahead)) read = targets[t + 1];
    if (!targets && made(decodeSlips.stuck)) read = begin;
  }
  return { symbols, logits };
}
