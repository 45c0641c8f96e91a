import type { BaseConfig, Experiment, RunSpec } from "./experiment.js";

/** One of so many equal parts, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * "2/8": the second of eight parts.
 * @throws RangeError if it is no such text
 */
export function readShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (!(index >= 1 && index <= count)) throw new RangeError(`--shard must be 1/n to n/n, got ${text}`);
  return { index, count };
}

/**
 * The part of an experiment that one of several machines does by itself. Runs that wait for each other stay together. Its
 * results are made later, from what all parts kept.
 *
 * @throws Error if the experiment cannot be cut
 */
export function partOf<Config extends BaseConfig, Spec extends RunSpec, Outcome, Results>(
  experiment: Experiment<Config, Spec, Outcome, Results>,
  config: Config,
  { index, count }: Shard,
): Experiment<Config, Spec, Outcome, undefined> {
  const { everyRun, groupOf } = experiment;
  if (!everyRun || !groupOf) throw new Error(`${experiment.name} cannot be cut into parts`);
  const groups = [...new Set(everyRun(config).map(groupOf))];
  const mine = new Set(groups.filter((_, k) => k % count === index - 1));
  const isMine = (spec: Spec): boolean => mine.has(groupOf(spec));
  return {
    ...experiment,
    plan: (all, finished) => experiment.plan(all, finished).filter(isMine),
    results: () => undefined,
  };
}
