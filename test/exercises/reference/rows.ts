/** The helpers of lessons 01 to 04 again, for the side that knows the answers: vectors are rows, v W. */
import type { Matrix, Vector } from "./vectors.js";

export const zeros = (n: number): Vector => Array<number>(n).fill(0);
export const transpose = (W: Matrix): Matrix => W[0].map((_, j) => W.map((row) => row[j]));
export const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, k) => sum + x * b[k], 0);
/** v W: one number per column of W. */
export const times = (v: Vector, W: Matrix): Vector => transpose(W).map((column) => dot(v, column));
export const outer = (a: Vector, b: Vector): Matrix => a.map((x) => b.map((y) => x * y));
export const sub = (a: Vector, b: Vector): Vector => a.map((x, k) => x - b[k]);
export const scale = (a: Vector, by: number): Vector => a.map((x) => x * by);
export const length = (v: Vector): number => Math.sqrt(dot(v, v));
export const addMatrix = (A: Matrix, B: Matrix): Matrix => A.map((row, i) => row.map((x, j) => x + B[i][j]));
