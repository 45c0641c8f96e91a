import { createHash } from "node:crypto";
import type { BaseConfig, Experiment, RunSpec } from "unrolled/experiments/experiment";
import { canonicalJson, type Tier } from "unrolled/experiments/record";
import type { QueuedRuns, QueueOptions } from "unrolled/grader/batch/queue-package";
import { fitOf, type Identity, programIdentity } from "./identity.js";
import { WorkQueue } from "./work-queue.js";

type AnyExperiment = Experiment<BaseConfig, RunSpec, unknown, unknown>;

/** The same key means the same outcome. */
function keyOfRun(experiment: AnyExperiment, tier: Tier, spec: RunSpec, identity: Identity): string {
  const parts = [experiment.name, tier, experiment.config(tier), spec, fitOf("reproduce", identity)];
  return createHash("sha256").update(canonicalJson(parts)).digest("hex");
}

/** The runs of an experiment, done by workers. A worker is told a name, and finds the run in its own list. */
export async function queuedRuns(experiment: AnyExperiment, tier: Tier, options: QueueOptions): Promise<QueuedRuns> {
  if (!experiment.everyRun) throw new Error(`${experiment.name} does not list its runs, so they cannot travel`);
  const identity = programIdentity();
  const queue = await WorkQueue.open("reproduce", identity, options);

  async function outcomeOf(spec: RunSpec, signal?: AbortSignal): Promise<{ outcome: unknown } | undefined> {
    const key = keyOfRun(experiment, tier, spec, identity);
    const job = { kind: "reproduce", key, experiment: experiment.name, tier, run: spec.key } as const;
    const came = await queue.outcome(job, spec.key, signal);
    if (!came) return undefined;
    if ("parked" in came) throw new Error(`${spec.key}: given up by the workers: ${came.parked}`);
    return { outcome: came.result };
  }

  return {
    report: queue.report,
    async execute(spec, _, signal) {
      const came = await outcomeOf(spec, signal);
      signal.throwIfAborted();
      if (!came) throw new Error(`${spec.key}: the queue was left`);
      return came.outcome;
    },
    take: (spec) => outcomeOf(spec),
    forget: (spec) => queue.forget(keyOfRun(experiment, tier, spec, identity)),
    close: () => queue.close(),
  };
}
