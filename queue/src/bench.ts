/** What the queue costs, against its targets; and what that makes of large courses and sweeps. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Notebook, notebookText, readNotebook } from "unrolled/exercise/nbformat";
import { coursePack } from "unrolled/exercise/pack";
import { findExperiment } from "unrolled/experiments/registry";
import type { QueueOptions } from "unrolled/grader/batch/queue-package";
import { Grader } from "unrolled/grader/grade";
import { type Cost, calculation } from "./bench-calculation.js";
import { drillJob } from "./drill.js";
import { queuedGrader } from "./grading.js";
import { programIdentity } from "./identity.js";
import { RedisServer } from "./local-redis.js";
import { queuedRuns } from "./runs.js";
import { WorkQueue } from "./work-queue.js";

/** How much is measured. */
export interface Sizes {
  readonly overhead: number;
  readonly sleeping: number;
  readonly memory: number;
  readonly graded: number;
  readonly runs: number;
}

export const fullSizes: Sizes = { overhead: 3000, sleeping: 200, memory: 100_000, graded: 40, runs: 8 };
export const smallSizes: Sizes = { overhead: 200, sleeping: 20, memory: 2000, graded: 4, runs: 2 };

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly ok: boolean;
}

const SLEEP = 100;
const UNDER_WAY = 200;

/** `unrolled worker` as a process of its own, and its end. */
async function hire(
  root: string,
  url: string,
  jobs: number,
  more: readonly string[] = [],
): Promise<() => Promise<void>> {
  const args = [join(root, "lib/bin/unrolled.mjs"), "worker", "--queue", url, "--jobs", `${jobs}`, "--drill", ...more];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (text) => {
      said += String(text);
      if ((said.match(/is ready/g)?.length ?? 0) >= jobs) resolve();
    });
    child.once("close", () => reject(new Error(`the workers ended: ${said}`)));
  });
  const over = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  return () => {
    child.kill("SIGTERM");
    return over;
  };
}

/** Sends so many drills, a window of them at a time, and takes their results out. Returns the seconds it took. */
async function drive(
  queue: WorkQueue,
  batch: string,
  count: number,
  milliseconds: number,
  at: (done: number) => void = () => {},
): Promise<number> {
  const start = performance.now();
  let [next, done] = [0, 0];
  const send = async (): Promise<void> => {
    while (next < count) {
      const job = drillJob(batch, { number: next++, milliseconds });
      const outcome = await queue.outcome(job, batch);
      if (!outcome || "parked" in outcome) throw new Error(`a drill came to nothing: ${JSON.stringify(outcome)}`);
      await queue.forget(job.key);
      at(++done);
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, send));
  return (performance.now() - start) / 1000;
}

/** Memory that is still reachable, in MB: objects, and what they hold outside of the heap. */
function heldMb(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

async function queueRows(root: string, options: QueueOptions, sizes: Sizes): Promise<Row[]> {
  const queue = await WorkQueue.open("drill", programIdentity(), options);
  let leave = await hire(root, options.url, 1);
  try {
    await drive(queue, "warm", Math.min(300, sizes.overhead), 0);
    const overhead = (1000 * (await drive(queue, "overhead", sizes.overhead, 0))) / sizes.overhead;
    const one = await drive(queue, "one", sizes.sleeping, SLEEP);
    await leave();
    leave = await hire(root, options.url, 2);
    await drive(queue, "warm again", 20, 0);
    const two = await drive(queue, "two", sizes.sleeping, SLEEP);
    const marks: Record<number, number> = {};
    const early = Math.ceil(sizes.memory / 10);
    const seconds = await drive(queue, "memory", sizes.memory, 0, (done) => {
      if (done === early || done === sizes.memory) marks[done] = heldMb();
      if (process.stderr.isTTY && done % 1000 === 0) process.stderr.write(`\r\x1b[K${done}/${sizes.memory}`);
    });
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    const [growth, gain] = [marks[sizes.memory] - marks[early], one / two];
    const many = `${sizes.memory.toLocaleString("en")} jobs in ${seconds.toFixed(0)} s`;
    return [
      {
        name: `what a job costs that does nothing, one worker, ${sizes.overhead} jobs`,
        value: overhead,
        unit: "ms",
        target: "<= 5 ms",
        ok: overhead <= 5,
      },
      {
        name: `two workers against one, ${sizes.sleeping} jobs that sleep ${SLEEP} ms`,
        value: gain,
        unit: "x",
        target: ">= 1.9 x",
        ok: gain >= 1.9,
      },
      {
        name: `the sender's memory, growth from job ${early} on; ${many}`,
        value: growth,
        unit: "MB",
        target: "<= 5 MB",
        ok: growth <= 5,
      },
    ];
  } finally {
    await leave();
    await queue.close();
  }
}

/** The course's fullest notebook, solved, with a secret seed: the dearest submission there is. */
async function gradeCost(folder: string, options: QueueOptions, cores: number, count: number): Promise<Cost> {
  const pack = coursePack();
  const solved = readNotebook(join(pack.masters, "05-gates.ipynb"));
  const grader = await Grader.start({ pack, tier: "strict", hiddenSeed: "for this measurement" });
  const queue = await queuedGrader(grader, options);
  try {
    let bytes = 0;
    const grade = async (k: number): Promise<void> => {
      const file = join(folder, `learner-${k}.ipynb`);
      writeFileSync(file, notebookText({ ...solved, metadata: { ...solved.metadata, learner: k } } as Notebook));
      const result = await queue.grade({ file, learner: `learner ${k}` });
      if (!result?.gradable || result.earned < result.points - 1e-9)
        throw new Error(`graded wrong: ${result?.fault?.message}`);
      bytes += JSON.stringify(result).length + notebookText(solved).length / 4; // gzip and base64 leave about a quarter
    };
    await Promise.all(Array.from({ length: cores }, (_, k) => grade(-k - 1))); // each worker starts its grader
    bytes = 0;
    const start = performance.now();
    await Promise.all(Array.from({ length: count }, (_, k) => grade(k)));
    const seconds = (performance.now() - start) / 1000;
    return { coreSeconds: (seconds * cores) / count, kilobytes: bytes / count / 1000, jobs: count };
  } finally {
    await queue.close();
    await grader.close();
  }
}

/** Runs of the search-space lesson's own experiment. */
async function runCost(options: QueueOptions, cores: number, count: number): Promise<Cost> {
  const experiment = findExperiment("odyssey");
  const specs = experiment.plan(experiment.config("quick"), {});
  const spread = Array.from({ length: count }, (_, k) => specs[Math.floor((k * specs.length) / count)]);
  const queue = await queuedRuns(experiment, "quick", options);
  try {
    const signal = new AbortController().signal;
    const start = performance.now();
    const outcomes = await Promise.all(spread.map((spec) => queue.execute(spec, () => {}, signal)));
    const seconds = (performance.now() - start) / 1000;
    const kilobytes = JSON.stringify(outcomes).length / count / 1000;
    return { coreSeconds: (seconds * cores) / count, kilobytes, jobs: count };
  } finally {
    await queue.close();
  }
}

/** Starts a Redis and workers of its own, measures, prints. Returns whether all is within the targets. */
export async function bench({ root, small, json }: { root: string; small: boolean; json: boolean }): Promise<boolean> {
  const sizes = small ? smallSizes : fullSizes;
  const cores = availableParallelism();
  const machine = { cpu: cpus()[0]?.model, cores, node: process.versions.node, load: loadavg()[0] };
  const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-queue-"));
  const redis = await RedisServer.start();
  const options = { url: redis.url, name: "bench", wait: true, retry: false };
  try {
    const named = { ...options, name: "course" };
    const rows = await queueRows(root, named, sizes);
    const seed = join(folder, "seed.txt");
    writeFileSync(seed, "for this measurement");
    const leave = await hire(root, redis.url, cores, ["--seed-file", seed, "--tier", "strict"]);
    let costs: { grade: Cost; run: Cost };
    try {
      costs = {
        grade: await gradeCost(folder, named, cores, sizes.graded),
        run: await runCost(named, cores, sizes.runs),
      };
    } finally {
      await leave();
    }
    if (json) console.log(JSON.stringify({ machine, rows, costs }, null, 2));
    else print(rows, machine, calculation(costs));
    return rows.every(({ ok }) => ok);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(
  rows: readonly Row[],
  { cpu, cores, node, load }: { cpu: string; cores: number; node: string; load: number },
  lines: readonly string[],
): void {
  console.log(
    `${cores} cores of ${cpu}, Node ${node}, a Redis of its own on loopback; load before: ${load.toFixed(1)}`,
  );
  if (load > cores / 2) console.log("The machine is busy with other work: these times say little.");
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, value, unit, target, ok } of rows)
    console.log(
      `${ok ? "✓" : "✗"} ${name.padEnd(width)}  ${`${Number(value.toPrecision(3))} ${unit}`.padStart(10)}   target ${target}`,
    );
  console.log("");
  for (const line of lines) console.log(line);
}
