import { type Cell, GRUCell, LSTMCell, linear, RNNCell, seededRng, type Tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { compile } from "../../../lib/src/compile/compile.js";

const random = (
  rows: number,
  cols: number,
  seed: number,
  dtype: "float32" | "float64",
  requiresGrad = false,
): Tensor => {
  const rng = seededRng(seed);
  const result = zeros(rows, cols, { dtype, requiresGrad });
  for (let k = 0; k < result.data.length; k++) result.data[k] = rng.normal();
  return result;
};
// biome-ignore lint/suspicious/noExplicitAny: any cell will do
type AnyCell = Cell<any, any>;
const off = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const scale = Math.max(1e-30, ...Array.from(b, Math.abs));
  return Math.max(...Array.from(a, (v, k) => Math.abs(v - b[k]))) / scale;
};

function both(cell: AnyCell, T: number, B: number) {
  const xs = Array.from({ length: T }, (_, t) => random(B, cell.inputSize, t, cell.dtype));
  const run = (which: AnyCell, useCompiled: boolean) => {
    const steps = useCompiled ? compile(which).runSequence(xs)! : unroll(which, xs);
    for (const p of Object.values(cell.parameters())) p.zeroGrad();
    let loss = steps[T - 1].h.mul(random(B, cell.hiddenSize, 99, cell.dtype)).sum();
    loss = loss.add(steps[0].h.mul(random(B, cell.hiddenSize, 98, cell.dtype)).sum());
    loss.backward();
    const gradients = Object.fromEntries(Object.entries(cell.parameters()).map(([n, p]) => [n, Array.from(p.grad)]));
    return { steps, gradients, loss: loss.item() };
  };
  return [run(cell, true), run(cell, false)];
}

describe.each(["float64", "float32"] as const)("%s", (dtype) => {
  const limit = dtype === "float64" ? 1e-12 : 1e-5;
  const rng = seededRng(1);
  const cells: Record<string, (d: number, h: number) => AnyCell> = {
    rnn: (d, h) => new RNNCell(d, h, { rng, dtype }),
    relu: (d, h) => new RNNCell(d, h, { rng, dtype, activation: "relu" }),
    lstm: (d, h) => new LSTMCell(d, h, { rng, dtype }),
    gru: (d, h) => new GRUCell(d, h, { rng, dtype }),
    "gru after": (d, h) => new GRUCell(d, h, { rng, dtype, reset: "after" }),
  };
  test.each(Object.keys(cells))("%s", (name) => {
    for (const [d, h, B, T] of [
      [2, 8, 4, 3],
      [3, 5, 2, 4],
      [1, 1, 1, 2],
      [5, 17, 7, 6],
    ]) {
      const [a, b] = both(cells[name](d, h), T, B);
      for (const key of Object.keys(b.steps[0])) {
        for (let t = 0; t < T; t++)
          expect([name, key, t, d, h, off(a.steps[t][key].data, b.steps[t][key].data) < limit]).toEqual([
            name,
            key,
            t,
            d,
            h,
            true,
          ]);
      }
      for (const key of Object.keys(b.gradients)) {
        expect([name, key, d, h, B, off(a.gradients[key], b.gradients[key])]).toEqual([
          name,
          key,
          d,
          h,
          B,
          expect.closeTo(0, dtype === "float64" ? 11 : 4),
        ]);
      }
    }
  });
});
