import { createRequire } from "node:module";
import { checkShape } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";

// ml-matrix rather than mathjs: on the weights of a cell with 32 units the eigenvalue search of mathjs 15 gives up.
// Loaded when first used: it would be a fifth of the time that importing the library takes.
const decompositions = (): typeof import("ml-matrix") => createRequire(import.meta.url)("ml-matrix");

/** An eigenvalue of a real matrix: re + im · i. */
export interface Eigenvalue {
  readonly re: number;
  readonly im: number;
}

const modulus = ({ re, im }: Eigenvalue): number => Math.hypot(re, im);

/** All eigenvalues of a square matrix, the one with the largest modulus first. @throws RangeError if W is not square */
export function eigenvalues(W: Tensor): Eigenvalue[] {
  checkShape("eigenvalues: W", W.shape, [W.rows, W.rows]);
  const { realEigenvalues, imaginaryEigenvalues } = new (decompositions().EigenvalueDecomposition)(W.tolist());
  return realEigenvalues.map((re, k) => ({ re, im: imaginaryEigenvalues[k] })).sort((a, b) => modulus(b) - modulus(a));
}

/** ρ(W): the largest modulus of an eigenvalue. In the long run a product of many W grows or shrinks like ρ per factor. */
export const spectralRadius = (W: Tensor): number => modulus(eigenvalues(W)[0]);

/** All singular values, the largest first: how much W stretches along each of its axes. */
export function singularValues(W: Tensor): number[] {
  const vectors = { computeLeftSingularVectors: false, computeRightSingularVectors: false, autoTranspose: true };
  return [...new (decompositions().SingularValueDecomposition)(W.tolist(), vectors).diagonal].sort((a, b) => b - a);
}

/** σ₁(W): the most that W can stretch a vector. Never below the spectral radius. */
export const largestSingularValue = (W: Tensor): number => singularValues(W)[0];
