// The plain-array references of lessons 11 to 13 against the library, which is held against PyTorch elsewhere.
import { bidirectional, connectivity, dotProductAttention, linear, RNNCell, softmax, stacked, tensor } from "unrolled";
import { expect, test } from "vitest";
import { Draw } from "../../../lib/src/exercise/draw.js";
import "../../matchers.js";
import { attendOver } from "./attention.js";
import { inputSlopes, softmaxOf } from "./language.js";
import { bidirectionalOver, type CellWeights, stackedOver } from "./layers.js";
import type { Matrix, Vector } from "./vectors.js";

const draw = new Draw("references");
const transposed = (m: Matrix): Matrix => m[0].map((_, c) => m.map((row) => row[c]));
const weights = (): CellWeights => ({ Wx: draw.matrix(3, 3), Wh: draw.matrix(3, 3), b: draw.vector(3) });
const rows = (xs: Vector[]) => xs.map((x) => tensor([x]));

function load(cell: { parameters(): Record<string, { data: { set(values: number[]): void } }> }, w: CellWeights): void {
  const { "hidden.Wx": Wx, "hidden.Wh": Wh, "hidden.b": b } = cell.parameters();
  Wx.data.set(transposed(w.Wx).flat());
  Wh.data.set(transposed(w.Wh).flat());
  b.data.set(w.b);
}

test("stackedOver: the outputs and final states of the library's stacked net", () => {
  const [xs, layers] = [draw.matrix(5, 3), [weights(), weights(), weights()]];
  const net = stacked("rnn", 3, 3, { layers: 3 });
  for (const [k, cell] of net.cells.entries()) load(cell, layers[k]);
  const { outputs, final } = net.run(rows(xs));
  const ours = stackedOver(xs, layers);
  expect(outputs.map((h) => h.tolist()[0])).toBeAllClose(ours.outputs);
  expect(final.h.map((h) => h.tolist()[0])).toBeAllClose(ours.final);
});

test.each([1, 3, 6])("bidirectionalOver: the library's outputs for a sequence of %i steps of 6", (length) => {
  const [xs, both] = [draw.matrix(6, 3), { forward: weights(), backward: weights() }];
  const [there, back] = [new RNNCell(3, 3), new RNNCell(3, 3)];
  load(there, both.forward);
  load(back, both.backward);
  const { outputs } = bidirectional(there, back).run(rows(xs), { lengths: [length] });
  expect(outputs.map((h) => h.tolist()[0])).toBeAllClose(bidirectionalOver(xs, length, both));
});

test("attendOver: the library's dot-product attention, padding out of sight", () => {
  const [queries, hs] = [draw.matrix(2, 3), draw.matrix(5, 3)];
  const ours = attendOver(queries, hs, 4);
  for (const [k, query] of queries.entries()) {
    const { weights: shares, context } = dotProductAttention().of(tensor([query]), rows(hs), { lengths: [4] });
    expect(shares.tolist()[0]).toBeAllClose(ours.weights[k]);
    expect(context.tolist()[0]).toBeAllClose(ours.contexts[k]);
  }
});

test("softmaxOf: the library's softmax of the divided logits", () => {
  const logits = draw.vector(6);
  expect(softmaxOf(logits, 0.7)).toBeAllClose(softmax(tensor([logits.map((z) => z / 0.7)])).tolist()[0]);
});

test("inputSlopes: their lengths are the library's connectivity", () => {
  const [xs, w, readout] = [draw.matrix(5, 3), { ...weights(), b: [0, 0, 0] }, draw.vector(3)];
  const cell = new RNNCell(3, 3);
  load(cell, w);
  const layer = linear(3, 1);
  layer.W.data.set(readout);
  const lengths = inputSlopes(xs, { ...w, readout }).map((slopes) => Math.hypot(...slopes));
  expect(connectivity({ cell, readout: layer }, rows(xs))).toBeAllClose(lengths);
});
