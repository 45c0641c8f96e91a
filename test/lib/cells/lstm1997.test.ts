import { full, LSTM1997Cell, linear, parameterCount, seededRng, type Tensor, tensor, unroll, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";
import { filled } from "./kinds.js";

test("LSTM1997Cell.step: one block of two cells, worked by hand", () => {
  const cell = filled(new LSTM1997Cell(1, 2, { cellsPerBlock: 2 }), {
    inputGate: { Wx: 0.5, Wh: [1, 2, -1, 3], b: 0.1 },
    outputGate: { Wx: -1, Wh: [0, 0, 2, -2] },
    candidate: { Wx: [1, -1], Wh: [1, 0, 0, 1, 0, 0, 0, 2], b: [0, 0.5] },
  });
  const { i, o, g, c, h } = cell.step(tensor([[1]]), {
    h: tensor([[0.5, -0.25]]),
    c: tensor([[1, -1]]),
    i: full(1, 2, 0.5),
    o: full(1, 2, 0.25),
  });
  // it reads u = [0.5, −0.25, 0.5, 0.25]: two cells, the block's input gate, its output gate.
  // pre-activations: i 0.5 + 0.5 − 0.5 − 0.5 + 0.75 + 0.1 = 0.85;  o −1 + 1 − 0.5 = −0.5;
  //                  g 1 + 0.5 = 1.5  and  −1 − 0.25 + 2·0.25 + 0.5 = −0.25
  expect(i).toBeAllClose([[0.7005671424739729, 0.7005671424739729]], { rtol: 1e-14 });
  expect(o).toBeAllClose([[0.3775406687981454, 0.3775406687981454]], { rtol: 1e-14 });
  expect(g).toBeAllClose([[1.2702979047745746, -0.24870600354319228]], { rtol: 1e-13 }); // 4σ − 2
  expect(c).toBeAllClose([[1.8899289732385987, -1.174235254218376]], { rtol: 1e-13 }); // c + i·g
  expect(h).toBeAllClose([[0.27843430413205433, -0.19927329264642787]], { rtol: 1e-13 }); // o (2σ(c) − 1)
});

test.each([
  ["adding", { inputs: 2, blocks: 2, outputs: 1 }, 93],
  ["temporal order 6a", { inputs: 8, blocks: 2, outputs: 4 }, 156],
  ["temporal order 6b", { inputs: 8, blocks: 3, outputs: 8 }, 308],
] as const)("LSTM1997Cell: the paper's net for %s has as many weights as the paper says", (_, sizes, count) => {
  const cell = new LSTM1997Cell(sizes.inputs, 2 * sizes.blocks, { cellsPerBlock: 2 });
  expect(parameterCount(cell) + parameterCount(linear(cell.hiddenSize, sizes.outputs))).toBe(count);
});

test("LSTM1997Cell: with the input gate shut the cell state stays for good; its gradient is 1 at any distance", () => {
  const cell = new LSTM1997Cell(2, 4, { cellsPerBlock: 2, inputGateBias: -60, rng: seededRng(1) });
  const c = tensor([[1, -2, 3, -4]], { requiresGrad: true });
  const steps = unroll(cell, Array(200).fill(full(1, 2, 1)), { ...cell.initialState(1), c });
  expect(steps[199].c).toBeAllClose(c.tolist());
  steps[199].c.sum().backward();
  expect(c.grad).toBeAllClose([1, 1, 1, 1]);
});

test("LSTM1997Cell: nothing is ever erased, so an open input gate fills the cell without bound", () => {
  const cell = filled(new LSTM1997Cell(1, 1), { inputGate: { b: 50 }, outputGate: { b: 50 }, candidate: { b: 50 } });
  const last = unroll(cell, Array(100).fill(zeros(1, 1))).at(-1)!;
  expect(last.c.item()).toBeCloseTo(200, 9); // 2 a step: the candidate's upper end
  expect(last.h.item()).toBeCloseTo(1, 12);
});

describe("LSTM1997Cell, gradients not truncated: equal central differences", () => {
  const init = { rng: seededRng(7) };
  holdGradients(() => new LSTM1997Cell(2, 4, { ...init, cellsPerBlock: 2, truncated: false }));
  holdGradients(() => new LSTM1997Cell(2, 3, { ...init, truncated: false }));
});

/** The numbers of a step's tensor for the only sequence of the batch. */
const row = (x: Tensor): number[] => x.tolist()[0];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const ofSigmoid = (y: number): number => y * (1 - y); // σ′, from σ

test("LSTM1997Cell: truncated gradients are those the paper carries forward, step by step (appendix A.1)", () => {
  const [inputSize, cells, perBlock] = [2, 4, 2];
  const cell = new LSTM1997Cell(inputSize, cells, {
    cellsPerBlock: perBlock,
    rng: seededRng(3),
    inputGateBias: [-1, 1],
  });
  const rng = seededRng(4);
  for (const { data } of Object.values(cell.parameters()))
    for (let k = 0; k < data.length; k++) data[k] += rng.normal() / 2;
  const xs = Array.from({ length: 7 }, () => tensor([[rng.normal(), rng.normal()]]));
  const errors = xs.map(() => Array.from({ length: cells }, () => rng.normal())); // ∂loss/∂hₜ from outside, at every step
  const steps = unroll(cell, xs);
  const losses = steps.map(({ h }, t) => h.mul(tensor([errors[t]])).sum());
  losses.reduce((sum, loss) => sum.add(loss)).backward();

  // ∂c/∂w of every cell with respect to its candidate's and its input gate's weights, kept from step to step
  const sources = inputSize + cells + 4 + 1; // x, u, and 1 for the bias
  const table = (rows: number): number[][] => Array.from({ length: rows }, () => Array(sources).fill(0));
  const [byCandidate, byInputGate] = [table(cells), table(cells)];
  const gradient = { candidate: table(cells), inputGate: table(2), outputGate: table(2) };
  for (const [t, step] of steps.entries()) {
    const before = t > 0 ? steps[t - 1] : undefined;
    const firstOf = (gate: number[]): number[] => [gate[0], gate[perBlock]];
    const u = before ? [...row(before.h), ...firstOf(row(before.i)), ...firstOf(row(before.o))] : Array(8).fill(0);
    const source = [...row(xs[t]), ...u, 1];
    const [i, o, g, c] = [step.i, step.o, step.g, step.c].map(row);
    for (let j = 0; j < cells; j++) {
      const block = Math.floor(j / perBlock);
      const squashed = 2 * sigmoid(c[j]) - 1;
      const intoCell = errors[t][j] * o[j] * 2 * ofSigmoid(sigmoid(c[j]));
      for (let s = 0; s < sources; s++) {
        byCandidate[j][s] += i[j] * 4 * ofSigmoid((g[j] + 2) / 4) * source[s];
        byInputGate[j][s] += g[j] * ofSigmoid(i[j]) * source[s];
        gradient.candidate[j][s] += intoCell * byCandidate[j][s];
        gradient.inputGate[block][s] += intoCell * byInputGate[j][s];
        gradient.outputGate[block][s] += errors[t][j] * squashed * ofSigmoid(o[j]) * source[s];
      }
    }
  }
  for (const [gate, expected] of Object.entries(gradient)) {
    const { Wx, Wh, b } = cell[gate as keyof typeof gradient];
    const perUnit = (W: Tensor, from: number): number[] =>
      Array.from(W.grad, (_, k) => expected[k % W.cols][from + Math.floor(k / W.cols)]);
    expect(Wx.grad).toBeAllClose(perUnit(Wx, 0), { rtol: 1e-12 });
    expect(Wh.grad).toBeAllClose(perUnit(Wh, inputSize), { rtol: 1e-12, atol: 1e-14 });
    expect(b.grad).toBeAllClose(perUnit(b, sources - 1), { rtol: 1e-12 });
  }
});

test("LSTM1997Cell: truncated, no gradient goes back through h or the gates; not truncated, it does", () => {
  const through = (truncated: boolean): number[] => {
    const cell = new LSTM1997Cell(1, 2, { rng: seededRng(1), truncated });
    const state = { h: 0.5, c: 0, i: 0.5, o: 0.5 };
    const tracked = Object.entries(state).map(([name, value]) => [name, full(1, 2, value, { requiresGrad: true })]);
    const { h, c, i, o } = Object.fromEntries(tracked) as Record<keyof typeof state, Tensor>;
    cell
      .step(full(1, 1, 1), { h, c, i, o })
      .h.sum()
      .backward();
    return [h, i, o, c].map(({ grad }) => Math.max(...grad.map(Math.abs)));
  };
  const [h, i, o, c] = through(true);
  expect([h, i, o]).toEqual([0, 0, 0]);
  expect(c).toBeGreaterThan(0.1);
  for (const size of through(false)) expect(size).toBeGreaterThan(1e-4);
});

test("LSTM1997Cell: biases one per block, weights in ±0.1", () => {
  const cell = new LSTM1997Cell(20, 4, { cellsPerBlock: 2, inputGateBias: [-3, -6], outputGateBias: -1 });
  expect([cell.inputGate.b, cell.outputGate.b, cell.candidate.b].map(row)).toEqual([
    [-3, -6],
    [-1, -1],
    [0, 0, 0, 0],
  ]);
  expect(new LSTM1997Cell(1, 2).inputGate.b.tolist()).toEqual([[0, 0]]);
  for (const W of [cell.candidate.Wx, cell.inputGate.Wh]) {
    const most = Math.max(...W.data.map(Math.abs));
    expect(most).toBeLessThan(0.1);
    expect(most).toBeGreaterThan(0.07);
  }
});

test("LSTM1997Cell: refuses what does not fit", () => {
  const cell = new LSTM1997Cell(3, 2);
  const state = cell.initialState(2);
  expect(() => cell.step(zeros(2, 5), state)).toThrow("x must be [batchSize, 3], got [2, 5]");
  expect(() => cell.step(zeros(4, 3), state)).toThrow("h must be [4, 2], got [2, 2]");
  for (const name of ["c", "i", "o"]) {
    expect(() => cell.step(zeros(2, 3), { ...state, [name]: zeros(2, 1) })).toThrow(
      `${name} must be [2, 2], got [2, 1]`,
    );
  }
  expect(() => new LSTM1997Cell(3, 0)).toThrow("LSTM1997Cell: hiddenSize must be an integer >= 1, got 0");
  expect(() => new LSTM1997Cell(3, 4, { cellsPerBlock: 0 })).toThrow(
    "LSTM1997Cell: cellsPerBlock must be an integer >= 1, got 0",
  );
  expect(() => new LSTM1997Cell(3, 5, { cellsPerBlock: 2 })).toThrow(
    "LSTM1997Cell: hiddenSize must be a multiple of cellsPerBlock 2, got 5",
  );
  expect(() => new LSTM1997Cell(3, 4, { inputGateBias: [-1, -2] })).toThrow(
    "LSTM1997Cell: inputGateBias must be a number or one per block, 4, got an array of 2",
  );
  expect(() => new LSTM1997Cell(3, 2, { outputGateBias: Number.NaN })).toThrow(
    "LSTM1997Cell: outputGateBias must be a finite number, got NaN",
  );
  expect(() => new LSTM1997Cell(3, 2, { forgetBias: 1 } as object)).toThrow(
    'LSTM1997Cell: unknown option "forgetBias"',
  );
});
