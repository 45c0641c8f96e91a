/**
 * The arithmetic behind the ops, as plain loops over row-major arrays.
 * Sums run in a fixed order, so that every machine gets the same bits.
 */
export type NumberArray = Float64Array | Float32Array;
export type DType = "float64" | "float32";

export const allocate = (dtype: DType, length: number): NumberArray =>
  dtype === "float64" ? new Float64Array(length) : new Float32Array(length);

/**
 * C[m,n] += A[m,k] B[k,n]. Four rows of B at a time, so that each entry of C is loaded and stored a quarter as often:
 * about twice as fast as the textbook's three loops.
 */
export function gemm(m: number, k: number, n: number, a: NumberArray, b: NumberArray, c: NumberArray): void {
  const fours = k - (k % 4);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    for (let p = 0; p < fours; p += 4) {
      const at = i * k + p;
      const [a0, a1, a2, a3] = [a[at], a[at + 1], a[at + 2], a[at + 3]];
      const [b0, b1, b2, b3] = [p * n, (p + 1) * n, (p + 2) * n, (p + 3) * n];
      for (let j = 0; j < n; j++) c[row + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
    for (let p = fours; p < k; p++) {
      const factor = a[i * k + p];
      for (let j = 0; j < n; j++) c[row + j] += factor * b[p * n + j];
    }
  }
}

/** Aᵀ[n,m] of A[m,n] */
export function transposed(m: number, n: number, a: NumberArray): NumberArray {
  const t = allocate(a instanceof Float64Array ? "float64" : "float32", m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) t[j * m + i] = a[i * n + j];
  return t;
}

/** C[m,k] += A[m,n] Bᵀ, with B[k,n]: what flows back into the left factor of a product */
export function gemmABt(m: number, n: number, k: number, a: NumberArray, b: NumberArray, c: NumberArray): void {
  gemm(m, n, k, a, transposed(k, n, b), c);
}

/** C[k,n] += Aᵀ B, with A[m,k] and B[m,n]: what flows back into the right factor */
export function gemmAtB(k: number, m: number, n: number, a: NumberArray, b: NumberArray, c: NumberArray): void {
  gemm(k, m, n, transposed(m, k, a), b, c);
}

/** y = a + b; b is as long as a, or one row that is added to every row */
export function add(a: NumberArray, b: NumberArray, y: NumberArray): void {
  const n = b.length;
  for (let start = 0; start < a.length; start += n) for (let j = 0; j < n; j++) y[start + j] = a[start + j] + b[j];
}

/** y = x + number, element by element */
export function addNumber(x: NumberArray, number: number, y: NumberArray): void {
  for (let k = 0; k < x.length; k++) y[k] = x[k] + number;
}

/** y = a b, element by element; b is as long as a, or one row */
export function mul(a: NumberArray, b: NumberArray, y: NumberArray): void {
  const n = b.length;
  for (let start = 0; start < a.length; start += n) for (let j = 0; j < n; j++) y[start + j] = a[start + j] * b[j];
}

/** target += factor · source */
export function addScaled(target: NumberArray, source: NumberArray, factor = 1): void {
  for (let k = 0; k < target.length; k++) target[k] += factor * source[k];
}

/** target += the rows of source, added up; with `times`, each entry multiplied by times first */
export function addRows(target: NumberArray, source: NumberArray, times?: NumberArray): void {
  const n = target.length;
  for (let start = 0; start < source.length; start += n) {
    for (let j = 0; j < n; j++) target[j] += times ? source[start + j] * times[start + j] : source[start + j];
  }
}

/** target += dy b, element by element; b is as long as dy, or one row */
export function addProduct(target: NumberArray, dy: NumberArray, b: NumberArray): void {
  const n = b.length;
  for (let start = 0; start < dy.length; start += n)
    for (let j = 0; j < n; j++) target[start + j] += dy[start + j] * b[j];
}

export function sigmoid(x: NumberArray, y: NumberArray): void {
  for (let k = 0; k < x.length; k++) y[k] = 1 / (1 + Math.exp(-x[k]));
}

/** dx += dy y (1 − y) */
export function sigmoidBack(dy: NumberArray, y: NumberArray, dx: NumberArray): void {
  for (let k = 0; k < y.length; k++) dx[k] += dy[k] * y[k] * (1 - y[k]);
}

export function tanh(x: NumberArray, y: NumberArray): void {
  for (let k = 0; k < x.length; k++) y[k] = Math.tanh(x[k]);
}

/** dx += dy (1 − y²) */
export function tanhBack(dy: NumberArray, y: NumberArray, dx: NumberArray): void {
  for (let k = 0; k < y.length; k++) dx[k] += dy[k] * (1 - y[k] * y[k]);
}

export function relu(x: NumberArray, y: NumberArray): void {
  for (let k = 0; k < x.length; k++) y[k] = Math.max(x[k], 0);
}

/** dx += dy where y > 0; at the kink itself the slope is taken as 0, as PyTorch does */
export function reluBack(dy: NumberArray, y: NumberArray, dx: NumberArray): void {
  for (let k = 0; k < y.length; k++) if (y[k] > 0) dx[k] += dy[k];
}

export function sum(x: NumberArray): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k];
  return total;
}
