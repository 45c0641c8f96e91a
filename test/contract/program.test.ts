import * as unrolled from "unrolled";
import {
  adam,
  adding,
  check,
  figures,
  fit,
  gateTraces,
  gradientFlow,
  LSTMCell,
  linear,
  matmul,
  mse,
  noGrad,
  seededRng,
  show,
  sigmoid,
  tanh,
  tensor,
  unroll,
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
  const model = { cell, readout };
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

test.each(["compile", "stacked", "bidirectional", "loadWeights", "saveWeights", "readSafetensors", "writeSafetensors"])(
  "%s is named by the contract and not there yet: move it into the program above when it lands",
  (name) => {
    expect(unrolled).not.toHaveProperty(name);
  },
);
