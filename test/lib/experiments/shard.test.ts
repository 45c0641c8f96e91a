import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Finished } from "../../../lib/src/experiments/experiment.js";
import { KeptRuns } from "../../../lib/src/experiments/kept-runs.js";
import { canonicalJson } from "../../../lib/src/experiments/record.js";
import { type AnyExperiment, experimentNames, findExperiment } from "../../../lib/src/experiments/registry.js";
import { runExperiment } from "../../../lib/src/experiments/run-experiment.js";
import { partOf, readShard } from "../../../lib/src/experiments/shard.js";
import { type SweepConfig, type SweepSpec, sweep } from "../../../lib/src/experiments/sweep.js";
import type { TrainOutcome } from "../../../lib/src/experiments/train-once.js";
import { temporaryFolder } from "../../temporary-folder.js";

const config: SweepConfig = {
  tier: "quick",
  arenas: ["a", "b", "c"].map((name) => ({ name, task: "parityEachStep", options: { seqLen: 2 } })),
  contestants: [
    { name: "RNN", cell: "rnn", hiddenSize: 2 },
    { name: "LSTM", cell: "lstm", hiddenSize: 2, learningRate: 0.1 },
  ],
  batchSize: 2,
  steps: 2,
  clipNorm: 1,
  checkEvery: 1,
  testSize: 4,
  untilSolved: false,
  learningRates: [0.01, 0.1],
  searchSeed: 0,
  seeds: [1, 2],
};
const tiny = sweep({ name: "tiny", shows: "a test", minutes: { quick: 0, full: 0 }, config: () => config });
const execute = (spec: SweepSpec) => tiny.run(config, spec);
const keptIn = (file: string, others: string[] = []) => new KeptRuns<TrainOutcome>(file, "stamp", others);

describe("readShard", () => {
  test("2/8 is the second of eight parts", () => expect(readShard("2/8")).toEqual({ index: 2, count: 8 }));

  test.each(["0/2", "3/2", "1/0", "1", "1/2/3", "-1/2", "1.5/2", "", "a/b"])("%j is refused", (text) => {
    expect(() => readShard(text)).toThrow(`--shard must be 1/n to n/n, got ${text}`);
  });
});

describe("everyRun", () => {
  test("of each kept experiment holds what is planned at first, by the same key, and no key twice", () => {
    for (const name of experimentNames) {
      const experiment: AnyExperiment = findExperiment(name);
      for (const tier of ["quick", "full"] as const) {
        const settings = experiment.config(tier);
        const keys = experiment.everyRun?.(settings).map(({ key }) => key);
        if (!keys) continue;
        expect(new Set(keys).size, name).toBe(keys.length);
        expect(keys, name).toEqual(expect.arrayContaining(experiment.plan(settings, {}).map(({ key }) => key)));
      }
    }
  });

  test("holds every run of a sweep, whichever learning rate wins", async () => {
    const every = new Map(tiny.everyRun!(config).map((spec) => [spec.key, spec]));
    expect(every.size).toBe(3 * (2 * (1 + 2) + 2)); // an RNN tries two rates on three seeds, an LSTM has its own
    const outcome = (right: number): TrainOutcome => ({
      solvedAfter: null,
      right,
      testLoss: 1,
      curve: { step: [], loss: [], right: [] },
    });
    for (const best of config.learningRates) {
      const finished: Finished<TrainOutcome> = Object.fromEntries(
        [...every.values()].map((spec) => [spec.key, outcome(spec.learningRate === best ? 1 : 0)]),
      );
      for (const spec of tiny.plan(config, finished)) expect(every.get(spec.key)).toEqual(spec);
    }
  });
});

describe("partOf", () => {
  test.each([1, 2, 4, 9])("%i parts together do every run once, and make the results of one machine", async (count) => {
    const folder = temporaryFolder();
    const done: string[] = [];
    const files: string[] = [];
    for (let index = 1; index <= count; index++) {
      const file = join(folder, `${index}.json`);
      files.push(file);
      const onFinished = ({ key }: SweepSpec) => done.push(key);
      const part = partOf(tiny, config, { index, count });
      expect(await runExperiment(part, config, { kept: keptIn(file), execute, onFinished })).toBeUndefined();
    }
    expect(new Set(done).size).toBe(done.length);
    expect(done).toHaveLength(tiny.runCount(config));
    const again: string[] = [];
    const whole = await runExperiment(tiny, config, {
      kept: keptIn(join(folder, "whole.json"), files),
      execute,
      onFinished: ({ key }) => again.push(key),
    });
    expect(again).toEqual([]);
    const alone = await runExperiment(tiny, config, { kept: keptIn(join(folder, "alone.json")), execute });
    expect(canonicalJson(whole)).toBe(canonicalJson(alone));
  });

  test("an experiment that does not list its runs is refused", () => {
    expect(() => partOf({ ...tiny, everyRun: undefined }, config, { index: 1, count: 2 })).toThrow(
      "tiny cannot be cut into parts",
    );
  });
});
