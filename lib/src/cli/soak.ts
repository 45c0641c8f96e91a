import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LSTMCell } from "../cells/lstm.js";
import { compile } from "../compile/compile.js";
import { prepareQueue } from "../grader/batch/queue-package.js";
import { linear } from "../layers/linear.js";
import { findProgram } from "../notebook/system.js";
import { stacked } from "../sequence/stacked.js";
import { adding } from "../tasks/adding.js";
import { seededRng } from "../tensor/rng.js";
import { fit as train } from "../training/fit.js"; // as fit, the linter takes it for a test
import type { Trainable } from "../training/model.js";

/** What takes too long for every `npm test`. A part says what is wrong, or nothing. */
type Part = (where: { root: string }) => Promise<string | undefined>;

const parts: Record<string, Part> = {
  memory: memoryHolds,
  grader: graderHolds,
  queue: queueHolds,
  image: imageWorks,
  slides: slidesFit,
};

/** npm run soak [-- part …]: the long tests, all of them or those named. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let positionals: string[];
  try {
    ({ positionals } = parseArgs({ args, allowPositionals: true }));
    const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
    if (unknown.length > 0)
      throw new RangeError(`there are ${Object.keys(parts).join(", ")}, got ${unknown.join(", ")}`);
  } catch (error) {
    console.error(`soak: ${(error as Error).message}\nusage: npm run soak [-- part …]`);
    return 2;
  }
  let failed = 0;
  for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
    const start = performance.now();
    const problem = await parts[name]({ root });
    console.log(`${name}: ${problem ?? "well"}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
    if (problem) failed++;
  }
  return failed > 0 ? 1 : 0;
}

/** A million streams of frames with memory that stays, 20,000 mutated notebooks, 50 kills of a batch of 100. */
async function graderHolds({ root }: { root: string }): Promise<string | undefined> {
  const files = ["fuzz", "guided", "batch"].map((name) => `test/grader/${name}.test.ts`);
  return testsPass(root, "grading", files);
}

/** 2,000 jobs on several machines among 120 kills, with Redis restarted, cut off and full. Prints a table of faults. */
async function queueHolds({ root }: { root: string }): Promise<string | undefined> {
  if (!findProgram("redis-server")) return "it needs redis-server";
  prepareQueue(root);
  return testsPass(root, "queue", ["test/queue/faults.test.ts"]);
}

/** The Dockerfile's commands in a fresh Debian tree, and what the image promises. Needs root, debootstrap, a network. */
async function imageWorks({ root }: { root: string }): Promise<string | undefined> {
  const missing = ["debootstrap", "bwrap"].filter((name) => !findProgram(name));
  if (process.getuid?.() !== 0) return "it needs root";
  if (missing.length > 0) return `it needs ${missing.join(" and ")}`;
  return testsPass(root, "e2e", ["test/e2e/image.soak.ts"]);
}

/** Every slide of every deck, in Chromium; `npm test` looks at one deck. */
async function slidesFit({ root }: { root: string }): Promise<string | undefined> {
  return testsPass(root, "e2e", ["test/e2e/slides.soak.ts"]);
}

async function testsPass(root: string, project: string, files: readonly string[]): Promise<string | undefined> {
  const program = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
  const child = spawn(process.execPath, [program, "run", "--project", project, "--maxWorkers=1", ...files], {
    cwd: root,
    env: { ...process.env, UNROLLED_SOAK: "1" },
    stdio: "inherit",
  });
  const [code] = await once(child, "close");
  return code === 0 ? undefined : "a test failed, see above";
}

/** Memory that is still reachable, in MB: objects, and what they hold outside of the heap. */
function heldMb(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Training for 10,000 iterations holds no more memory than for 2,000: a compiled cell, a compiled net, op by op. */
async function memoryHolds(): Promise<string | undefined> {
  const dtype = "float32";
  const rng = seededRng(1);
  const cell = () => new LSTMCell(2, 16, { rng, dtype });
  const net = stacked("lstm", 2, 16, { layers: 2, rng, dtype });
  const models: Record<string, Trainable> = {
    "a compiled cell": { cell: compile(cell()), readout: linear(16, 1, { rng, dtype }) },
    "a compiled net": { net: compile(net), readout: linear(16, 1, { rng, dtype }) },
    "op by op": { cell: cell(), readout: linear(16, 1, { rng, dtype }) },
  };
  for (const [name, model] of Object.entries(models)) {
    const task = adding({ seqLen: 10, batchSize: 8, dtype }, rng);
    let before = 0;
    for await (const { step } of train(model, task, { steps: 10_000 })) {
      if (step === 2000) before = heldMb();
    }
    const growth = heldMb() - before;
    console.log(`  ${name}: ${before.toFixed(1)} MB held, ${growth.toFixed(1)} MB more after 8,000 iterations`);
    if (growth > 2) return `training ${name} grows by ${growth.toFixed(1)} MB in 8,000 iterations`;
  }
  return undefined;
}
