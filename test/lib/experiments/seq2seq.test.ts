import { describe, expect, test } from "vitest";
import { loadResult } from "../../../lib/src/experiments/load-result.js";
import { seq2seqExperiment } from "../../../lib/src/experiments/sweeps/seq2seq.js";

const quick = seq2seqExperiment.config("quick");
const [, attention] = quick.contestants;
const small = { ...quick, letters: 2, hiddenSize: 8, trained: [1, 2] as const, tested: [1, 2], testSize: 50 };

describe("seq2seq", () => {
  test("two letters, words of one or two: copied without a mistake after 150 steps", async () => {
    const spec = { key: "small", contestant: attention, seed: 1 };
    const outcome = await seq2seqExperiment.run({ ...small, steps: 150 }, spec);
    expect(outcome.letters).toEqual([1, 1]);
    expect(outcome.words).toEqual([1, 1]);
    expect(outcome.loss[0]).toBeLessThan(Math.log(2));
    expect(outcome.loss[2]).toBeLessThan(outcome.loss[0]);
  });

  test("untrained, it guesses: about one letter in eight is right, and hardly a word", async () => {
    const spec = { key: "untrained", contestant: attention, seed: 1 };
    const outcome = await seq2seqExperiment.run({ ...quick, steps: 0, tested: [6] }, spec);
    expect(outcome.letters[0]).toBeGreaterThan(0.08);
    expect(outcome.letters[0]).toBeLessThan(0.18);
    expect(outcome.words[0]).toBeLessThan(0.01);
  });

  test("plans every contestant on every seed, those with attention first", () => {
    const specs = seq2seqExperiment.plan(quick, {});
    expect(specs).toHaveLength(seq2seqExperiment.runCount(quick));
    expect(new Set(specs.map(({ key }) => key)).size).toBe(specs.length);
    expect(specs.map(({ contestant }) => contestant.attention)).toEqual([
      ...Array(6).fill(true),
      ...Array(6).fill(false),
    ]);
  });
});

/** Long runs cannot be redone in a test; their first steps can, and they depend on everything the rest depends on. */
describe("notebooks/data/seq2seq.json", () => {
  const { config, results } = loadResult("seq2seq");

  test.each(config.contestants)("$name: today's code takes the same first steps, bit for bit", async (contestant) => {
    const first = { ...config, steps: config.checkEvery, tested: [] };
    const { loss } = await seq2seqExperiment.run(first, { key: "first", contestant, seed: config.seeds[0] });
    expect(loss).toEqual([results[contestant.name].loss[0][0]]);
  });

  test("every seed has a whole curve and a share for every length", () => {
    for (const { loss, letters, words, lengths } of Object.values(results)) {
      expect(lengths).toEqual(config.tested);
      expect(loss.map((curve) => curve.length)).toEqual(config.seeds.map(() => config.steps / config.checkEvery));
      for (const shares of [...letters, ...words]) {
        expect(shares).toHaveLength(lengths.length);
        expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      }
    }
  });
});
