import { nearest } from "../tensor/refuse.js";
import { type CharacterConfig, type CharacterResults, characterModelExperiment } from "./character-model.js";
import type { BaseConfig, Experiment, RunSpec } from "./experiment.js";
import type { SweepConfig, SweepResults } from "./sweep.js";
import { addingExperiment } from "./sweeps/adding.js";
import { addingLengths } from "./sweeps/adding-lengths.js";
import { copyingExperiment } from "./sweeps/copying.js";
import { countingExperiment } from "./sweeps/counting.js";
import { forgetBiasExperiment } from "./sweeps/forget-bias.js";
import { hyperParametersExperiment } from "./sweeps/hyper-parameters.js";
import { learningRatesExperiment } from "./sweeps/learning-rates.js";
import { longLagExperiment } from "./sweeps/long-lag.js";
import { odysseyExperiment } from "./sweeps/odyssey.js";
import { pairs1997Experiment } from "./sweeps/pairs1997.js";
import { reberExperiment } from "./sweeps/reber.js";
import { recallExperiment } from "./sweeps/recall.js";
import { type Seq2seqConfig, type Seq2seqResults, seq2seqExperiment } from "./sweeps/seq2seq.js";
import { temporalOrderExperiment } from "./sweeps/temporal-order.js";
import { temporalOrderLengths } from "./sweeps/temporal-order-lengths.js";

/** Experiments that train every contestant on every task. A new one adds a line here. */
const sweeps = {
  adding: addingExperiment,
  "adding-lengths": addingLengths,
  copying: copyingExperiment,
  counting: countingExperiment,
  "forget-bias": forgetBiasExperiment,
  "hyper-parameters": hyperParametersExperiment,
  "learning-rates": learningRatesExperiment,
  "long-lag": longLagExperiment,
  odyssey: odysseyExperiment,
  pairs1997: pairs1997Experiment,
  reber: reberExperiment,
  recall: recallExperiment,
  "temporal-order": temporalOrderExperiment,
  "temporal-order-lengths": temporalOrderLengths,
};

export type SweepName = keyof typeof sweeps;
export const sweepNames = Object.keys(sweeps) as SweepName[];

/** What `loadResult` returns for each experiment. */
export interface ExperimentTypes extends Record<SweepName, { config: SweepConfig; results: SweepResults }> {
  seq2seq: { config: Seq2seqConfig; results: Seq2seqResults };
  "char-model": { config: CharacterConfig; results: CharacterResults };
}

export type ExperimentName = keyof ExperimentTypes;

/** An experiment whose config, specs and outcomes only it understands. */
export type AnyExperiment = Experiment<BaseConfig, RunSpec, unknown, unknown>;

const registry: Record<ExperimentName, unknown> = {
  seq2seq: seq2seqExperiment,
  "char-model": characterModelExperiment,
  ...sweeps,
};

export const experimentNames = Object.keys(registry) as ExperimentName[];

/** @throws RangeError that names the nearest one, if there is no experiment of this name */
export function findExperiment(name: string): AnyExperiment {
  if (Object.hasOwn(registry, name)) return registry[name as ExperimentName] as AnyExperiment;
  const meant = nearest(name, experimentNames);
  const hint = meant ? `did you mean ${meant}?` : `there are: ${experimentNames.join(", ")}`;
  throw new RangeError(`no experiment "${name}"; ${hint}`);
}
