import { zeros } from "../tensor/create.js";
import { concatRows, gatherRows, selectRows } from "../tensor/ops.js";
import { checkShape, said } from "../tensor/refuse.js";
import { Tensor } from "../tensor/tensor.js";

/** One [batchSize, inputSize] tensor per time step, all of the same shape. @throws TypeError or RangeError if not */
export function checkSequence(where: string, xs: readonly Tensor[], inputSize: number): void {
  if (!Array.isArray(xs) || xs.length === 0 || xs.some((x) => !(x instanceof Tensor))) {
    throw new TypeError(`${where}: xs must be an array of tensors, one per time step, got ${said(xs)}`);
  }
  checkShape(`${where}, step 0: x`, xs[0].shape, ["batchSize", inputSize]);
  xs.forEach((x, t) => {
    checkShape(`${where}, step ${t}: x`, x.shape, xs[0].shape);
  });
}

/** @throws RangeError unless there is one length per sequence, each from 1 to the number of steps */
export function checkLengths(where: string, lengths: readonly number[], batchSize: number, seqLen: number): void {
  if (!Array.isArray(lengths) || lengths.length !== batchSize) {
    throw new RangeError(`${where}: lengths must be ${batchSize} numbers, one per sequence, got ${said(lengths)}`);
  }
  lengths.forEach((length: number, r: number) => {
    if (Number.isInteger(length) && length >= 1 && length <= seqLen) return;
    throw new RangeError(`${where}: lengths must be integers in 1..${seqLen}, got ${said(length)} at ${r}`);
  });
}

/** Which sequences still go on at step t; undefined when all do. */
export function goingOn(lengths: readonly number[] | undefined, t: number): boolean[] | undefined {
  if (!lengths || lengths.every((length) => t < length)) return undefined;
  return lengths.map((length) => t < length);
}

/** x where its sequence still goes on, zeros past its end. */
export function zeroPastEnd(x: Tensor, alive: readonly boolean[] | undefined): Tensor {
  return alive ? selectRows(alive, x, zeros(x.rows, x.cols, { dtype: x.dtype })) : x;
}

/**
 * Every sequence from its own last step to its first, zeros past its end; done twice, it is the sequence again. What
 * pads a sequence is never read.
 */
export function reversed(steps: readonly Tensor[], lengths?: readonly number[]): Tensor[] {
  if (!lengths) return [...steps].reverse();
  const { cols, dtype } = steps[0];
  const all = concatRows([...steps, zeros(1, cols, { dtype })]);
  const padding = all.rows - 1;
  const rowOf = (t: number) => (length: number, b: number) =>
    t < length ? (length - 1 - t) * lengths.length + b : padding;
  return steps.map((_, t) => gatherRows(all, lengths.map(rowOf(t))));
}

/** Of each sequence its last real step. */
export function lastOf(steps: readonly Tensor[], lengths?: readonly number[]): Tensor {
  if (!lengths) return steps[steps.length - 1];
  return gatherRows(
    concatRows(steps),
    lengths.map((length, b) => (length - 1) * lengths.length + b),
  );
}
