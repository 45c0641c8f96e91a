import {
  additiveAttention,
  dotProductAttention,
  type Looking,
  numericGrad,
  seededRng,
  type Tensor,
  tensor,
  zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { filled, holdLayerGradients, normal } from "./gradients.js";

const row = (x: Tensor, r = 0): number[] => x.tolist()[r];

test("additiveAttention: two states, worked by hand", () => {
  const attention = filled(additiveAttention(1, 2, { attentionSize: 1 }), { Wq: [2], Wh: [1, -1], v: [3] });
  const { context, weights } = attention.of(tensor([[0.5]]), [tensor([[1, 0]]), tensor([[0, 2]])]);
  // scores: 3 tanh(1 + 1) and 3 tanh(1 − 2)
  const first = 1 / (1 + Math.exp(3 * Math.tanh(-1) - 3 * Math.tanh(2)));
  expect(weights).toBeAllClose([[first, 1 - first]], { rtol: 1e-13 });
  expect(context).toBeAllClose([[first, 2 * (1 - first)]], { rtol: 1e-13 });
});

test("dotProductAttention: two states, worked by hand; scaled divides the scores by √size", () => {
  const query = tensor([[2, 0, 0, 0]]);
  const states = [tensor([[1, 5, 0, 0]]), tensor([[-1, 0, 5, 0]])];
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  expect(dotProductAttention().of(query, states).weights).toBeAllClose([[sigmoid(4), sigmoid(-4)]], { rtol: 1e-13 });
  const { weights, context } = dotProductAttention({ scaled: true }).of(query, states);
  expect(weights).toBeAllClose([[sigmoid(2), sigmoid(-2)]], { rtol: 1e-13 });
  expect(context).toBeAllClose([[sigmoid(2) - sigmoid(-2), 5 * sigmoid(2), 5 * sigmoid(-2), 0]], { rtol: 1e-13 });
});

test("dotProductAttention: a long query picks the one state that points its way", () => {
  const states = [tensor([[1, 0]]), tensor([[0, 1]]), tensor([[-1, 0]])];
  expect(dotProductAttention().of(tensor([[0, 100]]), states).context).toBeAllClose([[0, 1]]);
});

const batchSize = 3;
const query = normal(batchSize, 2, "query");
const hs = Array.from({ length: 4 }, (_, t) => normal(batchSize, 2, `h ${t}`));
const kinds = {
  additiveAttention: () => additiveAttention(2, 2, { rng: seededRng(1), attentionSize: 3 }),
  dotProductAttention: () => dotProductAttention({ scaled: true }),
};

describe.each(Object.entries(kinds))("%s", (name, make) => {
  const named = Object.fromEntries(hs.map((h, t) => [`h${t}`, h]));
  describe("gradients equal central differences", () => {
    holdLayerGradients<{ of: ReturnType<typeof make>["of"]; parameters(): Record<string, Tensor> }>(
      make,
      { query, ...named },
      (layer) => {
        const { context, weights } = layer.of(query, hs);
        return [context, weights];
      },
    );
  });

  test("weights are shares, and states that all agree are the answer whatever the query", () => {
    const same = Array<Tensor>(5).fill(hs[0]);
    const { context, weights } = make().of(query, same);
    expect(weights).toBeAllClose(Array(batchSize).fill(Array(5).fill(0.2)), { rtol: 1e-14 });
    expect(context).toBeAllClose(hs[0].tolist(), { rtol: 1e-13 });
    for (const shares of make().of(query, hs).weights.tolist()) {
      expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 14);
      expect(shares.every((share) => share > 0 && share < 1)).toBe(true);
    }
  });

  test("steps past a sequence's length count for nothing, and get no gradient", () => {
    const lengths = [4, 1, 2];
    const { context, weights } = make().of(query, hs, { lengths });
    for (const [r, length] of lengths.entries()) {
      const alone = (x: Tensor): Tensor => tensor([row(x, r)]);
      const short = make().of(alone(query), hs.slice(0, length).map(alone));
      expect([row(context, r)]).toBeAllClose(short.context.tolist(), { rtol: 1e-13 });
      expect(row(weights, r)).toBeAllClose([...row(short.weights), ...Array(4 - length).fill(0)], { rtol: 1e-13 });
    }
    for (const h of hs) h.zeroGrad();
    context.mul(context).sum().backward();
    expect([...hs[3].grad].map((v) => v !== 0)).toEqual([true, true, false, false, false, false]);
    expect(hs[1].grad).toBeAllClose(
      numericGrad(() => {
        const again = make().of(query, hs, { lengths }).context;
        return again.mul(again).sum().item();
      }, hs[1]),
      { rtol: 1e-6, atol: 1e-8 },
    );
  });

  test("a mask hides any steps, and says the same as lengths where it hides the last", () => {
    const layer = make();
    const mask = [
      [true, true, true, true],
      [true, false, false, false],
      [true, true, false, false],
    ];
    const byLengths = layer.of(query, hs, { lengths: [4, 1, 2] });
    expect(layer.of(query, hs, { mask }).context.tolist()).toEqual(byLengths.context.tolist());
    const both = layer.of(query, hs, { lengths: [4, 4, 3], mask: Array(batchSize).fill([true, false, true, true]) });
    expect(both.weights.tolist().map((shares) => shares.map((share) => share > 0))).toEqual([
      [true, false, true, true],
      [true, false, true, true],
      [true, false, true, false],
    ]);
    const holes = layer.of(query, hs, { mask: Array(batchSize).fill([false, true, false, true]) });
    expect(holes.context).toBeAllClose(layer.of(query, [hs[1], hs[3]]).context.tolist(), { rtol: 1e-13 });
  });

  test.each<[string, () => unknown]>([
    [`${name}: hs[1] must be [3, 2], got [3, 5]`, () => make().of(query, [hs[0], zeros(3, 5)])],
    [`${name}: hs[0] must be [3, 2], got [1, 2]`, () => make().of(query, [zeros(1, 2)])],
    [`${name}: hs must be an array of tensors, one per time step, got an array of 0`, () => make().of(query, [])],
    [`${name}: hs must be an array of tensors`, () => make().of(query, query as never)],
    ["attention: lengths must have one entry per sequence, 3, got 2", () => make().of(query, hs, { lengths: [1, 2] })],
    ["attention: lengths must be integers in 1..4, got 0 at 1", () => make().of(query, hs, { lengths: [1, 0, 4] })],
    ["attention: lengths must be integers in 1..4, got 5 at 2", () => make().of(query, hs, { lengths: [1, 4, 5] })],
    ["attention: lengths must be integers in 1..4, got 1.5 at 0", () => make().of(query, hs, { lengths: [1.5, 4, 4] })],
    ["attention: mask must have one entry per sequence, 3, got 1", () => make().of(query, hs, { mask: [[true]] })],
    [
      "attention: mask[0] must have 4 entries and let something be seen, got false,false,false,false",
      () => make().of(query, hs, { mask: Array(3).fill(Array(4).fill(false)) }),
    ],
    ["attention: mask[0] must have 4 entries", () => make().of(query, hs, { mask: Array(3).fill([true]) })],
    [
      "attention: mask[0] must have 4 entries and let something be seen, got false,true,true,true",
      () => make().of(query, hs, { lengths: [1, 4, 4], mask: Array(3).fill([false, true, true, true]) }),
    ],
    [
      'attention: unknown option "length"; did you mean lengths?',
      () => make().of(query, hs, { length: [1, 1, 1] } as Looking),
    ],
  ])("refuses: %s", (message, attempt) => {
    expect(attempt).toThrow(message);
  });
});

test("attention: refuses sizes and options that make no sense", () => {
  expect(() => additiveAttention(2, 3).of(zeros(1, 5), [zeros(1, 3)])).toThrow(
    "query must be [batchSize, 2], got [1, 5]",
  );
  expect(() => additiveAttention(0, 3)).toThrow("additiveAttention: querySize must be an integer >= 1, got 0");
  expect(() => additiveAttention(2, 0)).toThrow("additiveAttention: stateSize must be an integer >= 1, got 0");
  expect(() => additiveAttention(2, 3, { attentionSize: 0 })).toThrow("attentionSize must be an integer >= 1, got 0");
  expect(() => additiveAttention(2, 3, { size: 4 } as object)).toThrow('additiveAttention: unknown option "size"');
  expect(() => dotProductAttention({ scale: true } as object)).toThrow(
    'dotProductAttention: unknown option "scale"; did you mean scaled?',
  );
});

test("additiveAttention: as wide as the states unless told, weights in ±1/√rows", () => {
  const { Wq, Wh, v } = additiveAttention(25, 100, { rng: seededRng(1) });
  expect([Wq.shape, Wh.shape, v.shape]).toEqual([
    [25, 100],
    [100, 100],
    [100, 1],
  ]);
  for (const [W, bound] of [
    [Wq, 0.2],
    [Wh, 0.1],
  ] as const) {
    const most = Math.max(...W.data.map(Math.abs));
    expect(most).toBeLessThan(bound);
    expect(most).toBeGreaterThan(0.9 * bound);
  }
});
