import {
  binaryCrossEntropy,
  crossEntropy,
  full,
  mse,
  numericGrad,
  perplexity,
  seededRng,
  type Tensor,
  tensor,
  zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { disagreement, tracked } from "../../fixtures/pytorch.js";
import { sequences } from "../../fixtures/sequences.js";

const { crossEntropy: ce, binaryCrossEntropy: bce } = sequences.losses;
const column = (values: number[]): Tensor => tensor(values.map((v) => [v]));
const oneHot = (classes: number[], count: number): Tensor =>
  tensor(classes.map((k) => Array.from({ length: count }, (_, j) => (j === k ? 1 : 0))));

describe("crossEntropy", () => {
  test("float32, many rows at once: the values and gradients of float64", () => {
    const rng = seededRng(4);
    const rows = Array.from({ length: 40 }, () => Array.from({ length: 9 }, () => 5 * rng.normal()));
    const classes = column(rows.map((_, r) => r % 9));
    const [single, double] = (["float32", "float64"] as const).map((dtype) => {
      const logits = tensor(rows, { dtype, requiresGrad: true });
      const cost = crossEntropy(logits, classes);
      cost.backward();
      return { cost: cost.item(), grad: Array.from(logits.grad) };
    });
    expect(single.cost).toBeCloseTo(double.cost, 5);
    expect(single.grad).toBeAllClose(double.grad, { atol: 1e-7, rtol: 1e-5 });
    expect(() => crossEntropy(tensor(rows, { dtype: "float32" }), column(rows.map(() => 9)))).toThrow(
      "crossEntropy: classes must be integers in 0..8, got 9",
    );
  });

  test("of even odds is ln of the number of classes, in nats per row", () => {
    expect(crossEntropy(zeros(3, 5), column([0, 4, 2])).item()).toBeCloseTo(Math.log(5), 15);
    expect(perplexity(Math.log(5))).toBeCloseTo(5, 14);
  });

  test("one row, worked by hand", () => {
    const expected = Math.log(Math.E + Math.E ** 2 + Math.E ** 3) - 2;
    expect(crossEntropy(tensor([[1, 2, 3]]), column([1])).item()).toBeCloseTo(expected, 14);
    expect(crossEntropy(tensor([[1, 2, 3]]), tensor([[0.5, 0.5, 0]])).item()).toBeCloseTo(expected + 0.5, 14);
  });

  test("agrees with PyTorch's, all rows and masked, and so does its gradient", () => {
    const logits = tracked(ce.logits);
    expect(crossEntropy(logits, column(ce.classes)).item()).toBeCloseTo(ce.mean, 13);
    const masked = crossEntropy(logits, column(ce.classes), column(ce.mask));
    masked.mul(3).backward();
    expect(masked.item()).toBeCloseTo(ce.masked, 13);
    expect(
      disagreement(
        logits.grad,
        ce.gradient.flat().map((v) => 3 * v),
      ),
    ).toBeLessThan(1e-12);
  });

  test("class numbers and one-hot rows are the same target", () => {
    const logits = tensor(ce.logits);
    const hot = oneHot(ce.classes, 4);
    expect(crossEntropy(logits, hot).item()).toBe(crossEntropy(logits, column(ce.classes)).item());
  });

  test("the gradient equals central differences, also for soft targets", () => {
    const logits = tracked([
      [0.3, -1, 2],
      [1, 1, -0.5],
    ]);
    const target = tensor([
      [0.2, 0.5, 0.3],
      [0, 1, 0],
    ]);
    const loss = (): Tensor => crossEntropy(logits, target, column([1, 3]));
    loss().backward();
    expect(logits.grad).toBeAllClose(
      numericGrad(() => loss().item(), logits),
      { rtol: 1e-7, atol: 1e-10 },
    );
  });

  test("is right where e overflows, and where it would round to 0", () => {
    const logits = tracked([
      [1000, 0],
      [-1000, 0],
    ]);
    const loss = crossEntropy(logits, column([1, 0]));
    loss.backward();
    expect(loss.item()).toBe(1000);
    expect([...logits.grad]).toEqual([0.5, -0.5, -0.5, 0.5]);
    expect(crossEntropy(tensor([[40, 0]]), column([0])).item()).toBeCloseTo(Math.exp(-40), 25);
    expect(crossEntropy(tensor([[0, 40]]), column([1])).item()).toBeCloseTo(Math.exp(-40), 25);
  });

  test("rows that do not count are not read", () => {
    const logits = tracked([
      [1, 2],
      [3, 4],
    ]);
    logits.data.set([Number.NaN, Number.POSITIVE_INFINITY], 2);
    const loss = crossEntropy(logits, oneHot([1, -1], 2), column([1, 0]));
    loss.backward();
    expect(loss.item()).toBeCloseTo(Math.log1p(Math.exp(-1)), 15);
    expect([...logits.grad].slice(2)).toEqual([0, 0]);
  });
});

describe("binaryCrossEntropy", () => {
  test("of even odds is ln 2", () => {
    expect(binaryCrossEntropy(zeros(2, 3), full(2, 3, 1)).item()).toBeCloseTo(Math.LN2, 15);
  });

  test("agrees with PyTorch's, all rows and masked, and so does its gradient", () => {
    const logits = tracked(ce.logits);
    expect(binaryCrossEntropy(logits, tensor(bce.target)).item()).toBeCloseTo(bce.mean, 13);
    const masked = binaryCrossEntropy(logits, tensor(bce.target), column(ce.mask));
    masked.backward();
    expect(masked.item()).toBeCloseTo(bce.masked, 13);
    expect(disagreement(logits.grad, bce.gradient.flat())).toBeLessThan(1e-12);
  });

  test("is right at extreme logits", () => {
    const logits = tracked([[800, -800, 40]]);
    const loss = binaryCrossEntropy(logits, tensor([[0, 1, 1]]));
    loss.backward();
    expect(loss.item()).toBeCloseTo((1600 + Math.exp(-40)) / 3, 12);
    expect(logits.grad[0]).toBeCloseTo(1 / 3, 15);
    expect(logits.grad[1]).toBeCloseTo(-1 / 3, 15);
    expect(binaryCrossEntropy(tensor([[40]]), tensor([[1]])).item()).toBeCloseTo(Math.exp(-40), 25);
  });
});

describe("mse with a mask", () => {
  const prediction = () =>
    tracked([
      [1, 2],
      [3, 5],
      [0, 0],
    ]);
  const target = tensor([
    [0, 2],
    [1, 1],
    [9, 9],
  ]);
  test("averages over the rows that count, worked by hand", () => {
    const p = prediction();
    const loss = mse(p, target, column([1, 1, 0]));
    loss.backward();
    expect(loss.item()).toBeCloseTo((1 + 0 + 4 + 16) / 4, 15);
    expect([...p.grad]).toBeAllClose([0.5, 0, 1, 2, 0, 0]);
  });
  test("of ones is mse without", () => {
    expect(mse(prediction(), target, column([1, 1, 1])).item()).toBeCloseTo(mse(prediction(), target).item(), 13);
  });
});

describe("float32 logits", () => {
  test.each([
    ["crossEntropy", () => crossEntropy(tensor([[1, 2]], { dtype: "float32" }), column([0]))],
    ["binaryCrossEntropy", () => binaryCrossEntropy(tensor([[1, 2]], { dtype: "float32" }), tensor([[0, 1]]))],
  ])("%s is float32 too", (_, loss) => {
    expect(loss().dtype).toBe("float32");
  });
});

test.each<[string, () => unknown]>([
  ["crossEntropy: target must be [2, 3] or [2, 1], got [2, 2]", () => crossEntropy(zeros(2, 3), zeros(2, 2))],
  ["crossEntropy: target must be [2, 3] or [2, 1], got [3, 3]", () => crossEntropy(zeros(2, 3), zeros(3, 3))],
  ["crossEntropy: classes must be integers in 0..2, got 3", () => crossEntropy(zeros(1, 3), column([3]))],
  ["crossEntropy: classes must be integers in 0..2, got -1", () => crossEntropy(zeros(1, 3), column([-1]))],
  ["crossEntropy: classes must be integers in 0..2, got 0.5", () => crossEntropy(zeros(1, 3), column([0.5]))],
  [
    "crossEntropy: target row 1 must be probabilities that add up to 1, got 1, 1",
    () =>
      crossEntropy(
        zeros(2, 2),
        tensor([
          [1, 0],
          [1, 1],
        ]),
      ),
  ],
  [
    "crossEntropy: target row 0 must be probabilities that add up to 1, got 2, -1",
    () => crossEntropy(zeros(1, 2), tensor([[2, -1]])),
  ],
  ["crossEntropy: mask must be [2, 1], got [1, 2]", () => crossEntropy(zeros(2, 2), column([0, 1]), zeros(1, 2))],
  [
    "crossEntropy: mask must count at least one row, got zeros",
    () => crossEntropy(zeros(2, 2), column([0, 1]), column([0, 0])),
  ],
  ["mse: mask must hold weights >= 0, 1 or 0 as a rule, got -1", () => mse(zeros(2, 1), zeros(2, 1), column([1, -1]))],
  ["mse: target must be [2, 1], got [2, 3]", () => mse(zeros(2, 1), zeros(2, 3), column([1, 1]))],
  ["binaryCrossEntropy: target must be [2, 2], got [2, 1]", () => binaryCrossEntropy(zeros(2, 2), zeros(2, 1))],
  ["binaryCrossEntropy: targets must be in [0, 1], got 1.5", () => binaryCrossEntropy(zeros(1, 1), tensor([[1.5]]))],
])("refuses: %s", (message, run) => {
  expect(run).toThrow(message);
});
