import fc from "fast-check";
import { agreement, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { argOnes, average, conditionalEntropy } from "./measuring.js";

const singular = "key letter picture ladder lamp coat cabinet bicycle basket mirror".split(" ");
const plural = singular.map((noun) => `${noun}s`);
const nounsOf = (text: string): string[] => text.split(" ").filter((word) => [...singular, ...plural].includes(word));

test("agreement: the subject's number is the class; the attractors are of the other, at the distance asked for", () => {
  const options = fc.record({
    attractors: fc.integer({ min: 0, max: 4 }),
    slack: fc.integer({ min: 0, max: 68 }),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(options, ({ attractors, slack, seed }) => {
      const distance = Math.max(1, 3 * attractors) + slack;
      const drawn = agreement({ attractors, distance, batchSize: 10 }, seededRng(seed)).batch();
      drawn.texts.forEach((text, b) => {
        const words = text.split(" ");
        const [subject, ...others] = nounsOf(text);
        const [own, other] = drawn.classes[b] === 1 ? [plural, singular] : [singular, plural];
        expect(own).toContain(subject);
        expect(others).toHaveLength(attractors);
        for (const noun of others) expect(other).toContain(noun);
        expect(words.indexOf(subject)).toBe(2);
        expect(words.length - 3).toBe(distance);
        expect([drawn.attractors[b], drawn.distances[b], drawn.lengths[b]]).toEqual([
          attractors,
          distance,
          words.length,
        ]);
      });
    }),
    { numRuns: 40, seed: 1 },
  );
});

test("agreement: distance 5 to 80 with 0 to 4 attractors, in any order", () => {
  const { texts, distances, attractors } = agreement(
    { attractors: [0, 4], distance: [12, 80], batchSize: 2000 },
    seededRng(2),
  ).batch();
  expect(new Set(attractors)).toEqual(new Set([0, 1, 2, 3, 4]));
  expect([Math.min(...distances), Math.max(...distances)]).toEqual([12, 80]);
  const isAttractor = (k: number) => (text: string) =>
    nounsOf(
      text
        .split(" ")
        .slice(k, k + 3)
        .join(" "),
    ).length === 1;
  expect(texts.some(isAttractor(3))).toBe(true);
  expect(texts.some(isAttractor(-3))).toBe(false);
  expect(
    texts.some((text) => nounsOf(text).length === 5 && /(near|behind|beside|under|above|beyond) the \w+$/.test(text)),
  ).toBe(true);
  expect(
    texts.some((text) => nounsOf(text).length === 5 && !/(near|behind|beside|under|above|beyond) the \w+$/.test(text)),
  ).toBe(true);
  expect(agreement({ attractors: 1, distance: 5 }).batch().distances).toEqual(Array(32).fill(5));
});

test("agreement: an attractor comes before or after the rest, equally often", () => {
  const { texts } = agreement({ attractors: 1, distance: 4, batchSize: 4000 }, seededRng(6)).batch();
  const last = texts.filter((text) => nounsOf(text.split(" ").at(-1)!).length === 1).length;
  expect(Math.abs(last / 4000 - 1 / 2)).toBeLessThan(0.032); // four standard errors
});

test("agreement: inputs spell the sentence, word by word", () => {
  const { batch, vocabulary, answers } = agreement({ batchSize: 40 }, seededRng(3));
  const { xs, texts, lengths } = batch();
  const shown = xs.map(argOnes);
  texts.forEach((text, b) => {
    expect(
      shown
        .slice(0, lengths[b])
        .map((row) => vocabulary[row[b]])
        .join(" "),
    ).toBe(text);
  });
  expect(answers).toEqual(["is", "are"]);
  expect(vocabulary).not.toContain("is");
});

test("agreement: chance and the noun last seen are worth what the baselines say", () => {
  const { batch, baselines } = agreement({ batchSize: 8000 }, seededRng(4));
  const { texts, classes, target, attractors, distances } = batch();
  const recent = texts.map((text) => (plural.includes(nounsOf(text).at(-1)!) ? 1 : 0));
  const accuracy = average(classes.length, (b) => (recent[b] === classes[b] ? 1 : 0));
  expect(Math.abs(accuracy - baselines.recentNoun)).toBeLessThan(0.018);
  expect(baselines.recentNoun).toBe(1 / 5);
  expect(Math.abs(average(classes.length, (b) => classes[b]) - baselines.accuracy)).toBeLessThan(0.023);
  const shape = conditionalEntropy(classes.map((k, b) => [`${attractors[b]} ${distances[b]}`, k] as const));
  expect(Math.abs(shape - baselines.crossEntropy)).toBeLessThan(0.008);
  expect(average(target.data.length, (k) => (target.data[k] - 1 / 2) ** 2)).toBe(baselines.mse);
  expect(agreement({ attractors: [1, 3] }).baselines.recentNoun).toBe(0);
  expect(agreement({ attractors: 0 }).baselines.recentNoun).toBe(1);
});

test("agreement: all but the nouns fits both numbers", () => {
  const { texts, classes } = agreement({ attractors: 0, distance: 12, batchSize: 8000 }, seededRng(5)).batch();
  const words = texts.flatMap((text, b) =>
    [...new Set(text.split(" "))]
      .filter((word) => nounsOf(word).length === 0)
      .map((word) => [word, classes[b]] as const),
  );
  expect(Math.abs(conditionalEntropy(words) - Math.log(2))).toBeLessThan(0.002);
});

test("agreement: refuses what makes no task", () => {
  expect(() => agreement({ attractors: 4, distance: 11 })).toThrow(
    "agreement: distance must leave room for all attractors; 4 attractors need 12 words, got 11",
  );
  expect(() => agreement({ attractors: -1 })).toThrow(
    "agreement: attractors must be an integer >= 0 or a pair [low, high] of them, got -1",
  );
  expect(() => agreement({ attractors: 0, distance: 0 })).toThrow(
    "agreement: distance must be an integer >= 1 or a pair",
  );
  expect(() => agreement({ atractors: 2 } as object)).toThrow(
    'agreement: unknown option "atractors"; did you mean attractors?',
  );
});
