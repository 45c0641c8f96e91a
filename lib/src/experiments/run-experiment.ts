import type { BaseConfig, Experiment, OnProgress, RunSpec } from "./experiment.js";
import type { KeptRuns } from "./kept-runs.js";

/** Does one run somewhere: in this thread, or in a worker. Rejects when the signal aborts. */
export type Execute<Spec, Outcome> = (spec: Spec, onProgress: OnProgress, signal: AbortSignal) => Promise<Outcome>;

/** What a watcher is told. */
export interface Watch<Spec, Outcome> {
  onProgress?(spec: Spec, share: number): void;
  onFinished?(spec: Spec, outcome: Outcome, finished: number, total: number): void;
}

export interface RunOptions<Spec, Outcome> extends Watch<Spec, Outcome> {
  readonly kept: KeptRuns<Outcome>;
  readonly execute: Execute<Spec, Outcome>;
  /** How many runs go on at the same time. */
  readonly jobs?: number;
  /** Ends the experiment early; what is finished is kept. */
  readonly signal?: AbortSignal;
}

/**
 * Does every run of an experiment that is not kept already, several at a time, and returns the results.
 * Each run depends on its spec alone, so the number of jobs and a stop in between change nothing.
 *
 * @throws what a run throws, after the others are stopped; the signal's reason when it aborts
 */
export async function runExperiment<Config extends BaseConfig, Spec extends RunSpec, Outcome, Results>(
  experiment: Experiment<Config, Spec, Outcome, Results>,
  config: Config,
  options: RunOptions<Spec, Outcome>,
): Promise<Results> {
  const { kept, execute, jobs = 1, signal, onProgress, onFinished } = options;
  const total = experiment.runCount(config);
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const started = new Set<string>();
  const running = new Set<Promise<void>>();

  const start = async (spec: Spec): Promise<void> => {
    started.add(spec.key);
    const outcome = await execute(spec, (share) => onProgress?.(spec, share), stop.signal);
    kept.add(spec.key, outcome);
    onFinished?.(spec, outcome, Object.keys(kept.finished).length, total);
  };
  try {
    for (;;) {
      stop.signal.throwIfAborted();
      const ready = experiment
        .plan(config, kept.finished)
        .filter(({ key }) => !(key in kept.finished) && !started.has(key));
      for (const spec of ready.slice(0, jobs - running.size)) {
        const run: Promise<void> = start(spec).finally(() => running.delete(run));
        running.add(run);
      }
      if (running.size === 0) break;
      await Promise.race(running);
    }
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(running);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return experiment.results(config, kept.finished);
}
