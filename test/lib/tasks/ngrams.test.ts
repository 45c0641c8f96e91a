import fc from "fast-check";
import { characterText, corpus, ngrams } from "unrolled";
import { expect, test } from "vitest";

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("ngrams, order 1: shares worked by hand", () => {
  // "aab": a twice, b once, two kinds: p(a) = (2 + 2 · 1/2) / (3 + 2) = 0.6, p(b) = (1 + 1) / 5 = 0.4
  const [a, b] = ngrams("aab", 1).bits("xab");
  expect(a).toBeCloseTo(-Math.log2(0.6), 12);
  expect(b).toBeCloseTo(-Math.log2(0.4), 12);
});

test("ngrams, order 2: what was seen after a context, and what was not", () => {
  // after a: a once, b once, of two kinds. p(b | a) = (1 + 2 · 0.4) / (2 + 2) = 0.45
  expect(ngrams("aab", 2).bits("ab")[0]).toBeCloseTo(-Math.log2(0.45), 12);
  // b was never followed: the shorter context alone, p(a) = 0.6
  expect(ngrams("aab", 2).bits("ba")[0]).toBeCloseTo(-Math.log2(0.6), 12);
});

test("ngrams: after every context the shares of all characters add up to 1", () => {
  const letters = [..."abcd"];
  const text = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 5 }), (seen, before, order) => {
      const model = ngrams(seen, order, { symbols: 4 });
      const shares = letters.map((letter) => 2 ** -model.bits(before + letter).at(-1)!);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }),
  );
});

test("ngrams: on its own text order 2 comes near the entropy that characterText gives, from above", () => {
  const text = corpus.prose;
  const { bigram, unigram } = characterText({ text }).baselines;
  const [one, two] = [1, 2].map((order) => mean(ngrams(text, order).bits(text)));
  expect(one).toBeGreaterThan(unigram / Math.LN2 - 0.01);
  expect(one).toBeLessThan(unigram / Math.LN2 + 0.05);
  expect(two).toBeGreaterThan(bigram / Math.LN2);
  expect(two).toBeLessThan(bigram / Math.LN2 + 0.4);
});

test("ngrams: refusals", () => {
  expect(() => ngrams("", 2)).toThrow("ngrams: text must be a text");
  expect(() => ngrams("ab", 0)).toThrow("ngrams: order");
});
