import { allocate, type DType } from "./kernels/dispatch.js";
import { checkChoice, checkCount, checkOptions, said } from "./refuse.js";
import { Tensor, valuesOf } from "./tensor.js";
import { watcher } from "./trace.js";

export interface CreateOptions {
  /** "float64" (default) for checking, "float32" for training. */
  dtype?: DType;
  /** Whether `backward()` fills this tensor's `.grad`. Default false. */
  requiresGrad?: boolean;
}

/**
 * A tensor from rows of numbers: `tensor([[1, 2], [3, 4]])` is [2, 2].
 * @throws RangeError if rows differ in length or an entry is not a finite number
 */
export function tensor(rows: readonly (readonly number[])[], options: CreateOptions = {}): Tensor {
  if (!Array.isArray(rows) || rows.length === 0 || !Array.isArray(rows[0]) || rows[0].length === 0) {
    throw new TypeError(`tensor: rows must be an array of rows of numbers like [[1, 2], [3, 4]], got ${said(rows)}`);
  }
  const cols = rows[0].length;
  const result = zeros(rows.length, cols, options);
  rows.forEach((row, r) => {
    if (row?.length !== cols) throw new RangeError(`tensor: row ${r} must have ${cols} entries, got ${row?.length}`);
    row.forEach((value: number, c: number) => {
      if (!Number.isFinite(value)) {
        throw new RangeError(`tensor: every entry must be a finite number, got ${said(value)} at [${r}][${c}]`);
      }
      valuesOf(result)[r * cols + c] = value;
    });
  });
  return result;
}

/** A [rows, cols] tensor of zeros. */
export function zeros(rows: number, cols: number, options: CreateOptions = {}): Tensor {
  return full(rows, cols, 0, options);
}

/** A [rows, cols] tensor with the same value everywhere. */
export function full(rows: number, cols: number, value: number, options: CreateOptions = {}): Tensor {
  checkCount("full", "rows", rows);
  checkCount("full", "cols", cols);
  checkOptions("tensor", options, ["dtype", "requiresGrad"]);
  const { dtype = "float64", requiresGrad = false } = options;
  checkChoice("tensor", "dtype", dtype, ["float64", "float32"]);
  const data = allocate(dtype, rows * cols);
  if (value !== 0) data.fill(value);
  const result = new Tensor(rows, cols, data, { requiresGrad });
  watcher?.onOp(result, "constant", [], {});
  return result;
}
