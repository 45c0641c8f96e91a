import fc from "fast-check";
import {
  columns,
  concat,
  exp,
  full,
  gatherRows,
  log,
  matmul,
  noGrad,
  numericGrad,
  oneMinus,
  relu,
  rowSums,
  scaleRows,
  seededRng,
  sigmoid,
  softmax,
  type Tensor,
  tanh,
  tensor,
  transpose,
  zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

function random(rows: number, cols: number, seed: number): Tensor {
  const rng = seededRng(seed);
  const result = zeros(rows, cols, { requiresGrad: true });
  for (let k = 0; k < result.data.length; k++) result.data[k] = rng.normal();
  return result;
}

describe("values", () => {
  const a = tensor([
    [1, 2],
    [3, 4],
  ]);

  test("matmul multiplies rows by columns", () => {
    expect(
      matmul(
        a,
        tensor([
          [5, 6, 7],
          [8, 9, 10],
        ]),
      ).tolist(),
    ).toEqual([
      [21, 24, 27],
      [47, 54, 61],
    ]);
  });

  test("matmul does so for sizes that are no multiple of four", () => {
    const [m, k, n] = [3, 7, 5];
    const [left, right] = [random(m, k, 1), random(k, n, 2)];
    const expected = left
      .tolist()
      .map((row) => Array.from({ length: n }, (_, j) => row.reduce((s, v, p) => s + v * right.data[p * n + j], 0)));
    expect(left.matmul(right)).toBeAllClose(expected, { rtol: 1e-13 });
  });

  test("add, sub, mul work on equal shapes, on one row for all, and on a number", () => {
    expect(a.add(a).tolist()).toEqual([
      [2, 4],
      [6, 8],
    ]);
    expect(a.add(tensor([[10, 20]])).tolist()).toEqual([
      [11, 22],
      [13, 24],
    ]);
    expect(a.sub(tensor([[1, 1]])).tolist()).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(a.sub(1).tolist()).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(a.mul(tensor([[0, 2]])).tolist()).toEqual([
      [0, 4],
      [0, 8],
    ]);
    expect(a.mul(-2).tolist()).toEqual([
      [-2, -4],
      [-6, -8],
    ]);
  });

  test("sigmoid, tanh, relu, oneMinus at known points", () => {
    expect(sigmoid(tensor([[0, Math.log(3), -1000, 1000]]))).toBeAllClose([[0.5, 0.75, 0, 1]], { rtol: 1e-15 });
    expect(tanh(tensor([[0, Math.atanh(0.5)]]))).toBeAllClose([[0, 0.5]]);
    expect(relu(tensor([[-1, 0, 2]])).tolist()).toEqual([[0, 0, 2]]);
    expect(oneMinus(tensor([[0.25, 1]])).tolist()).toEqual([[0.75, 0]]);
  });

  test("softmax makes probabilities of each row, however large its entries", () => {
    expect(
      softmax(
        tensor([
          [0, Math.log(3)],
          [1000, 1000],
        ]),
      ),
    ).toBeAllClose(
      [
        [0.25, 0.75],
        [0.5, 0.5],
      ],
      { rtol: 1e-14 },
    );
  });

  test("transpose, concat, columns, gatherRows move entries about", () => {
    expect(transpose(tensor([[1, 2, 3]])).tolist()).toEqual([[1], [2], [3]]);
    expect(concat([a, tensor([[9], [8]])]).tolist()).toEqual([
      [1, 2, 9],
      [3, 4, 8],
    ]);
    expect(columns(a, 1, 2).tolist()).toEqual([[2], [4]]);
    expect(gatherRows(a, [1, 0, 1]).tolist()).toEqual([
      [3, 4],
      [1, 2],
      [3, 4],
    ]);
  });

  test("rowSums adds each row up, scaleRows gives each row its own factor", () => {
    expect(rowSums(a).tolist()).toEqual([[3], [7]]);
    expect(scaleRows(a, tensor([[10], [-1]])).tolist()).toEqual([
      [10, 20],
      [-3, -4],
    ]);
  });

  test("exp and log undo each other", () => {
    expect(log(exp(a))).toBeAllClose(a.tolist(), { rtol: 1e-15 });
  });

  test("sum and mean take all entries", () => {
    expect(a.sum().item()).toBe(10);
    expect(a.mean().item()).toBe(2.5);
  });

  test("a float32 tensor keeps about seven digits", () => {
    const third = tensor([[1 / 3]], { dtype: "float32" });
    expect(third.item()).toBe(Math.fround(1 / 3));
    expect(third.to("float64").dtype).toBe("float64");
  });

  test("shows itself with shape and rows", () => {
    expect(String(a)).toBe("Tensor [2, 2]\n[1, 2]\n[3, 4]");
  });
});

const ops: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add: (a, b) => a.add(b),
  "add one row": (a, b) => b.add(tensor([[1, 2, 3]])).mul(a),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  matmul: (a, b) =>
    a
      .matmul(
        tensor([
          [1, 0, 2],
          [0, 3, 0],
          [4, 0, 5],
        ]).mul(1),
      )
      .mul(b),
  sigmoid: (a, b) => a.sigmoid().mul(b),
  tanh: (a, b) => a.tanh().mul(b),
  relu: (a, b) => a.relu().mul(b),
  "number arithmetic": (a, b) => a.mul(3).add(2).sub(1).mul(b),
  mean: (a, b) => a.mul(b).mean(),
  exp: (a, b) => exp(a).mul(b),
  log: (a, b) => log(a.mul(a).add(1)).mul(b),
  softmax: (a, b) => softmax(a).mul(b),
  transpose: (a, b) => transpose(transpose(a).tanh()).mul(b),
  "concat and columns": (a, b) => columns(concat([a, b.mul(2), a]), 2, 5).mul(b),
  "rowSums and scaleRows": (a, b) => scaleRows(a, rowSums(b.mul(a))),
  gatherRows: (a, b) => gatherRows(a, [1, 1]).mul(b),
  "one tensor used three times": (a, b) => a.mul(a).add(a).mul(b),
};

describe("gradients equal central differences", () => {
  test.each(Object.keys(ops))("%s", (name) => {
    const [a, b] = [random(2, 3, 1), random(2, 3, 2)];
    const weights = random(2, 3, 3).detach();
    const loss = (): Tensor => {
      const y = ops[name](a, b);
      return y.data.length === 1 ? y : y.mul(weights).sum();
    };
    loss().backward();
    for (const x of [a, b])
      expect(x.grad).toBeAllClose(
        numericGrad(() => loss().item(), x),
        { rtol: 1e-7, atol: 1e-9 },
      );
  });

  test("both factors of a matrix product, of any sizes", () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, (m, k, n) => {
        const [a, b, weights] = [random(m, k, 1), random(k, n, 2), random(m, n, 3).detach()];
        const loss = (): Tensor => a.matmul(b).mul(weights).sum();
        loss().backward();
        for (const x of [a, b])
          expect(x.grad).toBeAllClose(
            numericGrad(() => loss().item(), x),
            { rtol: 1e-6, atol: 1e-8 },
          );
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test("a row that is added to every row, or multiplied with it, gets the sum over the rows", () => {
    const [row, a] = [random(1, 3, 1), random(4, 3, 2)];
    const loss = (): Tensor => a.mul(row).add(row).tanh().sum();
    loss().backward();
    expect(row.grad).toBeAllClose(
      numericGrad(() => loss().item(), row),
      { rtol: 1e-7, atol: 1e-9 },
    );
  });

  test("pass through a change of dtype", () => {
    const x = tensor([[2]], { requiresGrad: true, dtype: "float32" });
    x.to("float64").mul(3).backward();
    expect(Array.from(x.grad)).toEqual([3]);
  });
});

describe("the tape", () => {
  test("gradients of leaves add up over calls, those in between do not", () => {
    const x = tensor([[2]], { requiresGrad: true });
    const y = x.mul(3);
    const z = y.mul(y);
    z.backward();
    z.backward();
    expect(y.grad[0]).toBe(12);
    expect(x.grad[0]).toBe(72);
    x.zeroGrad();
    expect(x.grad[0]).toBe(0);
  });

  test("ten thousand steps deep is not too deep", () => {
    const x = tensor([[1]], { requiresGrad: true });
    let y = x.mul(1);
    for (let k = 0; k < 10_000; k++) y = y.add(x);
    y.backward();
    expect(x.grad[0]).toBe(10_001);
  });

  test("noGrad keeps no way back, and recording resumes after an error", () => {
    const x = tensor([[2]], { requiresGrad: true });
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    expect(() => noGrad(() => x.matmul(zeros(2, 2)))).toThrow("matmul");
    expect(x.mul(2).requiresGrad).toBe(true);
  });

  test("detach cuts the way back", () => {
    const x = tensor([[2]], { requiresGrad: true });
    x.mul(3).detach().mul(x).backward();
    expect(x.grad[0]).toBe(6);
  });
});

describe("refusals name what must be and what came", () => {
  const a = zeros(2, 3);
  test.each<[string, () => unknown]>([
    ["add: b must be [2, 3] or [1, 3], got [3, 2]", () => a.add(zeros(3, 2))],
    ["mul: b must be [1, 3], got [2, 3]", () => zeros(1, 3).mul(a)],
    ["matmul: b must be [3, any] to follow [2, 3], got [2, 3]", () => a.matmul(a)],
    ["add: both sides must be float64, got float32", () => a.add(full(2, 3, 1, { dtype: "float32" }))],
    ["concat: every part must be [2, any], got [3, 2]", () => concat([a, zeros(3, 2)])],
    ["scaleRows: by must be [2, 1], got [1, 3]", () => scaleRows(a, zeros(1, 3))],
    ["columns: from and to must be in 0..3, got 2 and 4", () => columns(a, 2, 4)],
    ["gatherRows: indices must be integers in 0..1, got 2 at 1", () => gatherRows(a, [0, 2])],
    ["item: the tensor must be [1, 1], got [2, 3]", () => a.item()],
    ["backward: start from one number, e.g. y.sum().backward(), got [2, 3]", () => a.backward()],
    ["backward: nothing that made this number tracks a gradient", () => a.sum().backward()],
    ["grad: this tensor tracks no gradient; make it with { requiresGrad: true }", () => a.grad],
    ["tensor: every entry must be a finite number, got NaN at [1][0]", () => tensor([[1], [Number.NaN]])],
    ["tensor: row 1 must have 2 entries, got 1", () => tensor([[1, 2], [3]])],
    ["tensor: rows must be an array of rows of numbers like [[1, 2], [3, 4]], got an array of 0", () => tensor([])],
    ["full: cols must be an integer >= 1, got -1", () => zeros(2, -1)],
    [
      'tensor: unknown option "requiresgrad"; did you mean requiresGrad?',
      () => zeros(1, 1, { requiresgrad: true } as object),
    ],
    ['tensor: dtype must be "float64" or "float32", got "f32"', () => zeros(1, 1, { dtype: "f32" as "float32" })],
  ])("%s", (message, attempt) => {
    expect(attempt).toThrow(message);
  });
});
