import { LSTMCell } from "../cells/lstm.js";
import { RNNCell } from "../cells/rnn.js";
import { linear } from "../layers/linear.js";
import { matchedHiddenSize, parameterCount } from "../measure/parameters.js";
import { adding } from "../tasks/adding.js";
import { identity } from "../tensor/init.js";
import { seededRng } from "../tensor/rng.js";
import { evaluate, type Model, fit as train } from "../training/fit.js";
import { mse } from "../training/losses.js";
import { adam } from "../training/optimizers.js";
import type { BaseConfig, Experiment, Finished, OnProgress, RunSpec } from "./experiment.js";
import type { Tier } from "./record.js";

/** One competitor of the adding experiment. */
export interface AddingModel {
  readonly name: string;
  readonly cell: "lstm" | "rnn" | "identity rnn";
  readonly hiddenSize: number;
}

export interface AddingConfig extends BaseConfig {
  readonly task: { readonly seqLen: number; readonly batchSize: number };
  readonly models: readonly AddingModel[];
  readonly optimizer: "adam";
  readonly clipNorm: number;
  /** Training steps, one batch each. */
  readonly steps: number;
  /** Every model tries each of these on the search seed and keeps the one with the lowest loss on fresh sequences. */
  readonly learningRates: readonly number[];
  readonly searchSeed: number;
  /** Batches of fresh sequences behind each test loss. */
  readonly testBatches: number;
  /** Curves keep at most this many points; each is the mean loss of the steps since the one before. */
  readonly curvePoints: number;
}

export interface AddingSpec extends RunSpec {
  readonly model: AddingModel;
  readonly learningRate: number;
  readonly seed: number;
}

export interface AddingOutcome {
  readonly testLoss: number;
  readonly step: readonly number[];
  readonly loss: readonly number[];
}

/** What came of one competitor. `step` and `loss` are what `figures.learningCurves` draws. */
export interface AddingResult {
  readonly hiddenSize: number;
  /** Of the cell; the readout has hiddenSize + 1 more. */
  readonly parameters: number;
  /** The one that won the search. */
  readonly learningRate: number;
  readonly search: readonly { readonly learningRate: number; readonly testLoss: number }[];
  readonly step: readonly number[];
  /** loss[k] belongs to the k-th seed. */
  readonly loss: readonly (readonly number[])[];
  readonly testLoss: readonly number[];
}

export type AddingResults = Readonly<Record<string, AddingResult>>;

const lstmSize = 32;

function addingConfig(tier: Tier): AddingConfig {
  const matched = matchedHiddenSize((size) => new RNNCell(2, size), parameterCount(new LSTMCell(2, lstmSize)));
  const full = tier === "full";
  return {
    tier,
    task: { seqLen: 50, batchSize: 32 },
    models: [
      { name: "LSTM", cell: "lstm", hiddenSize: lstmSize },
      { name: "RNN", cell: "rnn", hiddenSize: lstmSize },
      { name: "RNN, as many weights", cell: "rnn", hiddenSize: matched },
      { name: "RNN, relu from identity", cell: "identity rnn", hiddenSize: lstmSize },
    ],
    optimizer: "adam",
    clipNorm: 1,
    steps: full ? 10_000 : 2000,
    learningRates: full ? [3e-4, 1e-3, 3e-3, 1e-2] : [1e-3, 3e-3, 1e-2],
    searchSeed: 0,
    seeds: full ? [1, 2, 3, 4, 5] : [1, 2, 3],
    testBatches: 200,
    curvePoints: 200,
  };
}

/** A competitor with fresh weights. Equal seeds start equal networks on equal data, whoever else runs. */
function build({ cell, hiddenSize }: AddingModel, seed: number): Model {
  const rng = seededRng(seed).fork("cell");
  const readout = linear(hiddenSize, 1, { rng: seededRng(seed).fork("readout") });
  if (cell === "lstm") return { cell: new LSTMCell(2, hiddenSize, { rng }), readout };
  const identityStart = { rng, activation: "relu", recurrentInit: identity() } as const; // Le, Jaitly & Hinton (2015)
  return { cell: new RNNCell(2, hiddenSize, cell === "rnn" ? { rng } : identityStart), readout };
}

async function run(
  config: AddingConfig,
  { model: competitor, learningRate, seed }: AddingSpec,
  onProgress?: OnProgress,
): Promise<AddingOutcome> {
  const { task, steps, clipNorm, testBatches, curvePoints } = config;
  const model = build(competitor, seed);
  const stretch = Math.ceil(steps / curvePoints);
  const curve = { step: [] as number[], loss: [] as number[] };
  let sum = 0;
  let count = 0;
  const training = adding(task, seededRng(seed).fork("train"));
  for await (const { step, loss } of train(model, training, {
    loss: mse,
    optimizer: adam({ learningRate }),
    clipNorm,
    steps,
  })) {
    sum += loss;
    count++;
    if (step % stretch !== 0 && step !== steps) continue;
    curve.step.push(step);
    curve.loss.push(sum / count);
    sum = count = 0;
    onProgress?.(step / steps);
  }
  const testLoss = evaluate(model, adding(task, seededRng(seed).fork("test")), { batches: testBatches });
  return { testLoss, ...curve };
}

const spec = (model: AddingModel, learningRate: number, seed: number): AddingSpec => ({
  key: `${model.name}, learning rate ${learningRate}, seed ${seed}`,
  model,
  learningRate,
  seed,
});

const searchSpecs = ({ learningRates, searchSeed }: AddingConfig, model: AddingModel): AddingSpec[] =>
  learningRates.map((learningRate) => spec(model, learningRate, searchSeed));

/** The learning rate with the lowest loss on the search seed; undefined until the search is over. */
function chosenRate(config: AddingConfig, model: AddingModel, finished: Finished<AddingOutcome>): number | undefined {
  const searched = searchSpecs(config, model);
  if (searched.some(({ key }) => !finished[key])) return undefined;
  return searched.reduce((best, one) => (finished[one.key].testLoss < finished[best.key].testLoss ? one : best))
    .learningRate;
}

function plan(config: AddingConfig, finished: Finished<AddingOutcome>): AddingSpec[] {
  return bySlowest(config.models).flatMap((model) => {
    const rate = chosenRate(config, model, finished);
    return [
      ...searchSpecs(config, model),
      ...(rate === undefined ? [] : config.seeds.map((seed) => spec(model, rate, seed))),
    ];
  });
}

function bySlowest(models: readonly AddingModel[]): AddingModel[] {
  const work = ({ cell, hiddenSize }: AddingModel): number => hiddenSize ** 2 * (cell === "lstm" ? 4 : 1);
  return [...models].sort((a, b) => work(b) - work(a));
}

function results(config: AddingConfig, finished: Finished<AddingOutcome>): AddingResults {
  return Object.fromEntries(
    config.models.map((model) => {
      const learningRate = chosenRate(config, model, finished)!;
      const runs = config.seeds.map((seed) => finished[spec(model, learningRate, seed).key]);
      const result: AddingResult = {
        hiddenSize: model.hiddenSize,
        parameters: parameterCount(build(model, 0).cell),
        learningRate,
        search: searchSpecs(config, model).map((one) => ({
          learningRate: one.learningRate,
          testLoss: finished[one.key].testLoss,
        })),
        step: runs[0].step,
        loss: runs.map(({ loss }) => loss),
        testLoss: runs.map(({ testLoss }) => testLoss),
      };
      return [model.name, result];
    }),
  );
}

/**
 * RNN against LSTM on the adding problem: at equal hidden size, at equal numbers of weights, and an RNN of rectified
 * units that starts from the identity. Every model gets the same optimiser, the same clipping, the same batches and
 * the same search for its learning rate; the seeds that are reported took no part in that search.
 *
 * @see Le, Jaitly & Hinton (2015), arXiv:1504.00941: the last of these, on this problem.
 */
export const addingExperiment: Experiment<AddingConfig, AddingSpec, AddingOutcome, AddingResults> = {
  name: "adding",
  shows: "RNN against LSTM on the adding problem, T = 50: equal hidden size, equal weights",
  minutes: { quick: 10, full: 120 },
  config: addingConfig,
  plan,
  runCount: ({ models, learningRates, seeds }) => models.length * (learningRates.length + seeds.length),
  run,
  say: ({ testLoss }) => `test loss ${testLoss.toPrecision(3)}`,
  results,
};
