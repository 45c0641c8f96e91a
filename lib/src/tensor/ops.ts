import { addProduct, addScaled, allocate, type NumberArray, transposed } from "./kernels/dispatch.js";
import { checkShape } from "./refuse.js";
import { record, type Tensor, valuesOf } from "./tensor.js";

/** σ(x) = 1 / (1 + e⁻ˣ), element by element. */
export const sigmoid = (x: Tensor): Tensor => x.sigmoid();

/** tanh(x), element by element. */
export const tanh = (x: Tensor): Tensor => x.tanh();

/** max(0, x), element by element. */
export const relu = (x: Tensor): Tensor => x.relu();

/** The matrix product a b. */
export const matmul = (a: Tensor, b: Tensor): Tensor => a.matmul(b);

/** 1 − x, element by element. */
export const oneMinus = (x: Tensor): Tensor => x.mul(-1).add(1);

/** eˣ, element by element. */
export function exp(x: Tensor): Tensor {
  const y = valuesOf(x).map(Math.exp);
  return record(x.rows, x.cols, y, [x], (dy) => addProduct(x.grad, dy, y), "exp");
}

/** The natural logarithm, element by element; −∞ at 0. */
export function log(x: Tensor): Tensor {
  const y = valuesOf(x).map(Math.log);
  const passBack = (dy: NumberArray): void => {
    for (let k = 0; k < dy.length; k++) x.grad[k] += dy[k] / valuesOf(x)[k];
  };
  return record(x.rows, x.cols, y, [x], passBack, "log");
}

/**
 * Each row as probabilities: eˣⱼ / Σₖ eˣₖ. The row's greatest entry is subtracted first, which changes nothing but
 * keeps e from overflowing.
 */
export function softmax(x: Tensor): Tensor {
  const { rows, cols } = x;
  const y = allocate(x.dtype, valuesOf(x).length);
  for (let start = 0; start < y.length; start += cols) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < cols; j++) most = Math.max(most, valuesOf(x)[start + j]);
    let total = 0;
    for (let j = 0; j < cols; j++) {
      y[start + j] = Math.exp(valuesOf(x)[start + j] - most);
      total += y[start + j];
    }
    for (let j = 0; j < cols; j++) y[start + j] /= total;
  }
  return record(
    rows,
    cols,
    y,
    [x],
    (dy) => {
      for (let start = 0; start < y.length; start += cols) {
        let mean = 0;
        for (let j = 0; j < cols; j++) mean += dy[start + j] * y[start + j];
        for (let j = 0; j < cols; j++) x.grad[start + j] += y[start + j] * (dy[start + j] - mean);
      }
    },
    "softmax",
  );
}

/** xᵀ: [rows, cols] becomes [cols, rows]. */
export function transpose(x: Tensor): Tensor {
  const { rows, cols } = x;
  const y = transposed(rows, cols, valuesOf(x));
  return record(cols, rows, y, [x], (dy) => addScaled(x.grad, transposed(cols, rows, dy)), "transpose");
}

/** Tensors side by side: [n, a] and [n, b] become [n, a + b]. @throws RangeError if they differ in rows */
export function concat(parts: readonly Tensor[]): Tensor {
  if (parts.length === 0) throw new RangeError("concat: parts must hold at least one tensor, got none");
  const { rows, dtype } = parts[0];
  for (const part of parts) checkShape("concat: every part", part.shape, [rows, "any"]);
  const cols = parts.reduce((sum, part) => sum + part.cols, 0);
  const y = allocate(dtype, rows * cols);
  const starts = parts.map((_, k) => parts.slice(0, k).reduce((sum, part) => sum + part.cols, 0));
  parts.forEach((part, k) => {
    for (let r = 0; r < rows; r++)
      y.set(valuesOf(part).subarray(r * part.cols, (r + 1) * part.cols), r * cols + starts[k]);
  });
  return record(
    rows,
    cols,
    y,
    parts,
    (dy) => {
      parts.forEach((part, k) => {
        if (!part.requiresGrad) return;
        const { grad, cols: width } = part;
        for (let r = 0; r < rows; r++) {
          const from = r * cols + starts[k];
          for (let j = 0; j < width; j++) grad[r * width + j] += dy[from + j];
        }
      });
    },
    "concat",
  );
}

/** Columns [from, to) of x. @throws RangeError if they are not inside x */
export function columns(x: Tensor, from: number, to: number): Tensor {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= x.cols)) {
    throw new RangeError(`columns: from and to must be in 0..${x.cols}, got ${from} and ${to}`);
  }
  const { rows, cols } = x;
  const width = to - from;
  const y = allocate(x.dtype, rows * width);
  for (let r = 0; r < rows; r++) y.set(valuesOf(x).subarray(r * cols + from, r * cols + to), r * width);
  return record(
    rows,
    width,
    y,
    [x],
    (dy) => {
      for (let r = 0; r < rows; r++) for (let j = 0; j < width; j++) x.grad[r * cols + from + j] += dy[r * width + j];
    },
    "columns",
    { from, to },
  );
}

/** Rows of x by number, in any order, each as often as it is asked for: an embedding's look-up. */
export function gatherRows(x: Tensor, indices: readonly number[]): Tensor {
  const { cols } = x;
  const y = allocate(x.dtype, indices.length * cols);
  indices.forEach((index, r) => {
    if (!(Number.isInteger(index) && index >= 0 && index < x.rows)) {
      throw new RangeError(`gatherRows: indices must be integers in 0..${x.rows - 1}, got ${index} at ${r}`);
    }
    y.set(valuesOf(x).subarray(index * cols, (index + 1) * cols), r * cols);
  });
  return record(
    indices.length,
    cols,
    y,
    [x],
    (dy) => {
      indices.forEach((index, r) => {
        for (let j = 0; j < cols; j++) x.grad[index * cols + j] += dy[r * cols + j];
      });
    },
    "gatherRows",
  );
}

/** Tensors on top of each other: [a, n] and [b, n] become [a + b, n]. @throws RangeError if they differ in columns */
export function concatRows(parts: readonly Tensor[]): Tensor {
  if (parts.length === 0) throw new RangeError("concatRows: parts must hold at least one tensor, got none");
  const { cols, dtype } = parts[0];
  const starts: number[] = [];
  let rows = 0;
  for (const part of parts) {
    checkShape("concatRows: every part", part.shape, ["any", cols]);
    starts.push(rows * cols);
    rows += part.rows;
  }
  const y = allocate(dtype, rows * cols);
  parts.forEach((part, k) => {
    y.set(valuesOf(part), starts[k]);
  });
  return record(
    rows,
    cols,
    y,
    parts,
    (dy) => {
      parts.forEach((part, k) => {
        if (part.requiresGrad) addScaled(part.grad, dy.subarray(starts[k], starts[k] + valuesOf(part).length));
      });
    },
    "concatRows",
  );
}

/**
 * Row by row one of two: row r of a where choose[r] holds, otherwise row r of b. What is not chosen has no influence,
 * not even as NaN, and gets no gradient.
 * @throws RangeError if the shapes differ, or there is not one choice per row
 */
export function selectRows(choose: readonly boolean[], a: Tensor, b: Tensor): Tensor {
  checkShape("selectRows: b", b.shape, a.shape);
  if (choose.length !== a.rows) {
    throw new RangeError(`selectRows: choose must hold ${a.rows} booleans, one per row, got ${choose.length}`);
  }
  const { rows, cols } = a;
  const y = allocate(a.dtype, rows * cols);
  for (let r = 0; r < rows; r++) y.set(valuesOf(choose[r] ? a : b).subarray(r * cols, (r + 1) * cols), r * cols);
  return record(
    rows,
    cols,
    y,
    [a, b],
    (dy) => {
      for (let r = 0; r < rows; r++) {
        const from = choose[r] ? a : b;
        if (!from.requiresGrad) continue;
        for (let k = r * cols; k < (r + 1) * cols; k++) from.grad[k] += dy[k];
      }
    },
    "selectRows",
  );
}

/** Each row added up: [rows, cols] becomes [rows, 1]. */
export function rowSums(x: Tensor): Tensor {
  const { rows, cols } = x;
  const y = allocate(x.dtype, rows);
  for (let at = 0; at < valuesOf(x).length; at++) y[Math.floor(at / cols)] += valuesOf(x)[at];
  return record(
    rows,
    1,
    y,
    [x],
    (dy) => {
      for (let at = 0; at < valuesOf(x).length; at++) x.grad[at] += dy[Math.floor(at / cols)];
    },
    "rowSums",
  );
}

/** Each row of x times its own number: by is [rows, 1]. @throws RangeError if by is not */
export function scaleRows(x: Tensor, by: Tensor): Tensor {
  const { rows, cols } = x;
  checkShape("scaleRows: by", by.shape, [rows, 1]);
  const y = valuesOf(x).map((v, at) => v * valuesOf(by)[Math.floor(at / cols)]);
  return record(
    rows,
    cols,
    y,
    [x, by],
    (dy) => {
      for (let at = 0; at < y.length; at++) {
        const r = Math.floor(at / cols);
        if (x.requiresGrad) x.grad[at] += dy[at] * valuesOf(by)[r];
        if (by.requiresGrad) by.grad[r] += dy[at] * valuesOf(x)[at];
      }
    },
    "scaleRows",
  );
}
