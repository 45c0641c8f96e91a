import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeJson } from "../../../lib/src/experiments/files.js";
import { loadResult } from "../../../lib/src/experiments/load-result.js";
import { canonicalJson, hashOf } from "../../../lib/src/experiments/record.js";
import { addingExperiment } from "../../../lib/src/experiments/sweeps/adding.js";
import { temporaryFolder } from "../../temporary-folder.js";

function recordIn(folder: string, change: object = {}, afterwards: object = {}): void {
  const plain = {
    experiment: "adding",
    tier: "quick",
    config: addingExperiment.config("quick"),
    results: { "50": { LSTM: { testLoss: [0.1] } } },
    ...change,
  };
  writeJson(join(folder, "adding.json"), { ...plain, hash: hashOf(plain), ...afterwards });
}

describe("loadResult", () => {
  const command = "npm run reproduce -- adding";

  test("gives back what was kept", () => {
    const folder = temporaryFolder();
    recordIn(folder);
    expect(loadResult("adding", { folder }).results["50"].LSTM.testLoss).toEqual([0.1]);
  });

  test("no file: says the command that makes one", () => {
    expect(() => loadResult("adding", { folder: temporaryFolder() })).toThrow(
      new RegExp(`adding.json is not there; make it with: ${command}$`),
    );
    expect(() => loadResult("adding", { folder: temporaryFolder(), tier: "full" })).toThrow(`${command} --tier full`);
  });

  test("a number that was changed afterwards: refused, as the hash does not fit", () => {
    const folder = temporaryFolder();
    recordIn(folder, {}, { results: { "50": { LSTM: { testLoss: [0.01] } } } });
    expect(() => loadResult("adding", { folder })).toThrow(/was changed after it was measured.*npm run reproduce/);
  });

  test("a config other than the code's own: refused, with the first difference", () => {
    const folder = temporaryFolder();
    const config = addingExperiment.config("quick");
    recordIn(folder, { config: { ...config, steps: 1000 } });
    expect(() => loadResult("adding", { folder })).toThrow(
      /comes from another setting \(steps: 1000, now 2000\); make it with/,
    );
  });

  test("an unknown name: says the nearest", () => {
    expect(() => loadResult("ading" as "adding")).toThrow('no experiment "ading"; did you mean adding?');
  });
});

describe("canonicalJson", () => {
  test("the order in which properties were written does not matter", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
    expect(canonicalJson({ b: 1, a: [2, 1] })).toBe('{"a":[2,1],"b":1}');
  });
});
