import fc from "fast-check";
import { LSTMCell, numericGrad, seededRng, type Tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { affine } from "../../../lib/src/tensor/affine.js";

type DType = "float64" | "float32";

function random(rows: number, cols: number, seed: number, dtype: DType, requiresGrad = true): Tensor {
  const rng = seededRng(seed);
  const made = zeros(rows, cols, { dtype, requiresGrad });
  for (let k = 0; k < made.data.length; k++) made.data[k] = rng.normal();
  return made;
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 17 }),
  inputs: fc.integer({ min: 1, max: 9 }),
  states: fc.integer({ min: 1, max: 17 }),
  cols: fc.integer({ min: 1, max: 17 }),
  dtype: fc.constantFrom<DType>("float64", "float32"),
  tracksX: fc.boolean(),
});

describe("affine: x Wx + b + h Wh as one op", () => {
  test("worked by hand", () => {
    const [x, Wx, h, Wh, b] = [[2], [3], [5], [7], [11]].map(([v]) => random(1, 1, 1, "float64").mul(0).add(v));
    expect(affine(x, Wx, h, Wh, b).item()).toBe(2 * 3 + 5 * 7 + 11);
  });

  test("the same bits as the four ops, forward and back, twice through the same weights", () => {
    fc.assert(
      fc.property(sizes, ({ rows, inputs, states, cols, dtype, tracksX }) => {
        const run = (op: typeof affine): number[][] => {
          const x = random(rows, inputs, 1, dtype, tracksX);
          const [Wx, h] = [random(inputs, cols, 2, dtype), random(rows, states, 3, dtype)];
          const [Wh, b] = [random(states, cols, 4, dtype), random(1, cols, 5, dtype)];
          const y = op(x, Wx, h, Wh, b).tanh();
          const z = op(x, Wx, h.mul(2), Wh, b);
          y.mul(z).sum().backward();
          const tracked = [Wx, h, Wh, b, ...(tracksX ? [x] : [])];
          return [y.data, z.data, ...tracked.map(({ grad }) => grad)].map((data) => [...data]);
        };
        expect(run(affine)).toEqual(run((x, Wx, h, Wh, b) => x.matmul(Wx).add(b).add(h.matmul(Wh))));
      }),
      { numRuns: 60 },
    );
  });

  test("its gradient is the numeric one", () => {
    const xs = [random(2, 3, 1, "float64"), random(2, 3, 2, "float64")];
    const cell = new LSTMCell(3, 4, { rng: seededRng(1) });
    const loss = () => unroll(cell, xs)[1].h.sum();
    loss().backward();
    for (const weight of [cell.forgetGate.Wx, cell.candidate.Wh, cell.inputGate.b, xs[0]]) {
      const numeric = numericGrad(() => loss().item(), weight);
      expect([...weight.grad]).toBeAllClose(numeric, { rtol: 1e-6, atol: 1e-8 });
    }
  });
});
