import {
  adam,
  adding,
  bidirectional,
  concatRows,
  crossEntropy,
  evaluate,
  fit,
  full,
  gatherRows,
  LSTMCell,
  linear,
  mse,
  noGrad,
  predict,
  predictSteps,
  RNNCell,
  seededRng,
  stacked,
  stateful,
  type Tensor,
  tensor,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { type Batch, batchLoss } from "../../../lib/src/training/model.js";

const rng = seededRng(1);
const random = (rows: number, cols: number): Tensor =>
  tensor(Array.from({ length: rows }, () => Array.from({ length: cols }, () => rng.normal())));
const xs = Array.from({ length: 4 }, () => random(3, 2));
const targets = Array.from({ length: 4 }, () => random(3, 1));
const lengths = [4, 1, 2];
const mask = [
  [1, 0, 1],
  [0, 0, 1],
  [1, 1, 1],
  [0, 1, 0],
].map((row) => tensor(row.map((v) => [v])));

const cellModel = () => ({
  cell: new LSTMCell(2, 3, { rng: seededRng(1) }),
  readout: linear(3, 1, { rng: seededRng(2) }),
});
const netModel = (options = {}) => ({
  net: stacked("lstm", 2, 3, { rng: seededRng(1), ...options }),
  readout: linear(3, 1, { rng: seededRng(2) }),
});
const rows = (values: Tensor[]) => values.map((value) => value.tolist());

describe("predict", () => {
  test("reads the answer after each sequence's last real step, not after the last step", () => {
    const whole = predictSteps(cellModel(), xs);
    const wanted = lengths.map((length, b) => whole[length - 1].tolist()[b][0]);
    for (const model of [cellModel(), netModel()]) {
      expect(predict(model, xs, { lengths }).tolist().flat()).toBeAllClose(wanted, { rtol: 1e-14 });
    }
  });
  test("a net of one layer answers as its cell does", () => {
    expect(predict(netModel(), xs).tolist()).toEqual(predict(cellModel(), xs).tolist());
    expect(rows(predictSteps(netModel(), xs))).toEqual(rows(predictSteps(cellModel(), xs)));
  });
  test("of a bidirectional net reads both directions when each has read all", () => {
    const net = bidirectional(new RNNCell(2, 3, { rng: seededRng(1) }), new RNNCell(2, 3, { rng: seededRng(2) }));
    const readout = linear(6, 6);
    readout.W.data.fill(0);
    for (let k = 0; k < 6; k++) readout.W.data[7 * k] = 1;
    const { h } = net.run(xs, { lengths }).final;
    const sideBySide = h[0].tolist().map((row, b) => [...row, ...h[1].tolist()[b]]);
    expect(predict({ net, readout }, xs, { lengths }).tolist()).toEqual(sideBySide);
  });
  test("of a deep net reads the top layer", () => {
    const model = netModel({ layers: 2 });
    expect(predict(model, xs).tolist()).toEqual(model.readout.of(model.net.run(xs).outputs[3]).tolist());
  });
  test("refuses lengths that do not fit", () => {
    expect(() => predict(cellModel(), xs, { lengths: [1, 2] })).toThrow("batch: lengths must be 3 numbers");
  });
});

describe("the loss of a batch", () => {
  const lossOf = (batch: Batch, loss = mse) => batchLoss(cellModel(), batch, loss).item();
  const answers = predictSteps(cellModel(), xs);
  /** The mean over the answers that count, one by one. */
  const byHand = (counts: (t: number, b: number) => boolean): number => {
    const errors = answers.flatMap((answer, t) =>
      [0, 1, 2].filter((b) => counts(t, b)).map((b) => (answer.data[b] - targets[t].data[b]) ** 2),
    );
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  const on = (t: number, b: number): boolean => mask[t].data[b] === 1;

  test("with targets at every step is the mean over all of them", () => {
    expect(lossOf({ xs, targets })).toBeCloseTo(
      byHand(() => true),
      14,
    );
  });
  test("with a mask is the mean over what it counts", () => {
    expect(lossOf({ xs, targets, mask })).toBeCloseTo(byHand(on), 14);
  });
  test("with lengths is the mean over real steps", () => {
    expect(lossOf({ xs, targets, lengths })).toBeCloseTo(
      byHand((t, b) => t < lengths[b]),
      14,
    );
    expect(lossOf({ xs, targets, lengths, mask })).toBeCloseTo(
      byHand((t, b) => t < lengths[b] && on(t, b)),
      14,
    );
  });
  test("what does not count may be anything, one-hot rows of zeros too", () => {
    const model = { ...cellModel(), readout: linear(3, 2) };
    const classes = [0, 1].map((k) =>
      tensor([
        [1 - k, k],
        [0, 0],
        [k, 1 - k],
      ]),
    );
    const some = [full(3, 1, 1), full(3, 1, 1)];
    for (const step of some) step.data[1] = 0;
    const loss = batchLoss(model, { xs: xs.slice(0, 2), targets: classes, mask: some }, crossEntropy);
    const kept = [0, 2, 3, 5];
    const all = concatRows(predictSteps(model, xs.slice(0, 2)));
    expect(loss.item()).toBeCloseTo(
      crossEntropy(gatherRows(all, kept), gatherRows(concatRows(classes), kept)).item(),
      14,
    );
  });

  test.each<[string, Batch]>([
    ["batch() must give target or targets, got neither", { xs }],
    ["batch() must give target or targets, got both", { xs, targets, target: targets[0] }],
    ["batch(): targets must be 4 tensors, one per time step, got an array of 1", { xs, targets: [targets[0]] }],
    ["batch(): mask must be 4 tensors, one per time step, got an array of 3", { xs, targets, mask: mask.slice(1) }],
    ["batch(): mask, step 1: must be", { xs, targets, mask: [mask[0], full(1, 3, 1), mask[2], mask[3]] }],
    ["batch(): mask must count at least one step, got zeros", { xs, targets, mask: mask.map((m) => m.mul(0)) }],
  ])("refuses: %s", (message, batch) => {
    expect(() => lossOf(batch)).toThrow(message.replace(": must be", " must be [3, 1], got [1, 3]"));
  });
});

describe("fit and evaluate", () => {
  /** Say at every step what came two steps ago. */
  const echo = (seed: number) => {
    const stream = seededRng(seed);
    return {
      batch() {
        const bits = Array.from({ length: 8 }, () => Array.from({ length: 16 }, () => stream.int(2)));
        const hot = (row: number[]) => tensor(row.map((bit) => [1 - bit, bit]));
        return {
          xs: bits.map(hot),
          targets: bits.map((_, t) => hot(bits[Math.max(t - 2, 0)])),
          mask: bits.map((_, t) => full(16, 1, t < 2 ? 0 : 1)),
        };
      },
    };
  };

  test("a stacked net learns to echo, step by step, in nats", { timeout: 60_000 }, async () => {
    const stream = seededRng(4);
    const net = stacked("gru", 2, 12, { layers: 2, rng: stream, dropout: 0.1 });
    const model = { net, readout: linear(12, 2, { rng: stream }) };
    const task = echo(1);
    expect(evaluate(model, task, { loss: crossEntropy })).toBeGreaterThan(0.6);
    for await (const _ of fit(model, task, {
      loss: crossEntropy,
      optimizer: adam({ learningRate: 1e-2 }),
      steps: 150,
    }));
    expect(evaluate(model, task, { loss: crossEntropy })).toBeLessThan(0.1);
  });

  test("dropout acts while fit trains, never in evaluate and predict", async () => {
    const model = () => netModel({ layers: 2, dropout: 0.5 });
    const source = () => adding({ seqLen: 4, batchSize: 3 }, seededRng(1));
    const { xs: inputs, target } = source().batch();
    const still = mse(predict(model(), inputs), target).item();
    expect(predict(model(), inputs).tolist()).toEqual(predict(netModel({ layers: 2 }), inputs).tolist());
    for await (const { loss } of fit(model(), source(), { steps: 1 })) expect(loss).not.toBe(still);
    expect(evaluate(model(), source(), { batches: 1 })).toBe(still);
  });

  test("evaluate leaves a stateful net where it was, and reads from nothing", () => {
    const model = { net: stateful(netModel().net), readout: linear(3, 1, { rng: seededRng(2) }) };
    model.net.run(xs);
    const before = model.net.state;
    expect(evaluate(model, { batch: () => ({ xs, targets }) }, { batches: 1 })).toBe(
      evaluate(netModel(), { batch: () => ({ xs, targets }) }, { batches: 1 }),
    );
    expect(model.net.state).toBe(before);
    const carried = evaluate(model, { batch: () => ({ xs, targets }) }, { batches: 2 });
    const fresh = evaluate(model, { batch: () => ({ xs, targets, fresh: true }) }, { batches: 2 });
    expect(fresh).toBe(evaluate(netModel(), { batch: () => ({ xs, targets }) }, { batches: 1 }));
    expect(carried).not.toBe(fresh);
  });

  test.each([
    { cell: new LSTMCell(2, 3) },
    { readout: linear(3, 1) },
    { net: new LSTMCell(2, 3), readout: linear(3, 1) },
  ])("half a model is refused: %#", async (half) => {
    await expect(fit(half as never, { batch: () => ({ xs, targets }) }, { steps: 1 }).next()).rejects.toThrow(
      "fit: model must be { cell, readout } or { net, readout }, got an object (Object)",
    );
  });

  test("clipValue cuts the gradient before the step, and is not set together with clipNorm", async () => {
    const model = cellModel();
    const step = fit(
      model,
      { batch: () => ({ xs, targets: targets.map((t) => t.mul(1e3)) }) },
      { steps: 1, clipValue: 0.25 },
    );
    const { value } = await step.next();
    expect(value?.gradientNorm).toBeGreaterThan(100);
    expect(Math.max(...model.readout.W.grad.map(Math.abs))).toBe(0.25);
    await step.return();
    const both = fit(model, { batch: () => ({ xs, targets }) }, { steps: 1, clipNorm: 1, clipValue: 1 });
    await expect(both.next()).rejects.toThrow("fit: only one of clipNorm and clipValue can be set, got both");
  });

  test("says so when the gradient stops being a number, before it spoils the weights", async () => {
    const model = cellModel();
    const loss = (prediction: Tensor, target: Tensor) =>
      mse(prediction.mul(1e160), target.mul(0)).mul(1e-160).mul(1e-160);
    const before = model.readout.W.tolist();
    const huge = { batch: () => ({ xs, target: targets[0] }) };
    model.readout.b.data.fill(1e-10);
    const run = fit(model, huge, { steps: 1, loss });
    await expect(run.next()).rejects.toThrow(/^fit: the (loss|gradient's norm) became (Infinity|NaN) at step 1; lower/);
    expect(model.readout.W.tolist()).toEqual(before);
    expect(noGrad(() => predict(model, xs)).data.every(Number.isFinite)).toBe(true);
  });
});
