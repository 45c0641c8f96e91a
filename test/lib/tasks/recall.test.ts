import fc from "fast-check";
import { recall, seededRng } from "unrolled";
import { describe, expect, test } from "vitest";
import { argOnes, average, conditionalEntropy } from "./measuring.js";

const clue = /\b(France|Italy|Japan|Poland|Turkey|Greece|Finland|Portugal)\b/;
const thing = /\b(clouds|fish|trains|books|cows|monkeys|loaves|letters)\b/;
const wordsAfter = (text: string, found: RegExp): number => text.split(found)[2].trim().split(" ").length;

test("recall: the gap is the number of words between the clue and the blank", () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 60 }), fc.integer(), (gap, seed) => {
      const { batch, gap: said } = recall({ gap, batchSize: 20 }, seededRng(seed));
      expect(said).toBe(gap);
      for (const text of batch().texts) {
        expect(text.match(new RegExp(clue, "g"))).toHaveLength(1);
        expect(wordsAfter(text, clue)).toBe(gap);
        expect(text).toMatch(/(speak fluent|still speak|dream in|we speak|mother tongue is)$/);
      }
    }),
    { numRuns: 30, seed: 1 },
  );
});

test("recall: the class names the language of the country", () => {
  const { batch, answers } = recall({ batchSize: 300 }, seededRng(2));
  const { texts, classes } = batch();
  const pairs = new Set(texts.map((text, b) => `${text.match(clue)?.[0]} ${answers[classes[b]]}`));
  expect([...pairs].sort()).toEqual([
    "Finland Finnish",
    "France French",
    "Greece Greek",
    "Italy Italian",
    "Japan Japanese",
    "Poland Polish",
    "Portugal Portuguese",
    "Turkey Turkish",
  ]);
});

test("recall: in the short kind the clue is two or three words away, after as long a story", () => {
  const { batch, answers } = recall({ kind: "short", gap: 25, batchSize: 300 }, seededRng(3));
  const { texts, classes, lengths } = batch();
  const pairs = new Set(texts.map((text, b) => `${text.match(thing)?.[0]} ${answers[classes[b]]}`));
  expect(pairs.size).toBe(8);
  expect(pairs).toContain("clouds sky");
  for (const text of texts) {
    expect([2, 3]).toContain(wordsAfter(text, thing));
    expect(text).toMatch(/ in the$/);
    expect(text).not.toMatch(clue);
  }
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([30, 31]);
});

test("recall: the story is made of whole sentences, none told twice while others fit, and one aside at most", () => {
  const { texts } = recall({ gap: 40, batchSize: 200 }, seededRng(6)).batch();
  for (const text of texts) {
    const [, ...told] = text.split(" . ");
    expect(told.join(" ")).not.toMatch(/(well|of course|to this day) .*(well|of course|to this day)/);
    const sentences = told.slice(0, -1);
    const long = sentences.filter((sentence) => sentence.split(" ").length > 4);
    expect(new Set(long).size).toBe(long.length);
    for (const sentence of sentences) expect(sentence).not.toMatch(/well|of course|to this day/);
  }
});

test("recall: inputs spell the sentence, word by word", () => {
  const { batch, vocabulary } = recall({ kind: "mixed", batchSize: 40 }, seededRng(4));
  const { xs, texts, lengths } = batch();
  const shown = xs.map(argOnes);
  texts.forEach((text, b) => {
    const spelled = shown.slice(0, lengths[b]).map((row) => vocabulary[row[b]]);
    expect(spelled.join(" ")).toBe(text);
  });
  expect(vocabulary).not.toContain("CLUE");
  expect([...vocabulary]).toEqual([...new Set(vocabulary)].sort());
});

describe.each([
  ["long", 1 / 8],
  ["short", 1],
  ["mixed", 9 / 16],
] as const)("recall %s", (kind, nearWords) => {
  const { batch, baselines, answers } = recall({ kind, gap: 12, batchSize: 30_000 }, seededRng(5));
  const { texts, classes, target } = batch();
  const lastWords = (count: number) => texts.map((text) => text.split(" ").slice(-count).join(" "));

  test("without the clue all eight answers are as likely", () => {
    const seen = lastWords(2);
    const cost = conditionalEntropy(classes.map((k, b) => [seen[b], k] as const));
    expect(Math.abs(cost - baselines.crossEntropy)).toBeLessThan(0.004);
    expect(baselines).toMatchObject({ accuracy: 1 / 8, crossEntropy: Math.log(8) });
    const mine = (k: number, b: number) =>
      kind !== "mixed" || answers.indexOf(answers[k]) < 8 === classes[b] < 8 ? 1 / 8 : 0;
    const mse = average(target.data.length, (k) => {
      const [b, j] = [Math.floor(k / answers.length), k % answers.length];
      return (target.data[k] - mine(j, b)) ** 2;
    });
    expect(mse).toBeCloseTo(baselines.mse, 12);
  });

  test("the last five words are worth what nearWords says", () => {
    expect(baselines.nearWords).toBe(nearWords);
    const seen = lastWords(5);
    const counts = new Map<string, number[]>();
    classes.forEach((k, b) => {
      const row = counts.get(seen[b]) ?? Array<number>(answers.length).fill(0);
      row[k]++;
      counts.set(seen[b], row);
    });
    const right = [...counts.values()].reduce((sum, row) => sum + Math.max(...row), 0) / texts.length;
    expect(Math.abs(right - nearWords)).toBeLessThan(0.03); // the best of eight by chance is a little above 1/8
  });
});

test("recall: refuses what makes no task", () => {
  expect(() => recall({ gap: 4 })).toThrow("recall: gap must be an integer >= 5, got 4");
  expect(() => recall({ kind: "far" as "long" })).toThrow(
    'recall: kind must be "long" or "short" or "mixed", got "far"',
  );
});
