import { numericGrad, seededRng, type Tensor, tensor } from "unrolled";
import { expect, test } from "vitest";

/** A [rows, cols] tensor of normal numbers, tracked; the same for the same name. */
export function normal(rows: number, cols: number, name: string): Tensor {
  const rng = seededRng(0).fork(name);
  const values = Array.from({ length: rows }, () => Array.from({ length: cols }, () => rng.normal()));
  return tensor(values, { requiresGrad: true });
}

/**
 * Tests that every parameter of a layer, and every input, has the gradient that central differences find.
 * @param run the layer's outputs for these inputs
 */
export function holdLayerGradients<L extends { parameters(): Record<string, Tensor> }>(
  make: () => L,
  inputs: Record<string, Tensor>,
  run: (layer: L) => Tensor[],
): void {
  test.each([...Object.keys(make().parameters()), ...Object.keys(inputs)])("∂loss/∂%s", (name) => {
    const layer = make();
    const weighted = (y: Tensor, k: number): Tensor => y.mul(normal(y.rows, y.cols, `weights ${k}`).detach()).sum();
    const loss = (): Tensor =>
      run(layer)
        .map(weighted)
        .reduce((sum, part) => sum.add(part));
    const checked = layer.parameters()[name] ?? inputs[name];
    checked.zeroGrad();
    loss().backward();
    expect(Math.max(...checked.grad.map(Math.abs))).toBeGreaterThan(1e-4);
    expect(checked.grad).toBeAllClose(
      numericGrad(() => loss().item(), checked),
      { rtol: 1e-6, atol: 1e-8 },
    );
  });
}

/** The layer with every parameter set; what is not named becomes 0. */
export function filled<L extends { parameters(): Record<string, Tensor> }>(
  layer: L,
  values: Record<string, readonly number[]>,
): L {
  for (const [name, { data }] of Object.entries(layer.parameters())) data.fill(0).set(values[name] ?? []);
  return layer;
}
