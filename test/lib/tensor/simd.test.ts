import fc from "fast-check";
import { seededRng } from "unrolled";
import { describe, expect, test } from "vitest";
import * as dispatch from "../../../lib/src/tensor/kernels/dispatch.js";
import * as reference from "../../../lib/src/tensor/kernels/reference.js";
import { simd } from "../../../lib/src/tensor/kernels/simd/simd.js";

const { functions, memory } = simd()!;
const normals = (count: number, seed: number): Float32Array => {
  const rng = seededRng(seed);
  return Float32Array.from({ length: count }, () => rng.normal());
};
const lay = (values: Float32Array): number => {
  const at = memory.take(values.length);
  memory.floats.set(values, at / 4);
  return at;
};
const read = (at: number, count: number): Float32Array => memory.floats.slice(at / 4, at / 4 + count);

/** a[m,k] b[k,n] in float64. */
function product(m: number, k: number, n: number, a: Float32Array, b: Float32Array, c = new Float64Array(m * n)) {
  reference.gemm(m, k, n, Float64Array.from(a), Float64Array.from(b), c);
  return c;
}

const flipped = (rows: number, cols: number, a: Float32Array): Float32Array =>
  reference.transposed(rows, cols, a) as Float32Array;

const size = fc.oneof(fc.integer({ min: 1, max: 17 }), fc.constantFrom(32, 33, 64, 300));
const within = (scale: number) => ({ rtol: 1e-5, atol: 2e-6 * Math.sqrt(scale) });

describe("float32 matrix products on SIMD", () => {
  test("gemm: all four layouts, every size, fresh and added to what is there", () => {
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), fc.boolean(), (m, k, n, aT, bT, more) => {
        const [a, b, c] = [normals(m * k, 1), normals(k * n, 2), normals(m * n, 3)];
        const [atA, atB, atC] = [lay(aT ? flipped(m, k, a) : a), lay(bT ? flipped(k, n, b) : b), lay(c)];
        const scratch = memory.take(functions.gemmScratch(m) / 4);
        const [aSteps, bSteps] = [aT ? [1, m] : [k, 1], bT ? [1, k] : [n, 1]] as [number, number][];
        functions.gemm(m, n, k, atA, ...aSteps, atB, ...bSteps, atC, n, more ? 1 : 0, scratch);
        const expected = product(m, k, n, a, b, more ? Float64Array.from(c) : undefined);
        expect(Array.from(read(atC, m * n))).toBeAllClose(Array.from(expected), within(k));
        for (const [at, count] of [
          [atA, m * k],
          [atB, k * n],
          [atC, m * n],
        ] as const)
          memory.release(at, count);
        memory.release(scratch, functions.gemmScratch(m) / 4);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test("gemmPacked: the same numbers from panels that are packed once", () => {
    fc.assert(
      fc.property(size, size, size, (m, k, n) => {
        const [a, b] = [normals(m * k, 1), normals(k * n, 2)];
        const wide = Math.ceil(n / 8) * 8;
        const [atA, atB, packed, atC] = [lay(a), lay(b), memory.take(k * wide), memory.take(m * wide)];
        const scratch = memory.take(functions.gemmScratch(m) / 4 + m * k + 4 * k);
        functions.packB(packed, k * 8, atB, n, k, n, 1);
        functions.gemmPacked(m, wide, k, atA, k, packed, atC, wide, 0, scratch);
        const rows = Array.from({ length: m }, (_, r) => Array.from(read(atC + 4 * r * wide, wide)));
        const expected = product(m, k, n, a, b);
        expect(rows.flatMap((row) => row.slice(0, n))).toBeAllClose(Array.from(expected), within(k));
        expect(rows.flatMap((row) => row.slice(n)).every((v) => v === 0)).toBe(true);
        for (const [at, count] of [
          [atA, m * k],
          [atB, k * n],
          [packed, k * wide],
          [atC, m * wide],
        ] as const) {
          memory.release(at, count);
        }
        memory.release(scratch, functions.gemmScratch(m) / 4 + m * k + 4 * k);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  test("the tape's products agree with the reference at the sizes where it changes over", () => {
    for (const [m, k, n] of [
      [8, 16, 16],
      [16, 16, 9],
      [5, 100, 7],
      [32, 34, 128],
    ]) {
      const [a, b] = [normals(m * k, 1), normals(k * n, 2)];
      const c = new Float32Array(m * n);
      dispatch.gemm(m, k, n, a, b, c);
      expect(Array.from(c)).toBeAllClose(Array.from(product(m, k, n, a, b)), within(k));
      const back = new Float32Array(m * k);
      dispatch.gemmABt(m, n, k, c, b, back);
      expect(Array.from(back)).toBeAllClose(Array.from(product(m, n, k, c, flipped(k, n, b))), within(n * k));
      const other = new Float32Array(k * n);
      dispatch.gemmAtB(k, m, n, a, c, other);
      expect(Array.from(other)).toBeAllClose(Array.from(product(k, m, n, flipped(m, k, a), c)), within(m * k));
    }
  });

  test("two runs give the same bits", () => {
    const [a, b] = [normals(33 * 300, 1), normals(300 * 17, 2)];
    const run = () => {
      const c = new Float32Array(33 * 17);
      dispatch.gemm(33, 300, 17, a, b, c);
      return c;
    };
    expect(run()).toEqual(run());
  });

  test("NaN stays NaN, in its own row only", () => {
    const a = normals(16 * 32, 1);
    a[5 * 32 + 3] = Number.NaN;
    const c = new Float32Array(16 * 16);
    dispatch.gemm(16, 32, 16, a, normals(32 * 16, 2), c);
    expect(Array.from({ length: 16 }, (_, r) => c.subarray(r * 16, (r + 1) * 16).every(Number.isNaN))).toEqual(
      Array.from({ length: 16 }, (_, r) => r === 5),
    );
  });
});

describe("float32 tanh and sigmoid on SIMD", () => {
  /** Numbers from all over the float32 range: every 9,973rd bit pattern between −∞ and ∞. */
  const everywhere = (): Float32Array => {
    const bits: number[] = [];
    for (let k = 0; k < 0x7f800000; k += 9973) bits.push(k, k | 0x80000000);
    return new Float32Array(Int32Array.from(bits).buffer);
  };
  const ulp = 2 ** -23; // the distance of float32 numbers just above 1

  test.each<[string, typeof dispatch.tanh, (x: number) => number]>([
    ["tanh", dispatch.tanh, Math.tanh],
    ["sigmoid", dispatch.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  ])("%s is off by at most 2 units in the last place of 1, over the whole range", (_, op, exact) => {
    const x = everywhere();
    const y = new Float32Array(x.length);
    op(x, y);
    let worst = 0;
    for (let k = 0; k < x.length; k++) worst = Math.max(worst, Math.abs(y[k] - exact(x[k])));
    expect(worst).toBeLessThan(2 * ulp);
    expect(y.reduce((most, v) => Math.max(most, Math.abs(v)))).toBeLessThanOrEqual(1);
  });

  test("near 0, where a gate's slope matters, tanh keeps its relative precision", () => {
    const x = Float32Array.from({ length: 4000 }, (_, k) => 2 ** (-30 + k / 133));
    const y = new Float32Array(x.length);
    dispatch.tanh(x, y);
    let worst = 0;
    for (let k = 0; k < x.length; k++) worst = Math.max(worst, Math.abs(y[k] / Math.tanh(x[k]) - 1));
    expect(worst).toBeLessThan(6 * ulp);
  });

  test("NaN stays NaN, infinities saturate, at any length", () => {
    for (const length of [1, 31, 32, 33, 35]) {
      const x = new Float32Array(length).fill(Number.NaN);
      const y = new Float32Array(length);
      dispatch.tanh(x, y);
      expect(y.every(Number.isNaN)).toBe(true);
      dispatch.sigmoid(x.fill(Number.POSITIVE_INFINITY), y);
      expect(y.every((v) => Math.abs(v - 1) < 1e-6)).toBe(true);
    }
  });
});
