/** The setup cell's helpers again, for the side that knows the answers. */
export type Vector = number[];
export type Matrix = number[][];

export const sigmoid = (v: Vector): Vector => v.map((x) => 1 / (1 + Math.exp(-x)));
export const tanh = (v: Vector): Vector => v.map((x) => Math.tanh(x));
export const add = (a: Vector, b: Vector): Vector => a.map((x, k) => x + b[k]);
export const mul = (a: Vector, b: Vector): Vector => a.map((x, k) => x * b[k]);
export const matVec = (W: Matrix, v: Vector): Vector => W.map((row) => row.reduce((sum, w, k) => sum + w * v[k], 0));
