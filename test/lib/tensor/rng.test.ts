import fc from "fast-check";
import { seededRng } from "unrolled";
import { expect, test } from "vitest";
import { splitmix64, xoshiro128starstar } from "../../../lib/src/tensor/rng.js";

const draw = <T>(n: number, next: () => T): T[] => Array.from({ length: n }, next);

test("xoshiro128**: the published vector for the state 1, 2, 3, 4", () => {
  // what the authors' C code (prng.di.unimi.it/xoshiro128starstar.c) prints
  const expected = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ];
  expect(draw(10, xoshiro128starstar(Uint32Array.of(1, 2, 3, 4)))).toEqual(expected);
});

test("splitmix64: the published vector for the seed 1234567", () => {
  const expected = [
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ];
  expect(draw(5, splitmix64(1234567n))).toEqual(expected);
});

test("seededRng: the same seed gives the same numbers, another seed others", () => {
  const [a, b, c] = [1, 1, 2].map((seed) => draw(20, seededRng(seed).uniform));
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
});

test("fork: depends on the name, not on how many numbers were drawn before", () => {
  const [fresh, used] = [seededRng(1), seededRng(1)];
  draw(100, used.bits);
  expect(draw(5, used.fork("data").bits)).toEqual(draw(5, fresh.fork("data").bits));
  expect(draw(5, fresh.fork("weights").bits)).not.toEqual(draw(5, fresh.fork("data").bits));
  expect(draw(5, fresh.fork("data").fork("data").bits)).not.toEqual(draw(5, fresh.fork("data").bits));
});

test("uniform: in range, with the mean and variance of U[low, high)", () => {
  const rng = seededRng(3);
  const values = draw(100_000, () => rng.uniform(-1, 3));
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...values)).toBeLessThan(3);
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean - 1)).toBeLessThan(0.015); // four standard errors
  expect(Math.abs(variance - 16 / 12)).toBeLessThan(0.02);
});

test("normal: mean 0, variance 1, 68.3 % within one standard deviation", () => {
  const rng = seededRng(4);
  const values = draw(100_000, rng.normal);
  const share = values.filter((v) => Math.abs(v) < 1).length / values.length;
  expect(Math.abs(values.reduce((s, v) => s + v, 0) / values.length)).toBeLessThan(0.013);
  expect(Math.abs(values.reduce((s, v) => s + v * v, 0) / values.length - 1)).toBeLessThan(0.018);
  expect(Math.abs(share - 0.6827)).toBeLessThan(0.006);
});

test("int: every value in 0..n−1 comes up, none outside", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer(), (n, seed) => {
      const rng = seededRng(seed);
      expect(new Set(draw(n * 30, () => rng.int(n)))).toEqual(new Set(Array.from({ length: n }, (_, k) => k)));
    }),
    { numRuns: 40, seed: 2 },
  );
});

test("refuses an odd seed and an empty range", () => {
  expect(() => seededRng(0.5)).toThrow("seededRng: seed must be an integer, got 0.5");
  expect(() => seededRng("1" as unknown as number)).toThrow('seededRng: seed must be an integer, got "1"');
  expect(() => seededRng(1).int(0)).toThrow("rng.int: n must be an integer in 1..2^32, got 0");
});
