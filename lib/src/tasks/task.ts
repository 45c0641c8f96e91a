import { allocate, type DType } from "../tensor/kernels/reference.js";
import { checkChoice, checkCount, checkOptions, said } from "../tensor/refuse.js";
import type { Rng } from "../tensor/rng.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * What a task deals out: `batchSize` sequences at a time.
 *
 * A task asks either once, after the last step (`target`), or at every step (`targets`), never both. Sequences
 * may differ in length; the short ones are then zeros from their end on.
 */
export interface Batch {
  /** One [batchSize, inputSize] per time step. */
  xs: Tensor[];
  /** `[batchSize, outputSize]`: what the answer after the last real step should be. One-hot rows where it is a class. */
  target?: Tensor;
  /** One [batchSize, outputSize] per time step: what the answer at that step should be. */
  targets?: Tensor[];
  /** The same as class numbers: classes[b] beside `target`, classes[t][b] beside `targets`; −1 where nothing counts. */
  classes?: number[] | number[][];
  /** One [batchSize, 1] per time step: 1 where `targets` counts, 0 where not. Absent: every step counts. */
  mask?: Tensor[];
  /** How many steps of each sequence are real: its last is xs[lengths[b] − 1]. Absent: all of them. */
  lengths?: number[];
  /** Whether new sequences begin here, so that a state carried over from the last batch no longer fits. */
  fresh?: boolean;
}

/** One question, after the last real step. */
export interface FinalBatch extends Batch {
  target: Tensor;
}

/** One question with a class for an answer: `target` is one-hot, `classes[b]` its number. */
export interface ClassBatch extends FinalBatch {
  classes: number[];
}

/** A question at every step. */
export interface StepBatch extends Batch {
  targets: Tensor[];
}

/** A question at every step with a class for an answer: `targets[t]` one-hot, `classes[t][b]` its number. */
export interface StepClassBatch extends StepBatch {
  classes: number[][];
}

export interface Task<B extends Batch = Batch> {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly batchSize: number;
  /** What answers that remember too little score; the unit of each is in the task's docblock. */
  readonly baselines: Readonly<Record<string, number>>;
  /** Fresh sequences, and what should be answered. */
  batch(): B;
}

/** Options that every task has. */
export interface TaskOptions {
  /** Sequences per batch. Default 32. */
  batchSize?: number;
  /** Of the tensors in a batch. Default "float64". */
  dtype?: DType;
}

/**
 * Checks what all tasks have in common, and fills in the defaults.
 * @throws TypeError or RangeError that names the option, what it must be, what came
 */
export function common(
  where: string,
  options: TaskOptions,
  known: readonly string[],
  rng: Rng,
): { batchSize: number; dtype: DType } {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${where}: options must be an object like { batchSize: 32 }, got ${said(options)}`);
  }
  checkOptions(where, options, [...known, "batchSize", "dtype"]);
  if (typeof rng?.uniform !== "function") {
    throw new TypeError(`${where}: rng must be made by seededRng, got ${said(rng)}`);
  }
  const { batchSize = 32, dtype = "float64" } = options;
  checkCount(where, "batchSize", batchSize);
  checkChoice(where, "dtype", dtype, ["float64", "float32"]);
  return { batchSize, dtype };
}

/** Both ends of a range of counts, from one number or a pair. @throws RangeError unless least <= low <= high */
export function checkRange(
  where: string,
  name: string,
  value: number | readonly [number, number],
  least: number,
): [number, number] {
  const [low, high] = Array.isArray(value) && value.length === 2 ? value : [value, value];
  if (Number.isSafeInteger(low) && Number.isSafeInteger(high) && least <= low && low <= high) return [low, high];
  const came = Array.isArray(value) ? `[${value.join(", ")}]` : said(value);
  throw new RangeError(`${where}: ${name} must be an integer >= ${least} or a pair [low, high] of them, got ${came}`);
}

/** Both ends of an interval of numbers. @throws RangeError unless low < high */
export function checkInterval(
  where: string,
  name: string,
  value: readonly [number, number],
): readonly [number, number] {
  if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]) return value;
  const came = Array.isArray(value) ? `[${value.join(", ")}]` : said(value);
  throw new RangeError(`${where}: ${name} must be [low, high] with low < high, got ${came}`);
}

/** An integer in [low, high], both included. */
export const between = (rng: Rng, low: number, high: number): number => low + rng.int(high - low + 1);

/** One of the things in a list. */
export const oneOf = <T>(rng: Rng, things: readonly T[]): T => things[rng.int(things.length)];

/** All zeros. */
export const blank = (rows: number, cols: number, dtype: DType = "float64"): Tensor =>
  new Tensor(rows, cols, allocate(dtype, rows * cols));

/**
 * Class numbers as rows with a single 1: [classes.length, size]. A class of −1 is a row of zeros: nothing there.
 * @throws RangeError if a class is not an integer in −1..size − 1
 */
export function oneHot(classes: readonly number[], size: number, dtype: DType = "float64"): Tensor {
  const rows = blank(classes.length, size, dtype);
  classes.forEach((k, row) => {
    if (!(Number.isInteger(k) && k >= -1 && k < size)) {
      throw new RangeError(`oneHot: every class must be an integer in -1..${size - 1}, got ${said(k)} at ${row}`);
    }
    if (k >= 0) rows.data[row * size + k] = 1;
  });
  return rows;
}

/** Sequences, one a row, read step by step: the result's [t][b] is sequences[b][t], or −1 after the end. */
export function byStep(sequences: readonly (readonly number[])[]): number[][] {
  const seqLen = Math.max(...sequences.map((sequence) => sequence.length));
  return Array.from({ length: seqLen }, (_, t) => sequences.map((sequence) => sequence[t] ?? -1));
}

/** Sequences of class numbers as one-hot steps, zeros after the end. */
export function oneHotSteps(sequences: readonly (readonly number[])[], size: number, dtype?: DType): Tensor[] {
  return byStep(sequences).map((classes) => oneHot(classes, size, dtype));
}

/** 1 on each sequence's real steps, 0 after them: one [batchSize, 1] per step. */
export function realSteps(lengths: readonly number[], dtype: DType = "float64"): Tensor[] {
  return Array.from({ length: Math.max(...lengths) }, (_, t) => {
    const mask = blank(lengths.length, 1, dtype);
    lengths.forEach((length, b) => {
      if (t < length) mask.data[b] = 1;
    });
    return mask;
  });
}

/**
 * What it costs to know only that the answer is one of k classes, all as likely, among `outputs` that there are.
 *
 * accuracy: the share of right answers, 1/k. crossEntropy: ln k nats. mse, against the one-hot target, of the
 * answer 1/k for each of the k: ((1 − 1/k)² + (k − 1)/k²) / outputs = (1 − 1/k) / outputs.
 */
export function guessing(k: number, outputs = k): { accuracy: number; crossEntropy: number; mse: number } {
  return { accuracy: 1 / k, crossEntropy: Math.log(k), mse: (1 - 1 / k) / outputs };
}
