import { type Rng, seededRng } from "unrolled";
import type { Matrix, Vector } from "./vectors.js";

/** Two tanh units that read one bit a step; they say "odd" if o − a > 1. */
export interface Net {
  Wx: Vector;
  Wh: Matrix;
  b: Vector;
}

const isVector = (value: unknown): value is Vector =>
  Array.isArray(value) && value.length === 2 && value.every((entry) => typeof entry === "number");

/** @throws TypeError that says what a net must hold */
export function asNet({ Wx, Wh, b }: Record<"Wx" | "Wh" | "b", unknown>): Net {
  for (const [name, value] of Object.entries({ Wx, b })) {
    if (!isVector(value)) throw new TypeError(`${name} must be an array of 2 numbers`);
  }
  if (!Array.isArray(Wh) || Wh.length !== 2 || !Wh.every(isVector))
    throw new TypeError("Wh must be an array of 2 rows of 2 numbers");
  return { Wx, Wh, b } as Net;
}

export function saysOdd({ Wx, Wh, b }: Net, bits: Vector): boolean {
  let [o, a] = [0, 0];
  const unit = (k: number, x: number): number => Math.tanh(x * Wx[k] + o * Wh[0][k] + a * Wh[1][k] + b[k]);
  for (const x of bits) [o, a] = [unit(0, x), unit(1, x)];
  return o - a > 1;
}

export const isOdd = (bits: Vector): boolean => bits.filter((x) => x === 1).length % 2 === 1;
export const hasOddZeros = (bits: Vector): boolean => bits.filter((x) => x === 0).length % 2 === 1;

/** All sequences of so many bits; the last one is all ones. */
export const allSequences = (seqLen: number): Matrix =>
  Array.from({ length: 2 ** seqLen }, (_, n) => Array.from({ length: seqLen }, (_, t) => (n >> t) & 1));

function randomNet(rng: Rng): Net {
  const w = (): number => rng.uniform(-100, 100);
  return {
    Wx: [w(), w()],
    Wh: [
      [w(), w()],
      [w(), w()],
    ],
    b: [w(), w()],
  };
}

/** How many random nets it takes until one is right on these sequences: on all of them, or on more than half. */
export function triesUntil(sequences: Matrix, seed: number, limit: number, half = false): number {
  const rng = seededRng(seed);
  const right = (net: Net) => (bits: Vector) => saysOdd(net, bits) === isOdd(bits);
  for (let tries = 1; tries <= limit; tries++) {
    const net = randomNet(rng);
    if (half ? sequences.filter(right(net)).length > sequences.length / 2 : sequences.every(right(net))) return tries;
  }
  return Number.POSITIVE_INFINITY;
}
