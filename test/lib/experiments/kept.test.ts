import { describe, expect, test } from "vitest";
import { type AddingSpec, addingExperiment } from "../../../lib/src/experiments/adding.js";
import { loadResult } from "../../../lib/src/experiments/load-result.js";

/** Long runs cannot be redone in a test; their first steps can, and they depend on everything the rest depends on. */
describe("notebooks/data/adding.json", () => {
  const { config, results } = loadResult("adding");

  test.each(config.models)("$name: today's code takes the same first steps, bit for bit", async (model) => {
    const { learningRate, step, loss } = results[model.name];
    const spec: AddingSpec = { key: model.name, model, learningRate, seed: config.seeds[0] };
    const first = await addingExperiment.run({ ...config, steps: step[0], curvePoints: 1, testBatches: 1 }, spec);
    expect(first).toMatchObject({ step: [step[0]], loss: [loss[0][0]] });
  });

  test("every seed has a whole curve and a finite loss", () => {
    for (const { step, loss, testLoss } of Object.values(results)) {
      expect(step.at(-1)).toBe(config.steps);
      expect(loss.map((curve) => curve.length)).toEqual(config.seeds.map(() => step.length));
      expect(testLoss.every((value) => value > 0 && value < 1)).toBe(true);
    }
  });
});
