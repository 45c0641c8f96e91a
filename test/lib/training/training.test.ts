import {
  adam,
  adding,
  clipByNorm,
  evaluate,
  fit,
  gradientNorm,
  LSTMCell,
  linear,
  mse,
  predict,
  RNNCell,
  seededRng,
  sgd,
  tensor,
  zeros,
} from "unrolled";
import { describe, expect, test, vi } from "vitest";
import { disagreement, fixture } from "../../fixtures/pytorch.js";

const small = (seed = 1) => {
  const rng = seededRng(seed);
  return { cell: new LSTMCell(2, 8, { rng }), readout: linear(8, 1, { rng }) };
};

describe("mse", () => {
  test("is the average squared difference over all entries", () => {
    expect(
      mse(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        tensor([
          [1, 0],
          [0, 4],
        ]),
      ).item(),
    ).toBe((4 + 9) / 4);
  });
  test("refuses a target of another shape", () => {
    expect(() => mse(zeros(2, 1), zeros(2, 3))).toThrow("mse: target must be [2, 1], got [2, 3]");
  });
});

describe("optimizers walk the same path as PyTorch's, 50 steps", () => {
  const rules = {
    sgd: sgd({ learningRate: 0.02 }),
    momentum: sgd({ learningRate: 0.02, momentum: 0.9 }),
    adam: adam({ learningRate: 0.1 }),
  };
  test.each(fixture.optimizers)("$name", ({ name, steps }) => {
    const w = tensor([[1, -2, 3]], { requiresGrad: true });
    const scale = tensor([[1, 10, 0.1]]);
    for (const expected of steps) {
      w.zeroGrad();
      w.mul(w).mul(scale).sum().backward();
      rules[name as keyof typeof rules].step([w]);
      expect(disagreement(w.data, expected)).toBeLessThan(1e-10);
    }
  });
  test("refuse a rate that is not positive, and options they do not know", () => {
    expect(() => adam({ learningRate: 0 })).toThrow("adam: learningRate must be a positive number, got 0");
    expect(() => sgd({ lr: 1 } as object)).toThrow('sgd: unknown option "lr"');
  });
});

describe("clipByNorm", () => {
  const withGrad = (...grad: number[]) => {
    const w = zeros(1, grad.length, { requiresGrad: true });
    w.grad.set(grad);
    return w;
  };
  test("shortens all gradients together and keeps their direction", () => {
    const [a, b] = [withGrad(3, 0), withGrad(0, 4)];
    expect(clipByNorm([a, b], 1)).toBe(5);
    expect(gradientNorm([a, b])).toBeCloseTo(1, 15);
    expect([...a.grad, ...b.grad]).toBeAllClose([0.6, 0, 0, 0.8]);
  });
  test("leaves a short gradient alone", () => {
    const a = withGrad(0.3, 0.4);
    expect(clipByNorm([a], 1)).toBe(0.5);
    expect([...a.grad]).toEqual([0.3, 0.4]);
  });
});

describe("fit", () => {
  const task = () => adding({ seqLen: 6, batchSize: 16 }, seededRng(9));

  test("learns: an LSTM beats the memoryless baseline on a short adding problem", { timeout: 60_000 }, async () => {
    const model = small();
    const source = task();
    for await (const _ of fit(model, source, { optimizer: adam({ learningRate: 1e-2 }), clipNorm: 1, steps: 400 }));
    expect(evaluate(model, source)).toBeLessThan(source.baselines.oneMarker / 4);
  });

  test("is the same run for the same seeds", async () => {
    const run = async () => {
      const losses: number[] = [];
      for await (const { loss } of fit(small(), task(), { steps: 10 })) losses.push(loss);
      return losses;
    };
    expect(await run()).toEqual(await run());
  });

  test("reports step, loss before the step, and the norm before clipping", async () => {
    const model = small();
    const batch = task().batch();
    const before = mse(predict(model, batch.xs), batch.target).item();
    for await (const { step, loss, gradientNorm: norm, seconds } of fit(
      model,
      { batch: () => batch },
      { steps: 1, clipNorm: 1e-6 },
    )) {
      expect([step, loss]).toEqual([1, before]);
      expect(norm).toBeGreaterThan(1e-3);
      expect(seconds).toBeGreaterThan(0);
    }
  });

  test("ends after the current step when the reader presses stop, and keeps what it learned", async () => {
    const key = Symbol.for("kernel.interrupts");
    const host = new EventTarget();
    (globalThis as Record<symbol, unknown>)[key] = host;
    const model = small();
    const untrained = model.readout.W.tolist();
    const seen: number[] = [];
    let honoured = false;
    for await (const { step } of fit(model, task(), { steps: 1000 })) {
      seen.push(step);
      if (step !== 3) continue;
      const press = new Event("interrupt", { cancelable: true });
      host.dispatchEvent(press);
      honoured = press.defaultPrevented;
    }
    delete (globalThis as Record<symbol, unknown>)[key];
    expect(seen).toEqual([1, 2, 3]);
    expect(honoured).toBe(true);
    expect(model.readout.W.tolist()).not.toEqual(untrained);
  });

  test.each([
    [1, 0],
    [60, 2], // at steps 2 and 4: a rest begins the 50 ms anew
  ])("lets the event loop run when 50 ms have passed: steps of %i ms, %i times in four", async (ms, times) => {
    let now = 1000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const turns = vi.spyOn(globalThis, "setImmediate");
    for await (const _ of fit(small(), task(), { steps: 4 })) now += ms;
    const count = turns.mock.calls.length - 1; // one is the stop button's
    clock.mockRestore();
    turns.mockRestore();
    expect(count).toBe(times);
  });

  test("says so when the loss stops being a number", async () => {
    const cell = new RNNCell(2, 4, { activation: "relu" });
    cell.hidden.Wh.data.fill(1e200);
    const run = fit({ cell, readout: linear(4, 1) }, task(), { steps: 5 });
    await expect(run.next()).rejects.toThrow(
      /^fit: the loss became (NaN|Infinity) at step 1; lower learningRate, or set clipNorm$/,
    );
  });

  test.each<[string, () => AsyncGenerator]>([
    [
      "fit: model must be { cell, readout } or { net, readout }, got undefined",
      () => fit(undefined as never, task(), { steps: 1 }),
    ],
    ["fit: task must have batch(), got an object (Object)", () => fit(small(), {} as never, { steps: 1 })],
    ["fit: steps must be an integer >= 1, got undefined", () => fit(small(), task(), {} as never)],
    [
      'fit: unknown option "clipnorm"; did you mean clipNorm?',
      () => fit(small(), task(), { steps: 1, clipnorm: 1 } as never),
    ],
  ])("refuses: %s", async (message, start) => {
    await expect(start().next()).rejects.toThrow(message);
  });

  test("a float32 cell trains with a float64 readout, as the contract's program does", async () => {
    const rng = seededRng(1);
    const model = { cell: new LSTMCell(2, 4, { rng, dtype: "float32" }), readout: linear(4, 1, { rng }) };
    for await (const { loss } of fit(model, task(), { steps: 2 })) expect(loss).toBeGreaterThan(0);
    expect(model.cell.forgetGate.Wx.data).toBeInstanceOf(Float32Array);
  });
});
