import fc from "fast-check";
import { characterText, corpus, seededRng, vocabularyOf } from "unrolled";
import { expect, test } from "vitest";
import { argOnes, conditionalEntropy } from "./measuring.js";

test("vocabularyOf: decode undoes encode, for any string", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      const { encode, decode, size, symbols } = vocabularyOf(text);
      expect(decode(encode(text))).toBe(text);
      expect(size).toBe(new Set(text).size);
      expect([...symbols].sort()).toEqual(symbols);
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("vocabularyOf: counts code points, in a fixed order", () => {
  const { symbols, encode } = vocabularyOf("b😀aéb");
  expect(symbols).toEqual(["a", "b", "é", "😀"]);
  expect(encode("😀b")).toEqual([3, 1]);
});

test("vocabularyOf: says which character or number it does not know, and where", () => {
  const { encode, decode } = vocabularyOf("ab");
  expect(() => encode("abc")).toThrow('encode: every character must be in the vocabulary, got "c" at 2');
  expect(() => decode([0, 2])).toThrow("decode: numbers must be in 0..1, got 2 at 1");
  expect(() => vocabularyOf("")).toThrow('vocabularyOf: text must be a string with at least one character, got ""');
  expect(() => vocabularyOf(3 as never)).toThrow("got 3");
});

test("characterText: windows of the text, and the next character at each step", () => {
  const { batch, vocabulary, seqLen } = characterText({ text: corpus.prose, seqLen: 20, batchSize: 50 }, seededRng(1));
  const { xs, classes, texts, fresh } = batch();
  const shown = xs.map(argOnes);
  expect([seqLen, xs.length, fresh]).toEqual([20, 20, true]);
  texts.forEach((window, b) => {
    expect(corpus.prose).toContain(window);
    expect(vocabulary.decode(shown.map((row) => row[b]))).toBe(window.slice(0, -1));
    expect(vocabulary.decode(classes.map((row) => row[b]))).toBe(window.slice(1));
  });
});

test("characterText: random windows come from everywhere, both ends included", () => {
  const { texts } = characterText({ text: "abcdef", seqLen: 2, batchSize: 200 }, seededRng(2)).batch();
  expect([...new Set(texts)].sort()).toEqual(["abc", "bcd", "cde", "def"]);
});

test("characterText: a stream goes on where the last batch ended, a stretch a row, and says when it starts over", () => {
  const text = "abcdefghijklmnopqrstuvwxyz";
  const { batch } = characterText({ text, seqLen: 4, batchSize: 2, order: "stream" }, seededRng(3));
  const batches = Array.from({ length: 7 }, batch);
  expect(batches.slice(0, 4).map(({ texts }) => texts)).toEqual([
    ["abcde", "mnopq"],
    ["efghi", "qrstu"],
    ["ijklm", "uvwxy"],
    ["abcde", "mnopq"],
  ]);
  expect(batches.map(({ fresh }) => fresh)).toEqual([true, false, false, true, false, false, true]);
});

test("characterText: what is held out never shows up in a batch", () => {
  const text = `${"ab".repeat(50)}${"cd".repeat(13)}`;
  const task = characterText({ text, seqLen: 5, heldOut: 0.2, batchSize: 100 }, seededRng(4));
  for (const window of task.batch().texts) expect(window).toMatch(/^[ab]+$/);
  for (const window of task.heldOut!.batch().texts) expect(window).toMatch(/^[cd]+$/);
  expect(task.vocabulary.size).toBe(4);
  expect(task.heldOut!.batch().xs[0].shape).toEqual([100, 4]);
  expect(characterText({ text }).heldOut).toBeUndefined();
  const [a, b] = [4, 4].map((seed) => characterText({ text: corpus.verse, heldOut: 0.2 }, seededRng(seed)).heldOut!);
  expect(a.batch().texts).toEqual(b.batch().texts);
});

test("characterText: reading what is held out does not change what is learned from", () => {
  const make = () => characterText({ text: corpus.prose, heldOut: 0.1 }, seededRng(5));
  const [a, b] = [make(), make()];
  a.heldOut!.batch();
  expect(a.batch().texts).toEqual(b.batch().texts);
});

test("characterText: the baselines are what such answers cost on the text, and in batches", () => {
  const text = corpus.verse;
  const { batch, baselines, vocabulary } = characterText({ text, batchSize: 400 }, seededRng(6));
  const neighbours = [...text].slice(1).map((next, t) => [text[t], next] as const);
  expect(baselines.uniform).toBe(Math.log(vocabulary.size));
  expect(baselines.unigram).toBeCloseTo(conditionalEntropy(neighbours.map(([, next]) => [0, next] as const)), 10);
  expect(baselines.bigram).toBeCloseTo(conditionalEntropy(neighbours), 10);
  expect(baselines.bigram).toBeLessThan(baselines.unigram);
  const { texts } = batch();
  const drawn = texts.flatMap((window) => [...window].slice(1).map((next, t) => [window[t], next] as const));
  expect(Math.abs(conditionalEntropy(drawn.map(([, next]) => [0, next] as const)) - baselines.unigram)).toBeLessThan(
    0.02,
  );
  expect(Math.abs(conditionalEntropy(drawn) - baselines.bigram)).toBeLessThan(0.05);
});

test("characterText: worked by hand, abab: after a always b, so only the first guess is open", () => {
  const { baselines } = characterText({ text: "ababa", seqLen: 2 });
  expect(baselines.unigram).toBeCloseTo(Math.log(2), 12);
  expect(baselines.bigram).toBeCloseTo(0, 12);
});

test("characterText: refuses what makes no task", () => {
  expect(() => characterText({} as never)).toThrow("characterText: text must be a string, got undefined");
  expect(() => characterText({ text: "abc", seqLen: 3 })).toThrow(
    "characterText: text must have at least 4 characters, got 3",
  );
  expect(() => characterText({ text: "abcdefgh", seqLen: 4, batchSize: 2, order: "stream" })).toThrow(
    "characterText: text must have at least 9 characters, got 8",
  );
  expect(characterText({ text: "abcd", seqLen: 3 }).batch().texts[0]).toBe("abcd");
  const { batch } = characterText({ text: "abcdefghi", seqLen: 4, batchSize: 2, order: "stream" });
  expect(batch().texts).toEqual(["abcde", "efghi"]);
  expect(() => characterText({ text: corpus.verse, heldOut: 0.01 })).toThrow(
    "characterText: the part held out must have at least 65 characters, got 27",
  );
  expect(() => characterText({ text: "abc", heldOut: 1 })).toThrow(
    "characterText: heldOut must be a share in [0, 1), got 1",
  );
  expect(() => characterText({ text: "abc", order: "any" as "random" })).toThrow(
    'characterText: order must be "random" or "stream", got "any"',
  );
  expect(() => characterText({ text: "abc", seqlen: 2 } as never)).toThrow(
    'characterText: unknown option "seqlen"; did you mean seqLen?',
  );
});
