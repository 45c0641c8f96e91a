import fc from "fast-check";
import { correlation } from "unrolled";
import { expect, test } from "vitest";

test("correlation: worked by hand, at its ends, and where nothing varies", () => {
  // deviations (−1, 0, 1) and (−1, 1, 0): products 1 + 0 + 0; squares 2 and 2
  expect(correlation([1, 2, 3], [1, 3, 2])).toBeCloseTo(0.5, 12);
  expect(correlation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
  expect(correlation(Float32Array.of(1, 2, 4), [-1, -2, -4])).toBeCloseTo(-1, 12);
  expect(correlation([1, 1, 1], [1, 2, 3])).toBe(0);
});

test("correlation: scale and offset do not matter; it is symmetric and within ±1", () => {
  const numbers = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 2,
  });
  fc.assert(
    fc.property(numbers, (pairs) => {
      const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      const r = correlation(a, b);
      expect(Math.abs(r)).toBeLessThanOrEqual(1 + 1e-12);
      expect(correlation(b, a)).toBeCloseTo(r, 12);
      expect(
        correlation(
          a.map((x) => 3 * x + 5),
          b,
        ),
      ).toBeCloseTo(r, 10);
    }),
  );
});

test("correlation: refusals", () => {
  expect(() => correlation([1], [1, 2])).toThrow(
    "correlation: b must have as many numbers as a, at least 1, got 2 and 1",
  );
  expect(() => correlation([], [])).toThrow("got 0 and 0");
});
