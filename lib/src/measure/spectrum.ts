import { mathjs } from "../tensor/mathjs.js";
import { checkShape } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";

/** An eigenvalue of a real matrix: re + im · i. */
export interface Eigenvalue {
  readonly re: number;
  readonly im: number;
}

/** All eigenvalues of a square matrix, the one with the largest modulus first. @throws RangeError if W is not square */
export function eigenvalues(W: Tensor): Eigenvalue[] {
  checkShape("eigenvalues: W", W.shape, [W.rows, W.rows]);
  const values = mathjs().eigs(W.tolist(), { eigenvectors: false }).values as (number | Eigenvalue)[];
  return values
    .map((v) => (typeof v === "number" ? { re: v, im: 0 } : { re: v.re, im: v.im }))
    .sort((a, b) => Math.hypot(b.re, b.im) - Math.hypot(a.re, a.im));
}

/** ρ(W): the largest modulus of an eigenvalue. In the long run a product of many W grows or shrinks like ρ per factor. */
export function spectralRadius(W: Tensor): number {
  const [{ re, im }] = eigenvalues(W);
  return Math.hypot(re, im);
}

/** All singular values, the largest first: how much W stretches along each of its axes, √ of the eigenvalues of WᵀW. */
export function singularValues(W: Tensor): number[] {
  const { multiply, transpose, eigs } = mathjs();
  const rows = W.tolist();
  const values = eigs(multiply(transpose(rows), rows), { eigenvectors: false }).values as number[];
  return values.map((v) => Math.sqrt(Math.max(0, v))).sort((a, b) => b - a);
}

/** σ₁(W): the most that W can stretch a vector. Never below the spectral radius. */
export const largestSingularValue = (W: Tensor): number => singularValues(W)[0];
