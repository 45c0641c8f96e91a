import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSafetensors } from "unrolled";
import type { Made } from "unrolled/exercise/suite";
import type { State } from "./lstm.js";
import { add, type Matrix, matVec, mul, sigmoid, tanh, type Vector } from "./vectors.js";

/** One layer of nn.LSTM as PyTorch names and stacks it: rows i, f, g, o. */
export interface TorchWeights {
  weight_ih_l0: Matrix; // [4 · hiddenSize, inputSize]
  weight_hh_l0: Matrix; // [4 · hiddenSize, hiddenSize]
  bias_ih_l0: Vector;
  bias_hh_l0: Vector;
}

export const torchSlips = {
  lastTwo: "candidate and output gate are exchanged: PyTorch's order is i, f, g, o",
  allSigmoid: "every part went through the sigmoid: the third, the candidate, goes through tanh",
  firstTwo: "input and forget gate are exchanged: PyTorch's order is i, f, g, o",
  interleaved: "the gates' rows are taken in turn: the rows of one gate lie together",
  inputBias: "bias_ih_l0 is missing: both biases are added",
  stateBias: "bias_hh_l0 is missing: both biases are added",
  transposed: "weight_hh_l0 is transposed: each row belongs to one output",
  forgetful: "every step begins at the start state: carry h and c on",
  oldC: "h opens on the old c: use the new one",
  names: "hn and cn are swapped in the return",
} as const;
export type TorchSlip = (typeof torchSlips)[keyof typeof torchSlips];

const transposed = (m: Matrix): Matrix => m[0].map((_, c) => m.map((row) => row[c]));

/** nn.LSTM on plain numbers: its outputs, then hn and cn; with the slips that are made. */
export function torchOver(xs: Vector[], start: State, W: TorchWeights, made: Made<TorchSlip> = () => false): Vector[] {
  const n = start.h.length;
  const places = [0, 1, 2, 3];
  if (made(torchSlips.lastTwo)) places.push(...places.splice(2, 1));
  if (made(torchSlips.firstTwo)) places.unshift(...places.splice(1, 1));
  const blocks = [0, 1, 2, 3].map((k) => W.weight_hh_l0.slice(k * n, (k + 1) * n));
  const Wh = made(torchSlips.transposed) ? blocks.flatMap(transposed) : W.weight_hh_l0;
  let { h, c } = start;
  const output: Vector[] = [];
  for (const x of xs) {
    if (made(torchSlips.forgetful)) ({ h, c } = start);
    const fromInput = matVec(W.weight_ih_l0, x);
    const fromState = matVec(Wh, h);
    const pre = add(
      made(torchSlips.inputBias) ? fromInput : add(fromInput, W.bias_ih_l0),
      made(torchSlips.stateBias) ? fromState : add(fromState, W.bias_hh_l0),
    );
    const row = (place: number, k: number) => (made(torchSlips.interleaved) ? 4 * k + place : place * n + k);
    const [i, f, g, o] = places.map((place) => h.map((_, k) => pre[row(place, k)]));
    const cNext = add(mul(sigmoid(f), c), mul(sigmoid(i), made(torchSlips.allSigmoid) ? sigmoid(g) : tanh(g)));
    h = mul(sigmoid(o), tanh(made(torchSlips.oldC) ? c : cNext));
    c = cNext;
    output.push(h);
  }
  return made(torchSlips.names) ? [...output, c, h] : [...output, h, c];
}

interface Fixture {
  name: string;
  x: Vector[][]; // [seqLen, batchSize, inputSize]
  outputs: Vector[][];
  h0: Vector[][]; // [layers, batchSize, hiddenSize], as c0
  c0: Vector[][];
  finals: [h: Vector[][], c: Vector[][]];
}

const fixtures = new URL("../../fixtures/", import.meta.url);

/** What PyTorch's two-layer nn.LSTM computed for the first sequence of its batch; made by test/fixtures/pytorch_sequences.py. */
export function pytorchTwoLayers() {
  const { nets } = JSON.parse(readFileSync(new URL("pytorch_sequences.json", fixtures), "utf8")) as { nets: Fixture[] };
  const { x, outputs, h0, c0, finals } = nets.find(({ name }) => name === "lstm_2")!;
  const file = readSafetensors(fileURLToPath(new URL("pytorch_lstm_2.safetensors", fixtures)));
  const layers = [0, 1].map((layer) => {
    const { data: input, shape } = file[`weight_ih_l${layer}`];
    const state = file[`weight_hh_l${layer}`];
    const rows = (data: ArrayLike<number>, cols: number): Matrix =>
      Array.from({ length: shape[0] }, (_, r) => Array.from(data).slice(r * cols, (r + 1) * cols));
    const weights: TorchWeights = {
      weight_ih_l0: rows(input, shape[1]),
      weight_hh_l0: rows(state.data, state.shape[1]),
      bias_ih_l0: Array.from(file[`bias_ih_l${layer}`].data),
      bias_hh_l0: Array.from(file[`bias_hh_l${layer}`].data),
    };
    return { weights, h0: h0[layer][0], c0: c0[layer][0], hn: finals[0][layer][0], cn: finals[1][layer][0] };
  });
  return { xs: x.map((batch) => batch[0]), layers, outputs: outputs.map((batch) => batch[0]) };
}
