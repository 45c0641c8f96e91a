import type { Tier } from "./record.js";

/** One training run of an experiment: plain data, so that it can go to a worker. The key names it. */
export interface RunSpec {
  readonly key: string;
}

/** Told now and then how far a run has come, from 0 to 1. */
export type OnProgress = (share: number) => void;

/** Outcomes of the runs that are finished, by key. */
export type Finished<Outcome> = Readonly<Record<string, Outcome>>;

/**
 * A long measurement, cut into runs that do not depend on each other's timing. Everything is plain data, so that
 * runs can go to several workers and outlive a kill; what comes out depends on the config alone.
 */
export interface Experiment<Config extends BaseConfig, Spec extends RunSpec, Outcome, Results> {
  readonly name: string;
  /** In one line, for the list that `npm run reproduce` prints. */
  readonly shows: string;
  /** How long it takes on two cores. */
  readonly minutes: Record<Tier, number>;
  config(tier: Tier): Config;
  /** The runs that can be planned with what is finished, the finished ones among them; the slowest first. */
  plan(config: Config, finished: Finished<Outcome>): Spec[];
  /** How many runs there will be in all. */
  runCount(config: Config): number;
  /** Every run that the plan may ever ask for, whatever comes of the others. What is not among them no other machine does. */
  everyRun?(config: Config): Spec[];
  /** Runs of one group may wait for each other, those of different groups never do. */
  groupOf?(spec: Spec): string;
  run(config: Config, spec: Spec, onProgress?: OnProgress): Promise<Outcome>;
  /** One line about a finished run. */
  say(outcome: Outcome): string;
  results(config: Config, finished: Finished<Outcome>): Results;
  /** Files kept beside the record, by name: what does not belong in JSON, such as weights. The results hold their hashes. */
  attachments?(config: Config, finished: Finished<Outcome>): Readonly<Record<string, Uint8Array>>;
}

export interface BaseConfig {
  readonly tier: Tier;
  readonly seeds: readonly number[];
}
