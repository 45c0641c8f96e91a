import { adding, compile, fit, full, GRUCell, gradientFlow, LSTMCell, linear, mse, seededRng } from "unrolled";
import { describe, expect, test } from "vitest";
import { batchLoss } from "../../../lib/src/training/model.js";
import { type AnyCell, apart, type DType, random } from "./helpers.js";

describe("what is measured and trained on a compiled cell is what is on the cell", () => {
  const task = () => adding({ seqLen: 12, batchSize: 8 }, seededRng(4));

  test.each([new LSTMCell(2, 6), new GRUCell(2, 6)])("gradientFlow, %s", (cell) => {
    const { xs } = task().batch();
    const [ours, tape] = [gradientFlow(compile(cell as AnyCell), xs), gradientFlow(cell as AnyCell, xs)];
    expect(ours.lag).toEqual(tape.lag);
    expect(ours.norm).toBeAllClose(tape.norm, { rtol: 1e-12 });
    if (tape.cellNorm) expect(ours.cellNorm).toBeAllClose(tape.cellNorm, { rtol: 1e-12 });
  });

  test("20 steps of fit: compiled float32 and float64 op by op lose alike, within 1e-4", async () => {
    const losses = async (dtype: DType, fused: boolean) => {
      const cell = new LSTMCell(2, 16, { rng: seededRng(1), dtype });
      const model = {
        cell: (fused ? compile(cell) : cell) as AnyCell,
        readout: linear(16, 1, { rng: seededRng(2), dtype }),
      };
      const seen: number[] = [];
      for await (const { loss } of fit(model, task(), { steps: 20, clipNorm: 1 })) seen.push(loss);
      return seen;
    };
    const reference = await losses("float64", false);
    expect(await losses("float64", true)).toBeAllClose(reference, { rtol: 1e-10 });
    expect(await losses("float32", true)).toBeAllClose(reference, { rtol: 1e-4 });
    expect(await losses("float32", false)).toBeAllClose(reference, { rtol: 1e-4 });
  });

  test("a loss at every step, with and without a mask", async () => {
    const { xs } = task().batch();
    const targets = xs.map((_, t) => random(8, 1, t, { dtype: "float64" }));
    const mask = xs.map((_, t) => full(8, 1, t % 2));
    for (const batch of [
      { xs, targets },
      { xs, targets, mask },
    ]) {
      const cell = new LSTMCell(2, 6, { rng: seededRng(1) });
      const losses = [compile(cell) as AnyCell, cell].map((which) => {
        const readout = linear(6, 1, { rng: seededRng(2) });
        for (const weight of Object.values(cell.parameters())) weight.zeroGrad();
        const cost = batchLoss({ cell: which, readout }, batch, mse);
        cost.backward();
        return [cost.item(), ...cell.forgetGate.Wh.grad];
      });
      expect(apart(losses[0], losses[1])).toBeLessThan(1e-12);
    }
  });
});
