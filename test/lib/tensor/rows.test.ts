import { concatRows, numericGrad, selectRows, type Tensor, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";

const pair = (): [Tensor, Tensor] => [
  tensor(
    [
      [1, -2],
      [3, 4],
    ],
    { requiresGrad: true },
  ),
  tensor(
    [
      [5, 6],
      [-7, 8],
    ],
    { requiresGrad: true },
  ),
];

test("concatRows puts tensors on top of each other", () => {
  const [a, b] = pair();
  expect(concatRows([a, tensor([[9, 9]]), b]).tolist()).toEqual([
    [1, -2],
    [3, 4],
    [9, 9],
    [5, 6],
    [-7, 8],
  ]);
});

test("selectRows takes each row from one of two", () => {
  const [a, b] = pair();
  expect(selectRows([true, false], a, b).tolist()).toEqual([
    [1, -2],
    [-7, 8],
  ]);
});

test("selectRows: what is not chosen has no influence and gets no gradient", () => {
  const [a, b] = pair();
  a.data.fill(Number.NaN, 2);
  const sum = selectRows([true, false], a, b).sum();
  sum.backward();
  expect(sum.item()).toBe(-1 + 1);
  expect([...a.grad, ...b.grad]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
});

describe("gradients equal central differences", () => {
  const weights = tensor([
    [0.5, -1],
    [2, 0.3],
    [1, -0.7],
    [0.2, 0.9],
  ]);
  const ops: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
    concatRows: (a, b) => concatRows([a.mul(b), a]).mul(weights),
    "selectRows, of its first": (a, b) => selectRows([true, false], a.mul(a), b.tanh()).mul(a),
    "selectRows, of neither": (a, b) => selectRows([false, false], a.mul(a), b.mul(a)),
  };
  test.each(Object.keys(ops))("%s", (name) => {
    const [a, b] = pair();
    const loss = (): Tensor => ops[name](a, b).sum();
    loss().backward();
    for (const x of [a, b]) {
      expect(x.grad).toBeAllClose(
        numericGrad(() => loss().item(), x),
        { rtol: 1e-6, atol: 1e-8 },
      );
    }
  });
});

test.each<[string, () => unknown]>([
  ["concatRows: parts must hold at least one tensor, got none", () => concatRows([])],
  ["concatRows: every part must be [any, 2], got [1, 3]", () => concatRows([zeros(1, 2), zeros(1, 3)])],
  ["selectRows: b must be [2, 2], got [2, 3]", () => selectRows([true, true], zeros(2, 2), zeros(2, 3))],
  ["selectRows: choose must hold 2 booleans, one per row, got 1", () => selectRows([true], zeros(2, 2), zeros(2, 2))],
])("refuses: %s", (message, run) => {
  expect(run).toThrow(message);
});
