import { type Cell, numericGrad, seededRng, type Tensor, tensor, unroll } from "unrolled";
import { expect, test } from "vitest";

/** Tests that every parameter of a cell has the gradient that central differences find, over a sequence of three. */
// biome-ignore lint/suspicious/noExplicitAny: any cell will do
export function holdGradients(make: () => Cell<any, any>, atol = 1e-8): void {
  test.each(Object.keys(make().parameters()))("∂loss/∂%s", (name) => {
    const cell = make();
    const rng = seededRng(3);
    const random = (rows: number, cols: number): Tensor =>
      tensor(Array.from({ length: rows }, () => Array.from({ length: cols }, () => rng.normal())));
    const xs = Array.from({ length: 3 }, () => random(2, cell.inputSize));
    const weights = random(2, cell.hiddenSize); // a plain sum would hide swapped units
    const loss = (): Tensor => unroll(cell, xs).at(-1).h.mul(weights).sum();
    const parameter = cell.parameters()[name];
    loss().backward();
    expect(Math.max(...parameter.grad.map(Math.abs))).toBeGreaterThan(1e-4);
    expect(parameter.grad).toBeAllClose(
      numericGrad(() => loss().item(), parameter),
      { rtol: 1e-6, atol },
    );
  });
}
