import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  adam,
  adding,
  bidirectional,
  check,
  compile,
  figures,
  fit,
  full,
  gateTraces,
  gradientFlow,
  LSTMCell,
  linear,
  loadWeights,
  matmul,
  mse,
  noGrad,
  readSafetensors,
  saveWeights,
  seededRng,
  show,
  sigmoid,
  stacked,
  tanh,
  tensor,
  unroll,
  writeSafetensors,
  zeros,
} from "unrolled";
import { expect, test } from "vitest";

test("the program that lessons, exercises and outside checks rely on", async () => {
  const rng = seededRng(1);
  const cell = new LSTMCell(2, 32, { rng, forgetBias: 1, dtype: "float32" });
  expect(cell.parameters()["forgetGate.Wx"].shape).toEqual([2, 32]);
  expect(cell.parameters()["forgetGate.Wh"].shape).toEqual([32, 32]);
  expect(cell.parameters()["forgetGate.b"].shape).toEqual([1, 32]);

  const steps = unroll(cell, [tensor([[0.3, 1]]), tensor([[0.7, 0]])]);
  const { h, c, i, f, o, g } = steps[1];
  for (const value of [h, c, i, f, o, g]) expect(value.shape).toEqual([1, 32]);
  steps[1].h.sum().backward();
  expect(cell.forgetGate.Wx.grad).toHaveLength(64);

  const readout = linear(32, 1, { rng });
  const task = adding({ seqLen: 50, batchSize: 32 }, rng);
  expect(task.baselines).toEqual({ mean: 1 / 6, oneMarker: 1 / 12 });
  const model = { cell: compile(cell), readout };
  const optimizer = adam({ learningRate: 1e-2 });
  for await (const p of fit(model, task, { loss: mse, optimizer, clipNorm: 1, steps: 3 })) {
    expect(Object.keys(p).sort()).toEqual(["gradientNorm", "loss", "seconds", "step"]);
  }

  const flow = gradientFlow(cell, task.batch().xs);
  expect([flow.lag.length, flow.norm.length]).toEqual([50, 50]);
  show(figures.gradientFlow({ LSTM: flow }));
  expect(gateTraces(cell, task.batch().xs).f).toHaveLength(32);
  expect(noGrad(() => matmul(sigmoid(zeros(1, 2)), tanh(zeros(2, 1)))).tolist()).toEqual([[0]]);
  expect(check).toBeTypeOf("function");
});

test("nets of layers and PyTorch's weights, as the contract runs them", () => {
  const file = join(mkdtempSync(join(tmpdir(), "contract-")), "weights.safetensors");
  const net = stacked("lstm", 4, 6, { layers: 2, bidirectional: true, dtype: "float64" });
  saveWeights(stacked("lstm", 4, 6, { layers: 2, bidirectional: true, rng: seededRng(5) }), file);
  loadWeights(net, file);
  const stored = readSafetensors(file);
  expect(stored.weight_ih_l1_reverse.shape).toEqual([24, 12]);
  writeSafetensors(file, { ...stored, _lengths: { dtype: "I64", shape: [3], data: Float64Array.of(8, 3, 5) } });
  loadWeights(net, file);

  const xs = Array.from({ length: 8 }, () => full(3, 4, 0.5));
  const { outputs, final } = net.run(xs, { lengths: [8, 3, 5] });
  expect(outputs.map(({ shape }) => shape)).toEqual(Array(8).fill([3, 12]));
  expect([outputs[7].tolist()[1], outputs[7].tolist()[2]]).toEqual([Array(12).fill(0), Array(12).fill(0)]);
  for (const states of [final.h, final.c]) expect(states.map(({ shape }) => shape)).toEqual(Array(4).fill([3, 6]));
  expect(bidirectional(new LSTMCell(4, 6), new LSTMCell(4, 6)).run(xs).outputs[0].shape).toEqual([3, 12]);
  rmSync(dirname(file), { recursive: true });
});
