import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inWorker } from "../../../lib/src/experiments/in-worker.js";
import { KeptRuns } from "../../../lib/src/experiments/kept-runs.js";
import { canonicalJson } from "../../../lib/src/experiments/record.js";
import { type Execute, runExperiment } from "../../../lib/src/experiments/run-experiment.js";
import type { SweepSpec } from "../../../lib/src/experiments/sweep.js";
import { addingExperiment } from "../../../lib/src/experiments/sweeps/adding.js";
import type { TrainOutcome } from "../../../lib/src/experiments/train-once.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { tinyConfig } from "./tiny.js";

const here: Execute<SweepSpec, TrainOutcome> = (spec, onProgress) => addingExperiment.run(tinyConfig, spec, onProgress);
const keptIn = (folder: string, stamp = "a") => new KeptRuns<TrainOutcome>(join(folder, "kept.json"), stamp);
const inOneGo = async () =>
  canonicalJson(await runExperiment(addingExperiment, tinyConfig, { kept: keptIn(temporaryFolder()), execute: here }));

describe("runExperiment", () => {
  test("does every run once, and as many as announced", async () => {
    const keys: string[] = [];
    const onFinished = ({ key }: SweepSpec) => keys.push(key);
    await runExperiment(addingExperiment, tinyConfig, {
      kept: keptIn(temporaryFolder()),
      execute: here,
      jobs: 3,
      onFinished,
    });
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(addingExperiment.runCount(tinyConfig));
  });

  test("the number of jobs changes no bit", async () => {
    const execute = inWorker("adding", tinyConfig) as Execute<SweepSpec, TrainOutcome>;
    const two = await runExperiment(addingExperiment, tinyConfig, {
      kept: keptIn(temporaryFolder()),
      execute,
      jobs: 2,
    });
    expect(canonicalJson(two)).toBe(await inOneGo());
  });

  test("stopped and gone on with, it ends with the bits of a run that never stopped", async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const onFinished = (_: SweepSpec, __: TrainOutcome, finished: number) =>
      finished === 3 && stop.abort(new Error("stopped"));
    const first = runExperiment(addingExperiment, tinyConfig, {
      kept: keptIn(folder),
      execute: here,
      signal: stop.signal,
      onFinished,
    });
    await expect(first).rejects.toThrow("stopped");

    const done: string[] = [];
    const second = { kept: keptIn(folder), execute: here, onFinished: ({ key }: SweepSpec) => done.push(key) };
    const results = await runExperiment(addingExperiment, tinyConfig, second);
    expect(done).toHaveLength(addingExperiment.runCount(tinyConfig) - 3);
    expect(canonicalJson(results)).toBe(await inOneGo());
  });

  test("a run that fails stops the others and says which one it was", async () => {
    const broken = { ...tinyConfig, clipNorm: -1 };
    const execute = inWorker("adding", broken) as Execute<SweepSpec, TrainOutcome>;
    const running = runExperiment(addingExperiment, broken, { kept: keptIn(temporaryFolder()), execute, jobs: 1 });
    await expect(running).rejects.toThrow(
      /4, LSTM, learning rate 0.01, seed 0: .*clipNorm must be a positive number, got -1/,
    );
  });
});

describe("KeptRuns", () => {
  const outcome: TrainOutcome = {
    solvedAfter: null,
    right: 0.5,
    testLoss: 0.1,
    curve: { step: [1], loss: [0.2], right: [0.5] },
  };

  test("runs outlive the process; other code or another config starts over", () => {
    const folder = temporaryFolder();
    keptIn(folder).add("a run", outcome);
    expect(keptIn(folder).finished).toEqual({ "a run": outcome });
    expect(keptIn(folder, "b").finished).toEqual({});
  });

  test("clear removes the file", () => {
    const folder = temporaryFolder();
    const kept = keptIn(folder);
    kept.add("a run", outcome);
    kept.clear();
    expect(existsSync(join(folder, "kept.json"))).toBe(false);
  });
});
