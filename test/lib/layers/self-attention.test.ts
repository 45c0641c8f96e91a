import { seededRng, selfAttention, type Tensor, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients, normal } from "./gradients.js";

const xs = Array.from({ length: 4 }, (_, t) => normal(2, 3, `x ${t}`));
const lists = (tensors: Tensor[]): number[][][] => tensors.map((x) => x.tolist());

test("selfAttention: two steps of one number, worked by hand", () => {
  const layer = filled(selfAttention(1), { Wq: [1], Wk: [2], Wv: [10] });
  const { outputs, weights } = layer.of([tensor([[1]]), tensor([[-1]])]);
  const near = 1 / (1 + Math.exp(-4)); // scores of step 0: 1·2·1 and 1·2·(−1)
  expect(weights.map((w) => w.tolist()[0])).toBeAllClose(
    [
      [near, 1 - near],
      [1 - near, near],
    ],
    { rtol: 1e-13 },
  );
  expect(outputs.map((y) => y.item())).toBeAllClose([10 * (2 * near - 1), -10 * (2 * near - 1)], { rtol: 1e-13 });
});

test("selfAttention: scores are divided by √size", () => {
  const layer = filled(selfAttention(1, { size: 4 }), { Wq: [1, 1, 1, 1], Wk: [1, 1, 1, 1], Wv: [1, 0, 0, 0] });
  const { weights } = layer.of([tensor([[1]]), tensor([[0]])]);
  expect(weights[0].data[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 14); // 4 / √4
});

test("selfAttention: knows no order; permute the steps, and the outputs are permuted", () => {
  const layer = selfAttention(3, { rng: seededRng(1) });
  const order = [2, 0, 3, 1];
  const straight = lists(layer.of(xs).outputs);
  const permuted = lists(layer.of(order.map((t) => xs[t])).outputs);
  expect(permuted).toBeAllClose(
    order.map((t) => straight[t]),
    { rtol: 1e-12 },
  );
});

test("selfAttention, causal: a step is what it would be if the sequence ended there", () => {
  const layer = selfAttention(3, { rng: seededRng(1), causal: true });
  const { outputs, weights } = layer.of(xs);
  for (const t of xs.keys()) {
    expect(outputs[t]).toBeAllClose(layer.of(xs.slice(0, t + 1)).outputs[t].tolist(), { rtol: 1e-13 });
    for (const shares of weights[t].tolist()) expect(shares.slice(t + 1)).toEqual(Array(3 - t).fill(0));
  }
  expect(outputs[0]).toBeAllClose(xs[0].matmul(layer.Wv).tolist(), { rtol: 1e-14 });
});

test("selfAttention: steps past a sequence's length are not seen", () => {
  const layer = selfAttention(3, { rng: seededRng(1) });
  const { outputs } = layer.of(xs, { lengths: [4, 2] });
  const second = (x: Tensor): Tensor => tensor([x.tolist()[1]]);
  const alone = layer.of(xs.slice(0, 2).map(second)).outputs;
  for (const t of [0, 1]) expect(second(outputs[t])).toBeAllClose(alone[t].tolist(), { rtol: 1e-13 });
});

describe.each([false, true])("selfAttention (causal: %s): gradients equal central differences", (causal) => {
  const named = Object.fromEntries(xs.map((x, t) => [`x${t}`, x]));
  const make = () => selfAttention(3, { rng: seededRng(2), causal, size: 2 });
  holdLayerGradients(make, named, (layer) => layer.of(xs).outputs);
});

test("selfAttention: weights start in ±1/√inputSize; as wide as its input unless told; float32 stays float32", () => {
  const most = Math.max(...selfAttention(100, { rng: seededRng(1), size: 20 }).Wk.data.map(Math.abs));
  expect(most).toBeLessThan(0.1);
  expect(most).toBeGreaterThan(0.099);
  expect(selfAttention(3).Wv.shape).toEqual([3, 3]);
  expect(selfAttention(3, { size: 5 }).of(xs).outputs[0].shape).toEqual([2, 5]);
  expect(selfAttention(3, { dtype: "float32" }).of(xs).outputs[0].dtype).toBe("float32");
});

test("selfAttention: refuses what does not fit", () => {
  const layer = selfAttention(3);
  expect(() => layer.of([zeros(2, 3), zeros(2, 4)])).toThrow("selfAttention: xs[1] must be [2, 3], got [2, 4]");
  expect(() => layer.of([])).toThrow("selfAttention: xs must be an array of tensors");
  expect(() => layer.of(xs, { lengths: [4] })).toThrow("lengths must have one entry per sequence, 2, got 1");
  expect(() => layer.of(xs, { lengths: [4, 9] })).toThrow("lengths must be integers in 1..4, got 9 at 1");
  expect(() => layer.of(xs, { length: [4, 4] } as object)).toThrow('unknown option "length"; did you mean lengths?');
  expect(() => selfAttention(0)).toThrow("selfAttention: inputSize must be an integer >= 1, got 0");
  expect(() => selfAttention(3, { size: 0 })).toThrow("selfAttention: size must be an integer >= 1, got 0");
  expect(() => selfAttention(3, { heads: 2 } as object)).toThrow('selfAttention: unknown option "heads"');
});
