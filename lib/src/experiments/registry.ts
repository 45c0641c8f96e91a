import { nearest } from "../tensor/refuse.js";
import { type AddingConfig, type AddingResults, addingExperiment } from "./adding.js";
import type { BaseConfig, Experiment, RunSpec } from "./experiment.js";
import { recallExperiment } from "./recall.js";
import type { SweepConfig, SweepResults } from "./sweep/sweep.js";

/** What `loadResult` returns for each experiment. A new experiment adds a line here and one below. */
export interface ExperimentTypes {
  adding: { config: AddingConfig; results: AddingResults };
  recall: { config: SweepConfig; results: SweepResults };
}

export type ExperimentName = keyof ExperimentTypes;

/** An experiment whose config, specs and outcomes only it understands. */
export type AnyExperiment = Experiment<BaseConfig, RunSpec, unknown, unknown>;

const registry: Record<ExperimentName, unknown> = {
  adding: addingExperiment,
  recall: recallExperiment,
};

export const experimentNames = Object.keys(registry) as ExperimentName[];

/** @throws RangeError that names the nearest one, if there is no experiment of this name */
export function findExperiment(name: string): AnyExperiment {
  if (Object.hasOwn(registry, name)) return registry[name as ExperimentName] as AnyExperiment;
  const meant = nearest(name, experimentNames);
  const hint = meant ? `did you mean ${meant}?` : `there are: ${experimentNames.join(", ")}`;
  throw new RangeError(`no experiment "${name}"; ${hint}`);
}
