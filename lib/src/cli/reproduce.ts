import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { RunSpec } from "../experiments/experiment.js";
import { codeFingerprint, decisive, packageVersion, readJson, recordFile, writeJson } from "../experiments/files.js";
import { inWorker } from "../experiments/in-worker.js";
import { KeptRuns } from "../experiments/kept-runs.js";
import { canonicalJson, type ExperimentRecord, hashOf, sha256, type Tier, tiers } from "../experiments/record.js";
import { type AnyExperiment, experimentNames, findExperiment } from "../experiments/registry.js";
import { runExperiment, type Watch } from "../experiments/run-experiment.js";
import { partOf, readShard, type Shard } from "../experiments/shard.js";
import { type LeftWork, queueFlags, readQueueFlags, rememberLeft, sayReport } from "../grader/batch/queue-options.js";
import { loadQueue, type QueuedRuns, type QueueOptions } from "../grader/batch/queue-package.js";
import { writeSafely } from "../training/write-safely.js";

/** Runs in the queue at a time. */
const UNDER_WAY = 1000;

interface Wanted {
  experiment: AnyExperiment;
  tier: Tier;
  jobs: number;
  queue?: QueueOptions;
  args: string[];
  /** Only this part of the runs, without a record: many machines, none of which knows of the others. */
  shard?: Shard;
}

const keptFolder = ".unrolled/reproduce";

/**
 * npm run reproduce -- [name | all] [--tier quick|full] [--jobs n] [--shard i/n | --queue redis://…]: runs
 * long experiments and keeps their results for the lessons. Stopped or killed, the same command goes on where it was.
 */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let wanted: Wanted[];
  try {
    wanted = read(args);
  } catch (error) {
    console.error(`reproduce: ${(error as Error).message}`);
    return 2;
  }
  if (wanted.length === 0) {
    list();
    return 0;
  }
  return wanted.length > 1 ? all(wanted, root) : reproduce(wanted[0], root);
}

function read(args: string[]): Wanted[] {
  const options = {
    tier: { type: "string", default: "quick" },
    jobs: { type: "string" },
    shard: { type: "string" },
    ...queueFlags,
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.length > 1) throw new Error(`one experiment at a time, got ${positionals.join(", ")}`);
  if (!tiers.includes(values.tier as Tier))
    throw new Error(`--tier must be ${tiers.join(" or ")}, got "${values.tier}"`);
  const jobs = values.jobs === undefined ? availableParallelism() : Number(values.jobs);
  if (!Number.isSafeInteger(jobs) || jobs < 1) throw new Error(`--jobs must be an integer >= 1, got "${values.jobs}"`);
  const shard = values.shard === undefined ? undefined : readShard(values.shard);
  const queue = readQueueFlags(values);
  if (queue && shard) throw new Error("--shard does without a queue: give one of the two");
  const names = positionals[0] === "all" ? experimentNames : positionals;
  if (names.length > 1 && (shard || queue)) throw new Error("--shard and --queue take one experiment at a time");
  return names.map((name) => ({
    experiment: findExperiment(name),
    tier: values.tier as Tier,
    jobs,
    shard,
    queue,
    args,
  }));
}

function list(): void {
  console.log("Experiments whose results the lessons show. Run one with: npm run reproduce -- <name> [--tier full]\n");
  const width = Math.max(...experimentNames.map((name) => name.length)) + 2;
  const experiments = experimentNames.map(findExperiment);
  for (const { name, shows, minutes } of experiments) {
    console.log(`  ${name.padEnd(width)}${shows}`);
    console.log(
      `  ${"".padEnd(width)}about ${minutes.quick} minutes on two cores; --tier full: about ${minutes.full}\n`,
    );
  }
  const sum = (tier: Tier): number => experiments.reduce((minutes, one) => minutes + one.minutes[tier], 0);
  console.log(
    `  ${"all".padEnd(width)}each of them in turn: about ${sum("quick")} minutes; --tier full: ${sum("full")}`,
  );
}

/** Every experiment in turn, except for those that an `all` before it finished with the same code. */
async function all(wanted: readonly Wanted[], root: string): Promise<number> {
  const [{ tier }] = wanted;
  const done = new KeptRuns<true>(join(root, keptFolder, `all.${tier}.json`), codeFingerprint());
  for (const [k, one] of wanted.entries()) {
    const { name, minutes } = one.experiment;
    console.log(`\n${k + 1} of ${wanted.length}: ${name}, about ${minutes[tier]} minutes`);
    if (done.finished[name]) {
      console.log("Done before the stop.");
      continue;
    }
    const code = await reproduce(one, root);
    if (code !== 0) return code;
    done.add(name, true);
  }
  done.clear();
  return 0;
}

/** What is kept of earlier runs, here and in the parts that lie beside it. */
function keptRuns({ experiment, tier, shard }: Wanted, stamp: string, root: string): KeptRuns<unknown> {
  const folder = join(root, keptFolder);
  const name = `${experiment.name}.${tier}`;
  const part = /\.\d+-of-\d+\.json$/;
  const own = shard ? `${name}.${shard.index}-of-${shard.count}.json` : `${name}.json`;
  const there = existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith(`${name}.`)) : [];
  const parts = there.filter((file) => part.test(file) && file !== own).map((file) => join(folder, file));
  return new KeptRuns<unknown>(join(folder, own), stamp, shard ? [] : parts);
}

async function reproduce(wanted: Wanted, root: string): Promise<number> {
  const { experiment, tier, jobs, shard, queue } = wanted;
  const config = experiment.config(tier);
  const stamp = sha256(canonicalJson({ config, code: codeFingerprint() }));
  const kept = keptRuns(wanted, stamp, root);
  const before = Object.keys(kept.finished).length;
  if (before > 0) console.log(`Going on: ${before} of ${experiment.runCount(config)} runs are kept from before.`);

  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Error("stopped"));
  process.once("SIGINT", onInterrupt);
  const progress = new ProgressLines(experiment);
  const start = performance.now();
  let remote: QueuedRuns | undefined;
  try {
    remote = queue && (await (await loadQueue(root)).queuedRuns(experiment, tier, queue));
    const watch = remote ? forgetting(remote, progress.watch) : progress.watch;
    if (remote && !queue?.wait && (await leaves(wanted, remote, kept, watch, root))) return 0;
    const results = await runExperiment(shard ? partOf(experiment, config, shard) : experiment, config, {
      kept,
      execute: remote?.execute ?? inWorker(experiment.name, config),
      jobs: remote ? UNDER_WAY : jobs,
      signal: stop.signal,
      ...watch,
    });
    if (shard) return sayPart(shard, kept, experiment.runCount(config));
    const wallSeconds = Math.round((performance.now() - start) / 1000);
    const hash = hashOf({ config, results });
    const about = { experiment: experiment.name, tier, config, seeds: config.seeds, ...origin(root) };
    attach(experiment.attachments?.(config, kept.finished) ?? {}, root);
    keep({ ...about, wallSeconds, results, hash }, root);
    kept.clear();
    if (queue) rememberLeft(root, leftBy(wanted), 0);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) console.error(`reproduce: ${(error as Error).message}`);
    const done = Object.keys(kept.finished).length;
    console.error(
      `Stopped. ${done} of ${experiment.runCount(config)} runs are kept; the same command goes on from there.`,
    );
    return 1;
  } finally {
    progress.end();
    if (remote) sayReport(remote.report);
    await remote?.close();
    process.off("SIGINT", onInterrupt);
  }
}

const leftBy = ({ args }: Wanted): LeftWork => ({ command: "reproduce", args, folder: process.cwd() });

/** What is kept here need not be kept in the queue. */
const forgetting = (remote: QueuedRuns, watch: Watch<RunSpec, unknown>): Watch<RunSpec, unknown> => ({
  ...watch,
  onFinished: (spec, ...rest) => {
    void remote.forget(spec);
    watch.onFinished?.(spec, ...rest);
  },
});

/** Whether work stays with the workers when this command ends. */
async function leaves(
  wanted: Wanted,
  remote: QueuedRuns,
  kept: KeptRuns<unknown>,
  watch: Watch<RunSpec, unknown>,
  root: string,
): Promise<boolean> {
  const pending = await takeWhatIsThere(wanted, remote, kept, watch);
  rememberLeft(root, leftBy(wanted), pending);
  if (pending > 0)
    console.log(`${pending} of ${wanted.experiment.runCount(wanted.experiment.config(wanted.tier))} runs to come.`);
  return pending > 0;
}

/** Takes the runs that workers have done, sends those that can be planned now; returns how many are still to come. */
async function takeWhatIsThere(
  { experiment, tier }: Wanted,
  remote: QueuedRuns,
  kept: KeptRuns<unknown>,
  { onFinished }: Watch<RunSpec, unknown>,
): Promise<number> {
  const config = experiment.config(tier);
  const total = experiment.runCount(config);
  const asked = new Set<string>();
  const isNew = ({ key }: RunSpec): boolean => !(key in kept.finished) && !asked.has(key);
  for (;;) {
    const ready = experiment.plan(config, kept.finished).filter(isNew);
    if (ready.length === 0) return total - Object.keys(kept.finished).length;
    for (const spec of ready) {
      asked.add(spec.key);
      const came = await remote.take(spec);
      if (!came) continue;
      kept.add(spec.key, came.outcome);
      onFinished?.(spec, came.outcome, Object.keys(kept.finished).length, total);
    }
  }
}

function sayPart({ index, count }: Shard, { finished, file }: KeptRuns<unknown>, total: number): number {
  const place = relative(process.cwd(), file);
  console.log(`Part ${index} of ${count} is done: ${Object.keys(finished).length} of ${total} runs, kept in ${place}.`);
  console.log("With the files of all parts in one folder, the same command without --shard makes the record of them.");
  return 0;
}

/** Writes what is kept beside a record, each file whole or not at all. */
function attach(files: Readonly<Record<string, Uint8Array>>, root: string): void {
  for (const [name, bytes] of Object.entries(files)) {
    writeSafely("reproduce", join(root, "notebooks/data", name), [bytes]);
  }
}

/** Writes a record, unless the file there holds the same numbers already. */
function keep(record: ExperimentRecord, root: string): void {
  const file = recordFile(record.experiment, record.tier, join(root, "notebooks/data"));
  const place = relative(process.cwd(), file);
  const old = readOld(file);
  if (old && old.hash === record.hash && hashOf(old) === old.hash) {
    console.log(`${place} holds the same numbers, bit for bit; left as it is.`);
    return;
  }
  writeJson(file, record);
  console.log(`${place} written in ${record.wallSeconds} s${old ? "; its numbers differ from those before" : ""}.`);
}

function readOld(file: string): ExperimentRecord | undefined {
  try {
    return readJson(file) as ExperimentRecord | undefined;
  } catch {
    return undefined; // damaged: the new one replaces it
  }
}

function origin(root: string): Pick<ExperimentRecord, "version" | "commit" | "node"> {
  return { version: packageVersion(), commit: commitOf(root), node: process.version };
}

function commitOf(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const changed = git("status", "--porcelain", "--", ...decisive.map((folder) => `lib/src/${folder}`));
    return git("rev-parse", "HEAD").trim() + (changed ? "+" : "");
  } catch {
    return "unknown"; // not a repository, or no git
  }
}

/** Says what is finished, and every ten seconds how far the running ones are. */
class ProgressLines {
  readonly #start = performance.now();
  readonly #shares = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #finished = 0;

  constructor(private readonly experiment: AnyExperiment) {
    this.#timer = setInterval(() => this.#sayRunning(), 10_000);
  }

  get watch(): Watch<RunSpec, unknown> {
    return {
      onProgress: ({ key }, share) => this.#shares.set(key, share),
      onFinished: ({ key }, outcome, finished, total) => {
        this.#shares.delete(key);
        this.#finished = finished;
        console.log(
          `[${String(finished).padStart(String(total).length)}/${total}] ${this.#clock()}  ${key}: ${this.experiment.say(outcome)}`,
        );
      },
    };
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #sayRunning(): void {
    const running = [...this.#shares].map(([key, share]) => `${key} ${Math.round(100 * share)} %`);
    if (running.length > 0)
      console.log(`        ${this.#clock()}  ${this.#finished} finished; running: ${running.join("; ")}`);
  }

  #clock(): string {
    const seconds = Math.round((performance.now() - this.#start) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}
