import { adam, clipByValue, rmsprop, schedules, sgd, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { disagreement } from "../../fixtures/pytorch.js";
import { sequences } from "../../fixtures/sequences.js";

const { constant, stepDecay, cosine, warmup } = schedules;

describe("optimizers walk the same path as PyTorch's, 50 steps", () => {
  const rules = {
    rmsprop: rmsprop({ learningRate: 0.05 }),
    "rmsprop with momentum": rmsprop({ learningRate: 0.01, decay: 0.9, momentum: 0.5 }),
    "adam, other betas": adam({ learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 }),
    "sgd, stepDecay": sgd({ learningRate: stepDecay(0.04, { every: 10, factor: 0.5 }) }),
    "adam, cosine": adam({ learningRate: cosine(0.1, { steps: 50, least: 0.001 }) }),
  };
  test.each(sequences.optimizers)("$name", ({ name, steps }) => {
    const w = tensor([[1, -2, 3]], { requiresGrad: true });
    const scale = tensor([[1, 10, 0.1]]);
    const rule = rules[name as keyof typeof rules];
    for (const expected of steps) {
      w.zeroGrad();
      w.mul(w).mul(scale).sum().backward();
      rule.step([w]);
      expect(disagreement(w.data, expected)).toBeLessThan(1e-10);
    }
  });
});

describe("an optimizer", () => {
  test("keeps notes per parameter: a second one starts from the beginning", () => {
    const rule = adam({ learningRate: 0.1 });
    const [a, b] = [zeros(1, 1, { requiresGrad: true }), zeros(1, 1, { requiresGrad: true })];
    a.grad[0] = b.grad[0] = 1;
    rule.step([a]);
    rule.step([a, b]);
    expect(a.item()).toBeCloseTo(-0.2, 8);
    expect(b.item()).toBeCloseTo(-0.1, 8);
    expect([...(rule.notesOf?.(a).t ?? []), ...(rule.notesOf?.(b).t ?? [])]).toEqual([2, 1]);
  });

  test.each<[string, () => unknown]>([
    ["rmsprop: decay must be in [0, 1), got 1", () => rmsprop({ decay: 1 })],
    ["rmsprop: momentum must be in [0, 1), got -1", () => rmsprop({ momentum: -1 })],
    ["rmsprop: epsilon must be a positive number, got 0", () => rmsprop({ epsilon: 0 })],
    ['rmsprop: unknown option "alpha"', () => rmsprop({ alpha: 0.9 } as object)],
    ["adam: beta1 must be in [0, 1), got 1", () => adam({ beta1: 1 })],
    ["adam: beta2 must be in [0, 1), got 2", () => adam({ beta2: 2 })],
    ["adam: epsilon must be a positive number, got -1", () => adam({ epsilon: -1 })],
    ["sgd: momentum must be in [0, 1), got 1", () => sgd({ momentum: 1 })],
    ['rmsprop: learningRate must be a positive number, got "fast"', () => rmsprop({ learningRate: "fast" as never })],
  ])("refuses: %s", (message, make) => {
    expect(make).toThrow(message);
  });
});

describe("schedules: a rate for each update, the first being step 1", () => {
  const first = (count: number, schedule: (step: number) => number) =>
    Array.from({ length: count }, (_, k) => schedule(k + 1));

  test("constant", () => {
    expect(first(3, constant(0.1))).toEqual([0.1, 0.1, 0.1]);
  });
  test("stepDecay falls after every so many updates", () => {
    expect(first(5, stepDecay(8, { every: 2, factor: 0.5 }))).toEqual([8, 8, 4, 4, 2]);
    expect(stepDecay(1, { every: 1 })(2)).toBe(0.1);
  });
  test("cosine goes from rate to least, and stays", () => {
    expect(first(7, cosine(1, { steps: 4 }))).toBeAllClose(
      [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2, 0, 0, 0],
      { atol: 1e-15 },
    );
    expect(cosine(1, { steps: 4, least: 0.25 })(100)).toBe(0.25);
  });
  test("warmup rises evenly to where the next one starts, which then begins", () => {
    expect(first(6, warmup(8, { steps: 4 }))).toEqual([2, 4, 6, 8, 8, 8]);
    expect(first(6, warmup(stepDecay(8, { every: 2, factor: 0.5 }), { steps: 2 }))).toEqual([4, 8, 8, 4, 4, 2]);
  });

  test("an optimizer asks for the rate of each of its updates", () => {
    const asked: number[] = [];
    const rule = sgd({ learningRate: (step) => asked.push(step) / 10 });
    const w = zeros(1, 1, { requiresGrad: true });
    w.grad[0] = 1;
    for (let k = 0; k < 3; k++) rule.step([w]);
    expect(asked).toEqual([1, 2, 3]);
    expect(w.item()).toBeCloseTo(-0.6, 14);
  });

  test.each<[string, () => unknown]>([
    ["constant: rate must be a positive number, got 0", () => constant(0)],
    ["stepDecay: every must be an integer >= 1, got undefined", () => stepDecay(1, undefined as never)],
    ["stepDecay: factor must be a positive number, got 0", () => stepDecay(1, { every: 1, factor: 0 })],
    ["stepDecay: rate must be a positive number, got -1", () => stepDecay(-1, { every: 1 })],
    ["cosine: steps must be an integer >= 1, got 0", () => cosine(1, { steps: 0 })],
    ["cosine: rate must be a positive number, got NaN", () => cosine(Number.NaN, { steps: 1 })],
    ["cosine: least must be in [0, 1], got 2", () => cosine(1, { steps: 1, least: 2 })],
    ["cosine: least must be in [0, 1], got -1", () => cosine(1, { steps: 1, least: -1 })],
    ["warmup: steps must be an integer >= 1, got undefined", () => warmup(1, {} as never)],
    ['cosine: unknown option "step"; did you mean steps?', () => cosine(1, { step: 1 } as never)],
    [
      "adam: learningRate must give a number >= 0, got NaN at step 1",
      () => adam({ learningRate: () => Number.NaN }).step([zeros(1, 1, { requiresGrad: true })]),
    ],
    [
      "sgd: learningRate must give a number >= 0, got -1 at step 1",
      () => sgd({ learningRate: () => -1 }).step([zeros(1, 1, { requiresGrad: true })]),
    ],
  ])("refuses: %s", (message, run) => {
    expect(run).toThrow(message);
  });
});

describe("clipByValue", () => {
  test("cuts each entry, and leaves those inside alone", () => {
    const w = zeros(1, 4, { requiresGrad: true });
    w.grad.set([-3, 0.5, 2, -0.1]);
    clipByValue([w], 1);
    expect([...w.grad]).toEqual([-1, 0.5, 1, -0.1]);
  });
  test("refuses a limit that is not positive", () => {
    expect(() => clipByValue([], 0)).toThrow("clipByValue: limit must be a positive number, got 0");
  });
});
