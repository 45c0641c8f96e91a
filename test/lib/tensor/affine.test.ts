import fc from "fast-check";
import { LSTMCell, numericGrad, seededRng, type Tensor, tensor, unroll, zeros } from "unrolled";
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
  hasState: fc.boolean(),
});

type Affine = typeof affine;
const apart: Affine = (x, W, b, state) => {
  const ofInput = x.matmul(W).add(b);
  return state ? ofInput.add(state.h.matmul(state.Wh)) : ofInput;
};

describe("affine: x W + b + h Wh as one op", () => {
  test("worked by hand", () => {
    const [x, W, h, Wh, b] = [2, 3, 5, 7, 11].map((v) => tensor([[v]]));
    expect(affine(x, W, b).item()).toBe(2 * 3 + 11);
    expect(affine(x, W, b, { h, Wh }).item()).toBe(2 * 3 + 11 + 5 * 7);
  });

  test("the same bits as its parts, forward and back, twice through the same weights", () => {
    fc.assert(
      fc.property(sizes, ({ rows, inputs, states, cols, dtype, tracksX, hasState }) => {
        const run = (op: Affine): number[][] => {
          const x = random(rows, inputs, 1, dtype, tracksX);
          const [W, h] = [random(inputs, cols, 2, dtype), random(rows, states, 3, dtype)];
          const [Wh, b] = [random(states, cols, 4, dtype), random(1, cols, 5, dtype)];
          const y = op(x, W, b, hasState ? { h, Wh } : undefined).tanh();
          const z = op(x, W, b, hasState ? { h: h.mul(2), Wh } : undefined);
          y.mul(z).sum().backward();
          const tracked = [W, h, Wh, b, ...(tracksX ? [x] : [])];
          return [y.data, z.data, ...tracked.map(({ grad }) => grad)].map((data) => [...data]);
        };
        expect(run(affine)).toEqual(run(apart));
      }),
      { numRuns: 80 },
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
