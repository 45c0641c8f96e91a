import { counting, followsGrammar, type GrammarBatch, seededRng, tensor } from "unrolled";
import { describe, expect, test } from "vitest";
import { argOnes, average } from "./measuring.js";

/** n of S aⁿ bⁿ (cⁿ) T, counted letter by letter; −1 for any other string. */
function countOf(text: string, letters: string): number {
  const runs = [...letters].map((letter) => text.split(letter).length - 1);
  const spelled = `S${[...letters].map((letter, k) => letter.repeat(runs[k])).join("")}T`;
  return spelled === text && new Set(runs).size === 1 ? runs[0] : -1;
}

/** Scores of a, b, T after S, a and b: what is likeliest to be legal by the present letter alone. */
const memoryless = tensor([
  [1, 0, 0],
  [1, 1, 0],
  [0, 1, 0],
]);

const legalLetters = ({ legal }: GrammarBatch, b: number, symbols: readonly string[]): string[] =>
  legal.map((y) => symbols.filter((_, j) => y.data[b * symbols.length + j] === 1).join(""));

describe.each([
  { language: "a^n b^n", letters: "ab" },
  { language: "a^n b^n c^n", letters: "abc" },
] as const)("counting $language", ({ language, letters }) => {
  const symbols = [...letters, "T"];

  test("strings belong to the language; n fills the range, for learning and for the test", () => {
    const task = counting({ language, n: [2, 5], testN: [8, 9], batchSize: 200 }, seededRng(1));
    const seen = (batch: GrammarBatch) => new Set(batch.texts.map((text) => countOf(text, letters)));
    expect(seen(task.batch())).toEqual(new Set([2, 3, 4, 5]));
    expect(seen(task.test.batch())).toEqual(new Set([8, 9]));
    expect(task.inputSymbols).toEqual(["S", ...letters]);
    expect(task.outputSymbols).toEqual(symbols);
  });

  test("after each symbol exactly those are legal with which some string of the language goes on", () => {
    const task = counting({ language, n: [1, 6], batchSize: 40 }, seededRng(2));
    const batch = task.batch();
    const language20 = Array.from({ length: 20 }, (_, k) => task.string(k + 1).texts[0]);
    batch.texts.forEach((text, b) => {
      const legal = legalLetters(batch, b, symbols);
      for (let t = 0; t + 1 < text.length; t++) {
        const goesOn = symbols.filter((s) => language20.some((other) => other.startsWith(text.slice(0, t + 1) + s)));
        expect(legal[t]).toBe(goesOn.join(""));
      }
    });
  });

  test("the baselines are what such answers cost", () => {
    const task = counting({ language, n: [2, 6], batchSize: 20_000 }, seededRng(3));
    const { xs, legal, classes, lengths } = task.batch();
    const shown = xs.map(argOnes);
    const [pairs, outputs] = [new Map<string, number[]>(), symbols.length];
    const real = shown.flatMap((row, t) => row.flatMap((symbol, b) => (t < lengths[b] ? [{ symbol, t, b }] : [])));
    for (const { symbol, t, b } of real) {
      for (let j = 0; j < outputs; j++) {
        const key = `${symbol} ${j}`;
        const [ones, all] = pairs.get(key) ?? [0, 0];
        pairs.set(key, [ones + legal[t].data[b * outputs + j], all + 1]);
      }
    }
    const entropy = (p: number) => (p === 0 || p === 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));
    const binary = [...pairs.values()].reduce((sum, [ones, all]) => sum + all * entropy(ones / all), 0);
    expect(Math.abs(binary / (real.length * outputs) - task.baselines.memoryless)).toBeLessThan(0.002);
    const after = new Map<string, number>();
    const from = new Map<number, number>();
    for (const { symbol, t, b } of real) {
      const key = `${symbol} ${classes[t][b]}`;
      after.set(key, (after.get(key) ?? 0) + 1);
      from.set(symbol, (from.get(symbol) ?? 0) + 1);
    }
    const next = [...after].reduce((sum, [key, n]) => sum - n * Math.log(n / from.get(Number(key.split(" ")[0]))!), 0);
    expect(Math.abs(next / real.length - task.baselines.memorylessNext)).toBeLessThan(0.004);
    const solved = (lengths.length * Math.log(5)) / real.length; // all there is to know of a string is its n
    expect(Math.abs(solved - task.baselines.solvedNext)).toBeLessThan(0.002);
  });

  test("string(n) is the one string with that n", () => {
    const { texts, lengths, xs } = counting({ language }).string(50);
    expect(texts).toEqual([`S${[...letters].map((letter) => letter.repeat(50)).join("")}T`]);
    expect([lengths, xs.length]).toEqual([[letters.length * 50 + 1], letters.length * 50 + 1]);
  });
});

test("counting: the memoryless answer is never right about a whole string with n >= 2", () => {
  const batch = counting({ n: [2, 9] }, seededRng(4)).batch();
  const guess = batch.xs.map((x) => x.matmul(memoryless));
  expect(followsGrammar(guess, batch)).toEqual(Array(32).fill(false));
  const single = counting().string(1);
  expect(
    followsGrammar(
      single.xs.map((x) => x.matmul(memoryless)),
      single,
    ),
  ).toEqual([false]);
});

test("counting: predict says what targets hold; n up to 10 for learning, 11 to 30 for the test unless told", () => {
  const task = counting({ batchSize: 400 }, seededRng(5));
  const batch = task.batch();
  expect(batch.targets).toBe(batch.legal);
  const counts = (texts: string[]) => texts.map((text) => countOf(text, "ab"));
  expect([Math.min(...counts(batch.texts)), Math.max(...counts(batch.texts))]).toEqual([1, 10]);
  const held = counts(task.test.batch().texts);
  expect([Math.min(...held), Math.max(...held)]).toEqual([11, 30]);
  expect(Math.abs(average(400, (b) => counts(batch.texts)[b]) - 5.5)).toBeLessThan(0.6);
  const next = counting({ predict: "next" }, seededRng(5)).batch();
  expect(next.targets.map(argOnes)).toEqual(next.classes);
});

test("counting: with a single n nothing is open but where memory is missing", () => {
  expect(counting({ n: 1 }).baselines).toEqual({ memoryless: 0, memorylessNext: 0, solvedNext: 0 });
  expect(counting({ n: 4 }).baselines.solvedNext).toBe(0);
});

test("counting: refuses what makes no task", () => {
  expect(() => counting({ language: "anbn" as "a^n b^n" })).toThrow(
    'counting: language must be "a^n b^n" or "a^n b^n c^n", got "anbn"',
  );
  expect(() => counting({ n: 0 })).toThrow("counting: n must be an integer >= 1 or a pair [low, high] of them, got 0");
  expect(() => counting({ testN: 0 })).toThrow("counting: testN must be an integer >= 1 or a pair");
  expect(() => counting({ testN: [5, 2] })).toThrow("counting: testN must be an integer >= 1 or a pair");
  expect(() => counting({ predict: "all" as "next" })).toThrow(
    'counting: predict must be "next" or "legal", got "all"',
  );
  expect(() => counting().string(0)).toThrow("counting.string: n must be an integer >= 1, got 0");
});
