import type { DType } from "../tensor/kernels/reference.js";
import { checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  blank,
  byStep,
  type ClassBatch,
  common,
  guessing,
  oneHot,
  type StepClassBatch,
  type Task,
  type TaskOptions,
} from "./task.js";

export interface ParityOptions extends TaskOptions {
  /** Bits per sequence. Default 10. */
  seqLen?: number;
}

export interface ParityTask<B extends ClassBatch | StepClassBatch> extends Task<B> {
  readonly inputSize: 1;
  readonly outputSize: 2;
  readonly seqLen: number;
  readonly baselines: { readonly accuracy: number; readonly crossEntropy: number; readonly mse: number };
}

/**
 * Parity: is the number of ones even (class 0) or odd (class 1)? One random bit a step, one question after the last.
 *
 * It is XOR stretched over time: a network with one bit of memory, flipped by every 1, solves any length.
 *
 * Baselines. Both classes are equally likely: accuracy 1/2, cross-entropy ln 2 nats, mean squared error 1/4. There is
 * no half-way: whoever knows all bits but one is exactly where he was without any, since the last bit flips
 * the answer with probability 1/2. So a loss at chance says nothing about how near the solution is.
 *
 * @see Minsky & Papert (1969), Perceptrons; Schmidhuber & Hochreiter (1996), Guessing can outperform many long time
 * lag algorithms, IDSIA-19-96: random weights find it faster than many published methods.
 */
export function parity(options: ParityOptions = {}, rng: Rng = seededRng(0)): ParityTask<ClassBatch> {
  const { seqLen, batchSize, dtype } = checked("parity", options, rng);
  return {
    inputSize: 1,
    outputSize: 2,
    seqLen,
    batchSize,
    baselines: guessing(2),
    batch() {
      const bits = randomBits(batchSize, seqLen, rng);
      const classes = bits.map((row) => runningParity(row)[seqLen - 1]);
      return { xs: bitSteps(bits, dtype), target: oneHot(classes, 2, dtype), classes };
    },
  };
}

/**
 * Parity, asked for after every bit: the same bits as in `parity`, with the parity so far as the target of each
 * step. An error signal on every step makes it far easier to learn.
 *
 * Baselines as in `parity`; each step's bit alone decides nothing, except at the first step, where it is the answer.
 * That one step would take (ln 2)/T off the cross-entropy; the baselines are those of an answer that sees no bit.
 */
export function parityEachStep(options: ParityOptions = {}, rng: Rng = seededRng(0)): ParityTask<StepClassBatch> {
  const { seqLen, batchSize, dtype } = checked("parityEachStep", options, rng);
  return {
    inputSize: 1,
    outputSize: 2,
    seqLen,
    batchSize,
    baselines: guessing(2),
    batch() {
      const bits = randomBits(batchSize, seqLen, rng);
      const classes = byStep(bits.map(runningParity));
      return { xs: bitSteps(bits, dtype), targets: classes.map((row) => oneHot(row, 2, dtype)), classes };
    },
  };
}

function checked(where: string, options: ParityOptions, rng: Rng) {
  const checkedCommon = common(where, options, ["seqLen"], rng);
  const { seqLen = 10 } = options;
  checkCount(where, "seqLen", seqLen);
  return { ...checkedCommon, seqLen };
}

const randomBits = (rows: number, length: number, rng: Rng): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length }, () => rng.int(2)));

function runningParity(bits: readonly number[]): number[] {
  let odd = 0;
  return bits.map((bit) => {
    odd ^= bit;
    return odd;
  });
}

/** Bits as they are, 0 or 1, one [batchSize, 1] per step. */
export function bitSteps(bits: readonly (readonly number[])[], dtype: DType): Tensor[] {
  return byStep(bits).map((row) => {
    const x = blank(row.length, 1, dtype);
    x.data.set(row);
    return x;
  });
}
