import { seededRng } from "../tensor/rng.js";
import { evaluate, fit as train } from "../training/fit.js";
import { adam } from "../training/optimizers.js";
import { type Arena, asks, dealer, lossOf, shareRight } from "./arenas.js";
import { buildModel, type Contestant } from "./contestants.js";
import type { OnProgress } from "./experiment.js";

/** How every run of a sweep trains. */
export interface Training {
  readonly batchSize: number;
  /** Training steps at most, one batch each. */
  readonly steps: number;
  readonly clipNorm: number;
  /** After how many steps fresh sequences are asked. */
  readonly checkEvery: number;
  /** Fresh sequences for each check, and for the final test. */
  readonly testSize: number;
  /** Whether a run ends at the check that finds the task solved. */
  readonly untilSolved: boolean;
}

export interface TrainSpec {
  readonly arena: Arena;
  readonly contestant: Contestant;
  readonly learningRate: number;
  readonly seed: number;
}

/** What came of one run. */
export interface TrainOutcome {
  /** Training sequences seen up to the first check that found the task solved; null: it never was. */
  readonly solvedAfter: number | null;
  /** The share of fresh sequences answered right, and their loss; null where training blew up. */
  readonly right: number;
  readonly testLoss: number | null;
  /** At every check: the step, the mean training loss since the last one, the share right. */
  readonly curve: {
    readonly step: readonly number[];
    readonly loss: readonly number[];
    readonly right: readonly number[];
  };
}

/** Trains one contestant on one task. Everything follows from the training and the spec, bit for bit. */
export async function trainOnce(training: Training, spec: TrainSpec, onProgress?: OnProgress): Promise<TrainOutcome> {
  const { arena, contestant, learningRate, seed } = spec;
  const { batchSize, steps, clipNorm, checkEvery, testSize, untilSolved } = { ...training, ...contestant.training };
  const rng = seededRng(seed);
  const task = dealer(arena, batchSize, rng.fork("train"));
  const loss = lossOf(task);
  const model = buildModel(contestant, task.inputSize, task.outputSize, rng);
  const exam = asks(arena, testSize, rng.fork("check")).batch();
  const curve = { step: [] as number[], loss: [] as number[], right: [] as number[] };
  let solvedAfter: number | null = null;
  let [sum, count] = [0, 0];
  try {
    const options = { loss, optimizer: adam({ learningRate }), clipNorm, steps };
    for await (const { step, loss: cost } of train(model, task, options)) {
      sum += cost;
      count++;
      if (step % checkEvery !== 0 && step !== steps) continue;
      curve.step.push(step);
      curve.loss.push(sum / count);
      curve.right.push(shareRight(model, exam));
      [sum, count] = [0, 0];
      if (curve.right.at(-1)! >= (arena.solved ?? 0.99)) solvedAfter ??= step * batchSize;
      onProgress?.(step / steps);
      if (untilSolved && solvedAfter !== null) break;
    }
  } catch (error) {
    if (!/became (NaN|-?Infinity)/.test((error as Error).message)) throw error;
    return { solvedAfter: null, right: 0, testLoss: null, curve }; // blew up: a result, not a fault
  }
  const fresh = () => asks(arena, testSize, rng.fork("test"));
  return {
    solvedAfter,
    right: shareRight(model, fresh().batch()),
    testLoss: evaluate(model, fresh(), { loss, batches: 1 }),
    curve,
  };
}
