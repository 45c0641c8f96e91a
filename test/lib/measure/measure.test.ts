import {
  eigenvalues,
  GRUCell,
  gateTraces,
  gradientFlow,
  LSTMCell,
  largestSingularValue,
  matchedHiddenSize,
  numericGrad,
  orthogonal,
  parameterCount,
  quantile,
  RNNCell,
  seededRng,
  singularValues,
  spectralRadius,
  type Tensor,
  tensor,
  unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";

const inputs = (seqLen: number, batchSize = 2): Tensor[] => {
  const rng = seededRng(5);
  return Array.from({ length: seqLen }, () =>
    tensor(Array.from({ length: batchSize }, () => [rng.normal(), rng.normal()])),
  );
};

describe("gradientFlow", () => {
  test("equals the product of Jacobians diag(1 − h²) Whᵀ, multiplied out by hand", () => {
    const cell = new RNNCell(2, 3, { rng: seededRng(1) });
    const xs = inputs(5, 1);
    const { lag, norm } = gradientFlow(cell, xs);
    const hs = unroll(cell, xs).map(({ h }) => h.data);
    const W = cell.hidden.Wh.tolist();
    let gradient = [1, 1, 1];
    const expected = [Math.sqrt(3)];
    for (let t = 4; t > 0; t--) {
      const local = gradient.map((g, j) => g * (1 - hs[t][j] ** 2));
      gradient = W.map((row) => row.reduce((s, w, j) => s + w * local[j], 0));
      expected.push(Math.hypot(...gradient));
    }
    expect(lag).toEqual([0, 1, 2, 3, 4]);
    expect(norm).toBeAllClose(expected, { rtol: 1e-12 });
  });

  test("an LSTM also tells the gradient at its cell state, which is the product of its forget gates when the gates see no h", () => {
    const cell = new LSTMCell(2, 3, { rng: seededRng(1), forgetBias: 2 });
    for (const gate of [cell.inputGate, cell.forgetGate, cell.outputGate, cell.candidate]) gate.Wh.data.fill(0);
    const xs = inputs(6, 1);
    const { cellNorm } = gradientFlow(cell, xs);
    const steps = unroll(cell, xs);
    let gradient = Array.from(steps[5].o.data, (o, j) => o * (1 - Math.tanh(steps[5].c.data[j]) ** 2));
    const expected = [Math.hypot(...gradient)];
    for (let t = 5; t > 0; t--) {
      gradient = gradient.map((g, j) => g * steps[t].f.data[j]);
      expected.push(Math.hypot(...gradient));
    }
    expect(cellNorm).toBeAllClose(expected, { rtol: 1e-12 });
  });

  test("leaves the parameters' gradients at zero, and takes another loss", () => {
    const cell = new GRUCell(2, 3, { rng: seededRng(1) });
    const { norm } = gradientFlow(cell, inputs(4), { loss: (h) => h.mul(h).sum() });
    expect(Math.max(...cell.updateGate.Wx.grad.map(Math.abs))).toBe(0);
    expect(norm[0]).not.toBeCloseTo(Math.sqrt(3), 3);
    expect(() => gradientFlow(cell, inputs(2), { lose: 1 } as object)).toThrow(
      'gradientFlow: unknown option "lose"; did you mean loss?',
    );
  });
});

test("gateTraces: every gate and state, unit by unit, of the chosen sequence", () => {
  const cell = new LSTMCell(2, 3, { rng: seededRng(1) });
  const xs = inputs(4);
  const traces = gateTraces(cell, xs, { sequence: 1 });
  expect(Object.keys(traces).sort()).toEqual(["c", "f", "g", "h", "i", "o"]);
  expect(traces.f[2][3]).toBe(unroll(cell, xs)[3].f.tolist()[1][2]);
  expect([traces.c.length, traces.c[0].length]).toEqual([3, 4]);
});

describe("spectrum", () => {
  test("a rotation by 0.3, stretched by 0.9, has the eigenvalues 0.9 e^±0.3i", () => {
    const [c, s] = [0.9 * Math.cos(0.3), 0.9 * Math.sin(0.3)];
    const W = tensor([
      [c, -s],
      [s, c],
    ]);
    expect(spectralRadius(W)).toBeCloseTo(0.9, 12);
    expect(eigenvalues(W).map(({ im }) => Math.abs(im))).toBeAllClose([s, s], { rtol: 1e-10 });
  });
  test("a shear stretches far beyond its spectral radius", () => {
    const W = tensor([
      [0.5, 3],
      [0, 0.5],
    ]);
    expect(spectralRadius(W)).toBeCloseTo(0.5, 6);
    expect(largestSingularValue(W)).toBeCloseTo((3 + Math.sqrt(10)) / 2, 12);
  });
  test("of a cell's own weights: the eigenvalues add up to the trace and multiply to the product of the stretches", () => {
    const { Wh } = new RNNCell(2, 32, { rng: seededRng(1) }).hidden;
    const values = eigenvalues(Wh);
    const trace = values.reduce((sum, { re }) => sum + re, 0);
    expect(trace).toBeCloseTo(
      Wh.tolist().reduce((sum, row, k) => sum + row[k], 0),
      10,
    );
    const logs = (all: number[]): number => all.reduce((sum, v) => sum + Math.log(v), 0);
    expect(logs(values.map(({ re, im }) => Math.hypot(re, im)))).toBeCloseTo(logs(singularValues(Wh)), 8);
    expect(spectralRadius(Wh)).toBeLessThan(largestSingularValue(Wh));
  });
  test("an orthogonal matrix stretches nothing", () => {
    const W = orthogonal(1.2)(8, 8, seededRng(1));
    expect(spectralRadius(W)).toBeCloseTo(1.2, 10);
    expect(largestSingularValue(W)).toBeCloseTo(1.2, 10);
  });
});

test("numericGrad: the derivative of a cube, and the parameter is as before", () => {
  const w = tensor([[2]]);
  expect(numericGrad(() => w.data[0] ** 3, w)).toBeAllClose([12], { rtol: 1e-8 });
  expect(w.data[0]).toBe(2);
});

test("parameterCount: RNN H(D + H + 1), LSTM four times that, GRU three times", () => {
  const count = 5 * (2 + 5 + 1);
  expect(parameterCount(new RNNCell(2, 5))).toBe(count);
  expect(parameterCount(new LSTMCell(2, 5))).toBe(4 * count);
  expect(parameterCount(new GRUCell(2, 5))).toBe(3 * count);
  expect(parameterCount(new GRUCell(2, 5, { reset: "after" }))).toBe(3 * count + 5);
});

test("matchedHiddenSize: the RNN that comes closest to an LSTM's number of weights", () => {
  const target = parameterCount(new LSTMCell(2, 32)); // 4480
  const size = matchedHiddenSize((hiddenSize) => new RNNCell(2, hiddenSize), target);
  expect(size).toBe(65); // 65·68 = 4420; 66·69 = 4554
});

test("quantile: interpolates between neighbours", () => {
  expect([0, 0.25, 0.5, 1].map((q) => quantile([4, 1, 3, 2], q))).toEqual([1, 1.75, 2.5, 4]);
});
