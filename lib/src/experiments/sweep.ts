import { parameterCount } from "../measure/parameters.js";
import { seededRng } from "../tensor/rng.js";
import { type Arena, dealer } from "./arenas.js";
import { buildCell, type Contestant } from "./contestants.js";
import type { BaseConfig, Experiment, Finished, RunSpec } from "./experiment.js";
import type { Tier } from "./record.js";
import { type Training, type TrainOutcome, type TrainSpec, trainOnce } from "./train-once.js";

/** Every contestant on every task, from several seeds. */
export interface SweepConfig extends BaseConfig, Training {
  readonly arenas: readonly Arena[];
  readonly contestants: readonly Contestant[];
  /** One: everybody's. Several: everybody tries each on the search seed, on every task, and keeps the best there. */
  readonly learningRates: readonly number[];
  /** Takes no part in what is reported. */
  readonly searchSeed: number;
}

export type SweepSpec = RunSpec & TrainSpec;

/** What came of one contestant on one task; arrays have an entry per seed. */
export interface SweepResult {
  readonly hiddenSize: number;
  /** Of the cell, without its readout. */
  readonly parameters: number;
  readonly learningRate: number;
  /** The search: what each learning rate gave on the search seed. Empty where there was nothing to choose. */
  readonly search: readonly {
    readonly learningRate: number;
    readonly right: number;
    readonly testLoss: number | null;
  }[];
  readonly solvedAfter: readonly (number | null)[];
  readonly right: readonly number[];
  readonly testLoss: readonly (number | null)[];
  readonly curves: readonly TrainOutcome["curve"][];
}

/** results[task][contestant] */
export type SweepResults = Readonly<Record<string, Readonly<Record<string, SweepResult>>>>;
export type Sweep = Experiment<SweepConfig, SweepSpec, TrainOutcome, SweepResults>;

interface Pair {
  readonly arena: Arena;
  readonly contestant: Contestant;
}

const specOf = ({ arena, contestant }: Pair, learningRate: number, seed: number): SweepSpec => ({
  key: `${arena.name}, ${contestant.name}, learning rate ${learningRate}, seed ${seed}`,
  arena,
  contestant,
  learningRate,
  seed,
});

/** The learning rates that a contestant may choose from. */
const ratesOf = ({ learningRates }: SweepConfig, { contestant }: Pair): readonly number[] =>
  contestant.learningRate === undefined ? learningRates : [contestant.learningRate];

const searchOf = (config: SweepConfig, pair: Pair): SweepSpec[] => {
  const rates = ratesOf(config, pair);
  return rates.length === 1 ? [] : rates.map((rate) => specOf(pair, rate, config.searchSeed));
};

/** Solved sooner is better; then more right answers; then the smaller loss. */
function better(a: TrainOutcome, b: TrainOutcome): boolean {
  const [soonA, soonB] = [a, b].map(({ solvedAfter }) => solvedAfter ?? Number.POSITIVE_INFINITY);
  if (soonA !== soonB) return soonA < soonB;
  if (a.right !== b.right) return a.right > b.right;
  return (a.testLoss ?? Number.POSITIVE_INFINITY) < (b.testLoss ?? Number.POSITIVE_INFINITY);
}

/** The learning rate that did best on the search seed; undefined until the search is over. */
function chosenRate(config: SweepConfig, pair: Pair, finished: Finished<TrainOutcome>): number | undefined {
  const searched = searchOf(config, pair);
  if (searched.length === 0) return ratesOf(config, pair)[0];
  if (searched.some(({ key }) => !finished[key])) return undefined;
  return searched.reduce((best, one) => (better(finished[one.key], finished[best.key]) ? one : best)).learningRate;
}

const pairsOf = ({ arenas, contestants }: SweepConfig): Pair[] =>
  arenas.flatMap((arena) => contestants.map((contestant) => ({ arena, contestant })));

function plan(config: SweepConfig, finished: Finished<TrainOutcome>): SweepSpec[] {
  return pairsOf(config).flatMap((pair) => {
    const rate = chosenRate(config, pair, finished);
    const reported = rate === undefined ? [] : config.seeds.map((seed) => specOf(pair, rate, seed));
    return [...searchOf(config, pair), ...reported];
  });
}

function resultOf(config: SweepConfig, pair: Pair, finished: Finished<TrainOutcome>): SweepResult {
  const { arena, contestant } = pair;
  const learningRate = chosenRate(config, pair, finished)!;
  const runs = config.seeds.map((seed) => finished[specOf(pair, learningRate, seed).key]);
  const { inputSize } = dealer(arena, 1, seededRng(0));
  return {
    hiddenSize: contestant.hiddenSize,
    parameters: parameterCount(buildCell(contestant, inputSize, seededRng(0))),
    learningRate,
    search: searchOf(config, pair).map(({ learningRate: rate, key }) => {
      const { right, testLoss } = finished[key];
      return { learningRate: rate, right, testLoss };
    }),
    solvedAfter: runs.map(({ solvedAfter }) => solvedAfter),
    right: runs.map(({ right }) => right),
    testLoss: runs.map(({ testLoss }) => testLoss),
    curves: runs.map(({ curve }) => curve),
  };
}

function results(config: SweepConfig, finished: Finished<TrainOutcome>): SweepResults {
  const { arenas, contestants } = config;
  return Object.fromEntries(
    arenas.map((arena) => [
      arena.name,
      Object.fromEntries(
        contestants.map((contestant) => [contestant.name, resultOf(config, { arena, contestant }, finished)]),
      ),
    ]),
  );
}

const everyRun = (config: SweepConfig): SweepSpec[] =>
  pairsOf(config).flatMap((pair) => [
    ...searchOf(config, pair),
    ...ratesOf(config, pair).flatMap((rate) => config.seeds.map((seed) => specOf(pair, rate, seed))),
  ]);

/** What a sweep adds to the machinery that all sweeps share. */
export interface SweepDescription {
  readonly name: string;
  readonly shows: string;
  readonly minutes: Record<Tier, number>;
  config(tier: Tier): SweepConfig;
}

/** An experiment that trains every contestant on every task: it says who, on what, and how long. */
export const sweep = (description: SweepDescription): Sweep => ({
  ...description,
  plan,
  runCount: (config) =>
    pairsOf(config).reduce((sum, pair) => sum + searchOf(config, pair).length + config.seeds.length, 0),
  everyRun,
  groupOf: ({ arena, contestant }) => `${arena.name}, ${contestant.name}`,
  run: (config, spec, onProgress) => trainOnce(config, spec, onProgress),
  say: ({ solvedAfter, right }) =>
    solvedAfter === null ? `${Math.round(100 * right)} % right` : `solved after ${solvedAfter} sequences`,
  results,
});
