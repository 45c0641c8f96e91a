import { existsSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { recordFile } from "../../../lib/src/experiments/files.js";
import { loadResult } from "../../../lib/src/experiments/load-result.js";
import { tiers } from "../../../lib/src/experiments/record.js";
import { sweepNames } from "../../../lib/src/experiments/registry.js";
import { trainOnce } from "../../../lib/src/experiments/train-once.js";

const kept = sweepNames
  .flatMap((name) => tiers.map((tier) => ({ name, tier, file: basename(recordFile(name, tier)) })))
  .filter(({ name, tier }) => existsSync(recordFile(name, tier)));

test("there are sweeps to check", () => {
  expect(kept.map(({ file }) => file)).toEqual(expect.arrayContaining(["recall.json", "pairs1997.full.json"]));
});

/** Long runs cannot be redone in a test; their first steps can, and they depend on everything the rest depends on. */
describe.each(kept)("notebooks/data/$file", ({ name, tier }) => {
  const { config, results } = loadResult(name, { tier });
  const [arena] = config.arenas;

  test.each(config.contestants.slice(0, 9))(
    "$name: today's code takes the same first steps, bit for bit",
    async (contestant) => {
      const { learningRate, curves } = results[arena.name][contestant.name];
      const [seed] = config.seeds;
      const [steps] = curves[0].step;
      const shortened = { ...contestant, training: { ...contestant.training, steps } };
      const { curve } = await trainOnce(
        { ...config, testSize: 1 },
        { arena, contestant: shortened, learningRate, seed },
      );
      expect(curve.loss).toEqual([curves[0].loss[0]]);
    },
    60_000, // a busy machine
  );
});
