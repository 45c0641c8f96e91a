import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCharacterModel, loadResult, ngrams } from "unrolled";
import { describe, expect, test } from "vitest";
import {
  characterModelExperiment,
  trainCharacters,
  weightsFile,
} from "../../../lib/src/experiments/character-model.js";
import { dataFolder, recordFile } from "../../../lib/src/experiments/files.js";
import { sha256 } from "../../../lib/src/experiments/record.js";

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the text is printable ASCII, and its hash is the config's", () => {
  const { text } = characterModelExperiment.config("quick");
  const written = readFileSync(join(dataFolder, text.file), "utf8");
  expect(sha256(written)).toBe(text.sha256);
  expect(written).toMatch(/^[\x20-\x7e\n]+$/);
});

test("weights go beside the record, and the record has their hash", () => {
  const config = characterModelExperiment.config("quick");
  const outcome = (weights: string) => ({ symbols: "ab", curve: { step: [], loss: [] }, wrote: [], weights });
  const finished = { "LSTM, seed 1": outcome("AAEC"), "RNN, seed 1": outcome("/w==") };
  expect(characterModelExperiment.plan(config, {}).map(({ key }) => key)).toEqual(Object.keys(finished));
  expect(characterModelExperiment.attachments!(config, finished)).toEqual({
    "char-model.safetensors": Buffer.from([0, 1, 2]),
    "char-model.rnn.safetensors": Buffer.from([255]),
  });
  const { LSTM, RNN } = characterModelExperiment.results(config, finished);
  expect(LSTM.weights).toBe(sha256(Buffer.from([0, 1, 2])));
  expect(RNN.weights).not.toBe(LSTM.weights);
});

describe.skipIf(!existsSync(recordFile("char-model", "quick")))("notebooks/data/char-model.json", () => {
  test.each(["LSTM", "RNN"] as const)(
    "%s: today's code takes the same first steps, bit for bit",
    { timeout: 120_000 },
    async (name) => {
      const { config, results } = loadResult("char-model");
      const model = config.models.find((one) => one.name === name)!;
      const { curve, symbols } = results[name];
      const first = await trainCharacters(
        { ...config, writesAfter: [] },
        { key: name, model, seed: config.seeds[0] },
        { until: curve.step[0] },
      );
      expect(first).toMatchObject({ symbols, curve: { loss: [curve.loss[0]] } });
    },
  );

  test.each(["LSTM", "RNN"] as const)(
    "%s: the weights are the ones that were measured",
    { timeout: 60_000 },
    (name) => {
      const { wrote, symbols } = loadResult("char-model").results[name];
      const { model, shown, heldOut } = loadCharacterModel(name);
      const last = wrote[wrote.length - 1];
      expect(mean(model.bits(heldOut))).toBeCloseTo(last.heldOut, 5);
      expect([...new Set(shown + heldOut)].sort().join("")).toBe(symbols);
      expect(last.heldOut).toBeLessThan(mean(ngrams(shown, 2, { symbols: symbols.length }).bits(heldOut)));
      expect(readFileSync(join(dataFolder, weightsFile(name))).length).toBeLessThan(400_000);
    },
  );

  test("an unknown model is refused", () => {
    expect(() => loadCharacterModel("GRU" as never)).toThrow("loadCharacterModel: name");
  });
});
