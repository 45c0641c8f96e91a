import { readFileSync } from "node:fs";
import type { Gate, State, Weights } from "./lstm.js";
import type { Matrix, Vector } from "./vectors.js";

interface Fixture {
  kind: string;
  parameters: Record<"weight_ih_l0" | "weight_hh_l0", Matrix> & Record<"bias_ih_l0" | "bias_hh_l0", Vector>;
  x: Vector[][]; // [seqLen, batchSize, inputSize]
  outputs: Vector[][];
  h0: Vector[];
  c0: Vector[];
  finalC: Vector[];
}

/** What PyTorch's nn.LSTM computed for the first sequence of its batch; made by test/fixtures/pytorch_cells.py. */
export function pytorchLSTM(): { xs: Vector[]; start: State; weights: Weights; hs: Vector[]; finalC: Vector } {
  const file = new URL("../../fixtures/pytorch_cells.json", import.meta.url);
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Fixture[] };
  const { parameters, x, outputs, h0, c0, finalC } = cells.find(({ kind }) => kind === "lstm")!;
  const { weight_ih_l0: Wx, weight_hh_l0: Wh, bias_ih_l0: bx, bias_hh_l0: bh } = parameters;
  const size = bx.length / 4;
  const gate = (place: number): Gate => {
    const rows = Array.from({ length: size }, (_, k) => place * size + k);
    return { W: rows.map((row) => [...Wh[row], ...Wx[row]]), b: rows.map((row) => bx[row] + bh[row]) };
  };
  const first = <T>(batches: T[][]): T[] => batches.map((batch) => batch[0]);
  return {
    xs: first(x),
    start: { h: h0[0], c: c0[0] },
    weights: { input: gate(0), forget: gate(1), candidate: gate(2), output: gate(3) }, // PyTorch's order: i f g o
    hs: first(outputs),
    finalC: finalC[0],
  };
}
