import {
  cellPath,
  checkGradients,
  connectivity,
  forgetGateAt,
  GRUCell,
  gradientFlow,
  halfLife,
  jacobian,
  LSTMCell,
  linear,
  matmul,
  RNNCell,
  saturation,
  seededRng,
  singularValues,
  stepsUntil,
  successRate,
  type Tensor,
  tensor,
  unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";

const inputs = (seqLen: number, batchSize = 1): Tensor[] => {
  const rng = seededRng(5);
  const row = (): number[] => [rng.normal(), rng.normal()];
  return Array.from({ length: seqLen }, () => tensor(Array.from({ length: batchSize }, row)));
};

describe("jacobian", () => {
  test("of a vanilla RNN is the product of Whh diag(1 − h²)", () => {
    const cell = new RNNCell(2, 3, { rng: seededRng(1) });
    const xs = inputs(3);
    const W = cell.hidden.Wh.detach();
    const factors = unroll(cell, xs).map(({ h }) => W.mul(h.mul(h).mul(-1).add(1).detach()));
    expect(jacobian(cell, xs)).toBeAllClose(factors.reduce(matmul).tolist(), { rtol: 1e-12 });
    expect(jacobian(cell, xs, { from: 0, to: 1 })).toBeAllClose(factors[1].tolist(), { rtol: 1e-12 });
  });

  test("of a cell state, when the gates see no h, is the product of the forget gates", () => {
    const cell = new LSTMCell(2, 2, { rng: seededRng(1) });
    for (const gate of [cell.inputGate, cell.forgetGate, cell.outputGate, cell.candidate]) gate.Wh.data.fill(0);
    const xs = inputs(4);
    const [a, b] = [0, 1].map((unit) => unroll(cell, xs).reduce((product, { f }) => product * f.data[unit], 1));
    expect(jacobian(cell, xs, { of: "c" })).toBeAllClose([[a, 0], [0, b]], { rtol: 1e-12 }); // biome-ignore format: a matrix
  });

  test("refuses a step that is not there and a state that the cell does not have", () => {
    const cell = new GRUCell(2, 3);
    expect(() => jacobian(cell, inputs(3), { to: 3 })).toThrow("jacobian: to must be a step before 3, got 3");
    expect(() => jacobian(cell, inputs(3), { of: "c" })).toThrow("jacobian: this cell's state has no c");
    expect(() => jacobian(cell, inputs(3, 2))).toThrow("jacobian: xs must be [1, 2], got [2, 2]");
  });
});

test("singularValues: of a stretched and rotated square, largest first", () => {
  expect(singularValues(tensor([[0, -3], [0.5, 0]]))).toBeAllClose([3, 0.5], { rtol: 1e-12 }); // biome-ignore format: a matrix
});

test("cellPath: is the whole gradient when the gates see no h, and less than it otherwise", () => {
  const cell = new LSTMCell(2, 4, { rng: seededRng(1) });
  const xs = inputs(8, 3);
  expect(cellPath(cell, xs).norm[7]).not.toBeCloseTo(gradientFlow(cell, xs).cellNorm![7], 6);
  for (const gate of [cell.inputGate, cell.forgetGate, cell.outputGate, cell.candidate]) gate.Wh.data.fill(0);
  expect(cellPath(cell, xs).norm).toBeAllClose(gradientFlow(cell, xs).cellNorm, { rtol: 1e-12 });
});

test("forget-bias physics: σ(b)¹⁰⁰ and half-lives at b = 0, 1, 2, 5", () => {
  const biases = [0, 1, 2, 5];
  expect(biases.map((b) => Number((forgetGateAt(b) ** 100).toPrecision(1)))).toEqual([8e-31, 2e-14, 3e-6, 0.5]);
  expect(biases.map((b) => Number(halfLife(forgetGateAt(b)).toFixed(1)))).toEqual([1, 2.2, 5.5, 103.2]);
  expect([halfLife(1), halfLife(0)]).toEqual([Number.POSITIVE_INFINITY, 0]);
  expect(() => halfLife(1.1)).toThrow("halfLife: f must be in [0, 1], got 1.1");
});

test("stepsUntil: a thousandth is left after 10, 66 and 688 steps at 0.5, 0.9 and 0.99", () => {
  expect([0.5, 0.9, 0.99].map((f) => Math.ceil(stepsUntil(1e-3, f)))).toEqual([10, 66, 688]);
});

test("saturation: the shares of steps at which a gate is shut and open", () => {
  expect(
    saturation([
      [0.05, 0.5, 0.95, 0.99],
      [0.5, 0.5, 0.5, 0.5],
    ]),
  ).toEqual([
    { shut: 0.25, open: 0.5 },
    { shut: 0, open: 0 },
  ]);
});

describe("connectivity", () => {
  test("in a network that copies its last input only, only the last input matters", () => {
    const cell = new RNNCell(2, 2, { rng: seededRng(1) });
    cell.hidden.Wh.data.fill(0);
    const mattered = connectivity({ cell, readout: linear(2, 3, { rng: seededRng(2) }) }, inputs(4));
    expect(mattered.slice(0, 3)).toEqual([0, 0, 0]);
    expect(mattered[3]).toBeGreaterThan(0.01);
  });
  test("is the length of the numeric gradient", () => {
    const model = { cell: new LSTMCell(2, 3, { rng: seededRng(1) }), readout: linear(3, 2, { rng: seededRng(2) }) };
    const xs = inputs(3);
    const logit = (nudge: number, d: number): number => {
      const moved = xs.map((x, s) => (s === 1 ? tensor([x.tolist()[0].map((v, k) => (k === d ? v + nudge : v))]) : x));
      return model.readout.of(unroll(model.cell, moved)[2].h).data[1];
    };
    const slopes = [0, 1].map((d) => (logit(1e-5, d) - logit(-1e-5, d)) / 2e-5);
    expect(connectivity(model, xs, { output: 1 })[1]).toBeCloseTo(Math.hypot(...slopes), 8);
  });
});

test("successRate: Wilson's interval, at its published example 5 of 5 and at the ends", () => {
  const round = (v: number): number => Number(v.toFixed(3));
  expect(Object.values(successRate(5, 5)).map(round)).toEqual([1, 0.566, 1]);
  expect(Object.values(successRate(0, 10)).map(round)).toEqual([0, 0, 0.278]);
  expect(Object.values(successRate(8, 10)).map(round)).toEqual([0.8, 0.49, 0.943]);
  expect(() => successRate(6, 5)).toThrow("successRate: successes must be at most 5, got 6");
});

describe("checkGradients", () => {
  const cell = new LSTMCell(2, 3, { rng: seededRng(1) });
  const loss = (): Tensor => unroll(cell, inputs(3)).at(-1)!.h.sum();

  test("finds nothing wrong with a right backward pass", () => {
    expect(checkGradients(loss, cell.parameters()).error).toBeLessThan(1e-8);
  });
  test("names the entry that is wrong", () => {
    const wrong = cell.forgetGate.Wh;
    const sabotaged = (): Tensor => {
      const value = loss();
      const backward = value.backward.bind(value);
      value.backward = () => {
        backward();
        wrong.grad[5] += 0.1;
      };
      return value;
    };
    expect(checkGradients(sabotaged, cell.parameters()).entry).toBe("forgetGate.Wh[1][2]");
  });
});
