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

interface Wanted {
  /** One, or all of them in turn. */
  experiments: AnyExperiment[];
  tier: Tier;
  jobs: number;
  /** Only this part of the runs, without a record: many machines, none of which knows of the others. */
  shard?: Shard;
}

type How = Omit<Wanted, "experiments">;

const keptFolder = ".unrolled/reproduce";

/**
 * npm run reproduce -- [name | all] [--tier quick|full] [--jobs n] [--shard i/n]: runs a long experiment and keeps its result
 * for the lessons. Stopped or killed, the same command goes on where it was.
 */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let wanted: Wanted | undefined;
  try {
    wanted = read(args);
  } catch (error) {
    console.error(`reproduce: ${(error as Error).message}`);
    return 2;
  }
  if (!wanted) {
    list();
    return 0;
  }
  return wanted.experiments.length > 1 ? all(wanted, root) : reproduce(wanted.experiments[0], wanted, root);
}

function read(args: string[]): Wanted | undefined {
  const options = {
    tier: { type: "string", default: "quick" },
    jobs: { type: "string" },
    shard: { type: "string" },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.length > 1) throw new Error(`one experiment at a time, got ${positionals.join(", ")}`);
  if (!tiers.includes(values.tier as Tier))
    throw new Error(`--tier must be ${tiers.join(" or ")}, got "${values.tier}"`);
  const jobs = values.jobs === undefined ? availableParallelism() : Number(values.jobs);
  if (!Number.isSafeInteger(jobs) || jobs < 1) throw new Error(`--jobs must be an integer >= 1, got "${values.jobs}"`);
  if (positionals.length === 0) return undefined;
  const shard = values.shard === undefined ? undefined : readShard(values.shard);
  const names = positionals[0] === "all" ? experimentNames : positionals;
  if (shard && names.length > 1) throw new Error("--shard takes one experiment at a time, got all");
  return { experiments: names.map(findExperiment), tier: values.tier as Tier, jobs, shard };
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
async function all({ experiments, ...wanted }: Wanted, root: string): Promise<number> {
  const { tier } = wanted;
  const done = new KeptRuns<true>(join(root, keptFolder, `all.${tier}.json`), codeFingerprint());
  for (const [k, experiment] of experiments.entries()) {
    console.log(`\n${k + 1} of ${experiments.length}: ${experiment.name}, about ${experiment.minutes[tier]} minutes`);
    if (done.finished[experiment.name]) {
      console.log("Done before the stop.");
      continue;
    }
    const code = await reproduce(experiment, wanted, root);
    if (code !== 0) return code;
    done.add(experiment.name, true);
  }
  done.clear();
  return 0;
}

/** What is kept of earlier runs, here and in the parts that lie beside it. */
function keptRuns(experiment: AnyExperiment, { tier, shard }: How, stamp: string, root: string): KeptRuns<unknown> {
  const folder = join(root, keptFolder);
  const name = `${experiment.name}.${tier}`;
  const part = /\.\d+-of-\d+\.json$/;
  const own = shard ? `${name}.${shard.index}-of-${shard.count}.json` : `${name}.json`;
  const there = existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith(`${name}.`)) : [];
  const parts = there.filter((file) => part.test(file) && file !== own).map((file) => join(folder, file));
  return new KeptRuns<unknown>(join(folder, own), stamp, shard ? [] : parts);
}

async function reproduce(experiment: AnyExperiment, how: How, root: string): Promise<number> {
  const { tier, jobs, shard } = how;
  const config = experiment.config(tier);
  const stamp = sha256(canonicalJson({ config, code: codeFingerprint() }));
  const kept = keptRuns(experiment, how, stamp, root);
  const before = Object.keys(kept.finished).length;
  if (before > 0) console.log(`Going on: ${before} of ${experiment.runCount(config)} runs are kept from before.`);

  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Error("stopped"));
  process.once("SIGINT", onInterrupt);
  const progress = new ProgressLines(experiment);
  const start = performance.now();
  try {
    const execute = inWorker(experiment.name, config);
    const todo = shard ? partOf(experiment, config, shard) : experiment;
    const results = await runExperiment(todo, config, {
      kept,
      execute,
      jobs,
      signal: stop.signal,
      ...progress.watch,
    });
    if (shard) return sayPart(shard, kept, experiment.runCount(config));
    const wallSeconds = Math.round((performance.now() - start) / 1000);
    keep(
      {
        experiment: experiment.name,
        tier,
        config,
        seeds: config.seeds,
        ...origin(root),
        wallSeconds,
        results,
        hash: hashOf({ config, results }),
      },
      root,
    );
    kept.clear();
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
    process.off("SIGINT", onInterrupt);
  }
}

function sayPart({ index, count }: Shard, { finished, file }: KeptRuns<unknown>, total: number): number {
  const place = relative(process.cwd(), file);
  console.log(`Part ${index} of ${count} is done: ${Object.keys(finished).length} of ${total} runs, kept in ${place}.`);
  console.log("With the files of all parts in one folder, the same command without --shard makes the record of them.");
  return 0;
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
