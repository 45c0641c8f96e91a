import type { Made } from "unrolled/exercise/suite";
import { add, type Matrix, matVec, sigmoid, tanh, type Vector } from "./vectors.js";

export const fourSlips = {
  dealt: "every fourth row was taken: each gate has a block of rows that stand together",
  order: "the blocks were read as i, f, o, g: PyTorch's order is i, f, g, o",
  oneBias: "all gates share the first part of the bias",
  noSigmoid: "the sigmoid is missing: pre-activations were used as gates",
  noTanh: "the candidate's tanh is missing",
  allSigmoid: "the candidate went through the sigmoid: it is content and may be negative, so it is tanh",
} as const;

/** [i, f, g, o] from stacked weights, with the slips that are made. */
export function fourGates(
  h: Vector,
  x: Vector,
  W: Matrix,
  b: Vector,
  made: Made<(typeof fourSlips)[keyof typeof fourSlips]> = () => false,
): Vector[] {
  const n = h.length;
  const bias = made(fourSlips.oneBias) ? b.map((_, k) => b[k % n]) : b;
  const sums = add(matVec(W, [...h, ...x]), bias);
  const block = (k: number): Vector =>
    made(fourSlips.dealt) ? h.map((_, j) => sums[4 * j + k]) : sums.slice(k * n, (k + 1) * n);
  const gate = made(fourSlips.noSigmoid) ? (v: Vector) => v : sigmoid;
  const [candidate, output] = made(fourSlips.order) ? [block(3), block(2)] : [block(2), block(3)];
  const squash = made(fourSlips.allSigmoid) ? sigmoid : tanh;
  return [gate(block(0)), gate(block(1)), made(fourSlips.noTanh) ? candidate : squash(candidate), gate(output)];
}
