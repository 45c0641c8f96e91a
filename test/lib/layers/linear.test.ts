import { linear, numericGrad, seededRng, tensor, zeros } from "unrolled";
import { expect, test } from "vitest";

test("linear: x W + b, worked by hand", () => {
  const layer = linear(2, 1);
  layer.W.data.set([3, 4]);
  layer.b.data.set([0.5]);
  expect(
    layer
      .of(
        tensor([
          [1, 2],
          [0, 1],
        ]),
      )
      .tolist(),
  ).toEqual([[11.5], [4.5]]);
});

test.each(["W", "b"])("linear: ∂loss/∂%s equals central differences", (name) => {
  const layer = linear(3, 2, { rng: seededRng(1) });
  const x = tensor([
    [1, -2, 0.5],
    [0, 1, 2],
  ]);
  const loss = () => layer.of(x).tanh().sum();
  loss().backward();
  const parameter = layer.parameters()[name];
  expect(parameter.grad).toBeAllClose(
    numericGrad(() => loss().item(), parameter),
    { rtol: 1e-7, atol: 1e-9 },
  );
});

test("linear: refuses what does not fit", () => {
  expect(() => linear(3, 2).of(zeros(1, 2))).toThrow("x must be [batchSize, 3], got [1, 2]");
  expect(() => linear(3, 0)).toThrow("linear: outputSize must be an integer >= 1, got 0");
  expect(() => linear(3, 1, { bias: true } as object)).toThrow(
    'linear: unknown option "bias"; there are: rng, dtype, init',
  );
});
