import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dataFolder, readJson, writeJson } from "../../../lib/src/experiments/files.js";
import type { ExperimentRecord } from "../../../lib/src/experiments/record.js";
import { experimentNames, findExperiment } from "../../../lib/src/experiments/registry.js";
import { scoreboard } from "../../../lib/src/experiments/scoreboard.js";
import { scoreboardEntries } from "../../../lib/src/experiments/scoreboard-entries.js";
import {
  belowBaseline,
  chronoAgainst,
  lossBelow,
  odysseyLosses,
  plateaus,
  sequencesUntilSolved,
  share,
  whoSolves,
} from "../../../lib/src/experiments/scoreboard-measures.js";
import type { SweepResult } from "../../../lib/src/experiments/sweep.js";
import { temporaryFolder } from "../../temporary-folder.js";

const result = (part: Partial<SweepResult>): SweepResult => ({
  hiddenSize: 1,
  parameters: 1,
  learningRate: 0.01,
  search: [],
  solvedAfter: [],
  right: [],
  testLoss: [],
  curves: [],
  ...part,
});

describe("scoreboard", () => {
  test("every row says what was published, by whom, when, and why ours may differ; ids are unique", () => {
    for (const { paper, source, year, why } of scoreboardEntries) {
      expect([paper, source, why].every((text) => text.length > 3)).toBe(true);
      expect(year).toBeGreaterThan(1990);
    }
    expect(new Set(scoreboardEntries.map(({ id }) => id)).size).toBe(scoreboardEntries.length);
  });

  test("without records: computed rows are there and agree, the others name the command that makes one", () => {
    const rows = scoreboard({ folder: temporaryFolder() });
    for (const { origin, id } of scoreboardEntries) {
      const row = rows.find((one) => one.id === id)!;
      if ("compute" in origin) expect(row, id).toMatchObject({ verdict: "agrees" });
      if (!("record" in origin)) continue;
      const tier = origin.tier === "full" ? " --tier full" : "";
      expect(row).toMatchObject({ ours: "", verdict: "not run yet" });
      expect(row.measuredBy).toBe(`npm run reproduce -- ${origin.record}${tier}`);
    }
  });

  test("a record that was changed after it was measured is refused", () => {
    const folder = temporaryFolder();
    cpSync(join(dataFolder, "reber.json"), join(folder, "reber.json"));
    expect(scoreboard({ folder }).find(({ id }) => id === "reber-lstm")).toMatchObject({ seeds: 10 });
    const record = readJson(join(folder, "reber.json")) as ExperimentRecord<unknown, never>;
    const results = structuredClone(record.results) as Record<string, Record<string, { solvedAfter: number[] }>>;
    results["embedded Reber"].LSTM.solvedAfter[0] = 1;
    writeJson(join(folder, "reber.json"), { ...record, results });
    expect(() => scoreboard({ folder })).toThrow(/reber.json was changed after it was measured/);
  });

  test("every record that a row reads has the task and the contestants that it reads", () => {
    for (const { origin, id } of scoreboardEntries) {
      if (!("record" in origin)) continue;
      expect(experimentNames).toContain(origin.record);
      const { arenas, contestants, seeds } = findExperiment(origin.record).config(origin.tier ?? "quick") as never as {
        arenas: { name: string }[];
        contestants: { name: string }[];
        seeds: number[];
      };
      const of = <T>(value: T): T[] => seeds.map(() => value);
      const plain = result({
        solvedAfter: of(100),
        right: of(1),
        testLoss: of(0.1),
        curves: of({ step: [1], loss: [1], right: [1] }),
      });
      const named = (names: { name: string }[], value: unknown) =>
        Object.fromEntries(names.map(({ name }) => [name, value]));
      const measured = origin.measure(named(arenas, named(contestants, plain)) as never);
      expect(measured.ours, id).not.toMatch(/NaN|undefined/);
    }
  });
});

describe("what a row says", () => {
  test("sequences until solved: median, best to worst, a factor; every seed must solve it", () => {
    const all = result({ solvedAfter: [4000, 2000, 3000] });
    expect(sequencesUntilSolved(all, 6000)).toEqual({
      ours: "3,000 sequences; 3 of 3 seeds solve it",
      seeds: 3,
      interval: "2,000 to 4,000",
      deviation: "× 0.5",
      agrees: true,
    });
    expect(sequencesUntilSolved(all, 100_000).agrees).toBe(false); // further apart than a factor of ten
    expect(sequencesUntilSolved(result({ solvedAfter: [4000, null, 3000] }), 3500).agrees).toBe(false);
    expect(sequencesUntilSolved(result({ solvedAfter: [null, null] }), 3500)).toEqual({
      ours: "0 of 2 seeds solve it",
      seeds: 2,
      interval: "0 % to 66 %", // Wilson
      agrees: false,
    });
  });

  test("who solves it", () => {
    const some = result({ solvedAfter: [1, null] });
    expect(share(some)).toMatchObject({ ours: "1 of 2 seeds solve it", agrees: false });
    expect(whoSolves({ RNN: result({ solvedAfter: [null, null] }), LSTM: some })).toBe("RNN 0; LSTM 1 of 2 seeds");
  });

  test("a loss must be small on every seed; a run that blew up is not", () => {
    expect(lossBelow(result({ testLoss: [0.001, 0.003, 0.002] }), 0.01)).toEqual({
      ours: "0.002",
      seeds: 3,
      interval: "0.001 to 0.003",
      agrees: true,
    });
    expect(lossBelow(result({ testLoss: [0.001, null] }), 0.01).agrees).toBe(false);
  });

  test("plateaus: steps within 15 % of 1/6 and of 1/12", () => {
    const step = [10, 20, 30, 40];
    const stair = { step, loss: [0.17, 0.16, 0.08, 0.001], right: [] };
    expect(plateaus(result({ curves: [stair, stair] }))).toMatchObject({
      ours: "20 steps near 1/6, 10 near 1/12",
      agrees: false,
    });
    const long = { step: [100, 200], loss: [0.17, 0.08], right: [] };
    expect(plateaus(result({ curves: [long] })).agrees).toBe(true);
  });

  test("chrono: on more seeds, or in half of the sequences", () => {
    const half = result({ solvedAfter: [1000, null] });
    const quick = result({ solvedAfter: [500, null] });
    const both = result({ solvedAfter: [900, 900] });
    expect(chronoAgainst(half, both).agrees).toBe(true);
    expect(chronoAgainst(half, quick)).toMatchObject({ deviation: "2 times as fast", agrees: true });
    expect(chronoAgainst(quick, half).agrees).toBe(false);
  });

  test("copying: the best must be below the baseline on every seed", () => {
    const contestants = { RNN: result({ testLoss: [0.53, 0.52] }), LSTM: result({ testLoss: [0.26, 0.26] }) };
    expect(belowBaseline(contestants, 0.52)).toMatchObject({ deviation: "LSTM: × 0.5 of 0.52", agrees: true });
    expect(belowBaseline({ RNN: contestants.RNN }, 0.52).agrees).toBe(false);
  });

  test("variants: points lost against vanilla", () => {
    const task = {
      V: result({ right: [0.9, 0.9] }),
      NFG: result({ right: [0.5, 0.7] }),
      NP: result({ right: [0.9, 0.9] }),
    };
    expect(odysseyLosses({ a: task }, ["NFG"], ["NP"])).toMatchObject({ ours: "NFG -30, NP 0", agrees: true });
    expect(odysseyLosses({ a: task }, ["NP"], ["NFG"]).agrees).toBe(false);
  });
});
