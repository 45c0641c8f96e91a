import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { addingExperiment } from "../../../lib/src/experiments/sweeps/adding.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { tinyConfig } from "./tiny.js";

const config = { ...tinyConfig, steps: 200, checkEvery: 100 };
const child = fileURLToPath(new URL("kill-child.mjs", import.meta.url));

/** Runs the experiment in a process of its own, and kills that after so many finished runs. */
async function inProcess(file: string, killAfter?: number): Promise<string[]> {
  const running = spawn(process.execPath, [child, JSON.stringify({ config, file, stallAfter: killAfter })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  for await (const line of createInterface(running.stdout)) {
    lines.push(line);
    if (lines.length === killAfter) running.kill("SIGKILL");
  }
  return lines;
}

test("killed without warning and started again, an experiment ends with the bits of one that was not", async () => {
  const total = addingExperiment.runCount(config);
  const file = join(temporaryFolder(), "kept.json");
  const first = await inProcess(file, 3);
  expect(first).toHaveLength(3); // it did not get to the end

  const second = await inProcess(file);
  expect(second).toHaveLength(total - 3 + 1); // what was finished is not done again
  const whole = await inProcess(join(temporaryFolder(), "kept.json"));
  expect(whole).toHaveLength(total + 1);
  expect(second.at(-1)).toBe(whole.at(-1));
  expect(second.at(-1)).toMatch(/^results \{"4":/);
}, 120_000);
