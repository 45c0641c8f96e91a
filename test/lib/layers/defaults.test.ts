import {
  additiveAttention,
  embedding,
  feedForward,
  gatedLinearUnit,
  highway,
  type LSTMCell,
  linear,
  mixtureOfExperts,
  type Rng,
  seededRng,
  selfAttention,
  type Tensor,
  tensor,
} from "unrolled";
import { describe, expect, test } from "vitest";

interface Options {
  rng?: Rng;
  dtype?: LSTMCell["dtype"];
  init?: (rows: number, cols: number) => Tensor;
}
const layers: Record<string, (options: Options) => { parameters(): Record<string, Tensor> }> = {
  linear: (options) => linear(3, 4, options),
  embedding: (options) => embedding(3, 4, options),
  feedForward: (options) => feedForward([3, 4, 2], options),
  additiveAttention: (options) => additiveAttention(3, 4, options),
  selfAttention: (options) => selfAttention(3, options),
  highway: (options) => highway(3, options),
  gatedLinearUnit: (options) => gatedLinearUnit(3, 4, options),
  mixtureOfExperts: (options) => mixtureOfExperts(3, 4, options),
};

describe.each(Object.entries(layers))("every layer (%s)", (_, make) => {
  const weights = (options: Options): string[] => Object.values(make(options).parameters()).map((p) => String(p.data));
  const parameters = Object.entries(make({}).parameters());
  const isMatrix = (name: string): boolean => !name.endsWith("b");

  test("without an rng starts from seededRng(0), and its matrices start unlike each other", () => {
    expect(weights({})).toEqual(weights({ rng: seededRng(0) }));
    expect(weights({})).not.toEqual(weights({ rng: seededRng(1) }));
    const drawn = parameters.filter(([name]) => isMatrix(name)).map(([, p]) => String(p.data));
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test("every parameter tracks a gradient, float64 unless told", () => {
    for (const [, p] of parameters) expect([p.requiresGrad, p.dtype]).toEqual([true, "float64"]);
    for (const p of Object.values(make({ dtype: "float32" }).parameters())) expect(p.dtype).toBe("float32");
  });

  test("init is heeded", () => {
    const twos = (rows: number, cols: number): Tensor =>
      tensor(
        Array.from({ length: rows }, () => Array(cols).fill(2)),
        { requiresGrad: true },
      );
    for (const [name, { data }] of Object.entries(make({ init: twos }).parameters())) {
      if (isMatrix(name)) expect(data.every((v) => v === 2)).toBe(true);
    }
  });
});
