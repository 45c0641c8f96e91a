import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BaseConfig, Experiment, RunSpec } from "../../experiments/experiment.js";
import type { Tier as ExperimentTier } from "../../experiments/record.js";
import type { Execute } from "../../experiments/run-experiment.js";
import type { Grader } from "../grade.js";
import type { Tier } from "../result.js";
import type { Grading } from "./batch.js";

/** Where the work goes. */
export interface QueueOptions {
  /** redis://[user:password@]host[:port][/database], or rediss:// for TLS. */
  readonly url: string;
  /** Several queues can share a Redis. */
  readonly name: string;
  /** Stays until everything is done; otherwise takes what is done, leaves the rest there and comes back. */
  readonly wait: boolean;
  /** Tries what was given up again. */
  readonly retry: boolean;
}

/** What happened beside the results. */
export interface QueueReport {
  /** Still with the workers. */
  readonly pending: number;
  /** Tried more than once, or sent more than once. */
  readonly retried: readonly string[];
  /** Given up after three tries. */
  readonly parked: readonly string[];
}

export interface Remote {
  readonly report: QueueReport;
  close(): Promise<void>;
}

export interface QueuedGrader extends Grading, Remote {
  /** The verdict is on disk: the queue need not keep it. */
  forget(key: string): Promise<void>;
}

export interface QueuedRuns extends Remote {
  readonly execute: Execute<RunSpec, unknown>;
  /** The outcome, if it is there; otherwise the run is in the queue now. */
  take(spec: RunSpec): Promise<{ readonly outcome: unknown } | undefined>;
  forget(spec: RunSpec): Promise<void>;
}

export interface WorkOptions extends Pick<QueueOptions, "url" | "name"> {
  readonly jobs: number;
  readonly root: string;
  readonly pack?: string;
  readonly hiddenSeed?: string;
  readonly tier?: Tier;
  readonly weak: boolean;
  /** How long a worker may be silent before its job is given to another. */
  readonly lockSeconds: number;
  /** Takes the jobs that the queue's own tests are made of. */
  readonly drill: boolean;
}

/** The exports of the package in queue/. */
export interface QueueModule {
  queuedGrader(grader: Grader, options: QueueOptions): Promise<QueuedGrader>;
  queuedRuns(
    experiment: Experiment<BaseConfig, RunSpec, unknown, unknown>,
    tier: ExperimentTier,
    options: QueueOptions,
  ): Promise<QueuedRuns>;
  /** Works until it is told to stop. Returns the exit code. */
  work(options: WorkOptions): Promise<number>;
  /** Whether what the queue costs is within its targets. */
  bench(options: { root: string; small: boolean; json: boolean }): Promise<boolean>;
}

/** Whether npm's own record of node_modules holds every package that the lock file asks for. */
export function hasItsPackages(folder: string): boolean {
  const record = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const [installed, wanted] = [record, join(folder, "package-lock.json")].map(
    (file) => JSON.parse(readFileSync(file, "utf8")).packages as Record<string, { version?: string }>,
  );
  return Object.keys(wanted).every((path) => path === "" || installed[path]?.version === wanted[path].version);
}

function install(folder: string): void {
  if (hasItsPackages(folder)) return;
  console.error("Installing BullMQ and its Redis client, 16 MB in queue/ …");
  const windows = process.platform === "win32"; // npm is a .cmd file there, which only a shell can start
  const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", options, { cwd: folder, stdio: ["ignore", 2, 2], shell: windows });
  if (status !== 0) throw new Error("the queue's packages could not be installed");
}

function build(folder: string, root: string): void {
  const hash = createHash("sha256").update(readFileSync(join(root, "lib/dist/.built")));
  for (const file of readdirSync(join(folder, "src")).sort()) hash.update(readFileSync(join(folder, "src", file)));
  const input = hash.digest("hex");
  const stamp = join(folder, "dist/.built");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === input) return;
  console.error("Building the queue …");
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the queue could not be built:\n${stdout}`);
  writeFileSync(`${stamp}.new`, input);
  renameSync(`${stamp}.new`, stamp);
}

/** Sees to it that the package in queue/ is installed and built, and says so where it takes time. */
export function prepareQueue(root: string): void {
  const folder = join(root, "queue");
  if (!existsSync(folder))
    throw new Error("this copy of the course has no folder queue/, which holds what --queue needs");
  install(folder);
  build(folder, root);
}

/** The package in queue/, which nothing else of the course imports. */
export async function loadQueue(root: string): Promise<QueueModule> {
  prepareQueue(root);
  const file = pathToFileURL(join(root, "queue/dist/index.js")).href;
  return ((await import(file)) as { default: QueueModule }).default;
}
