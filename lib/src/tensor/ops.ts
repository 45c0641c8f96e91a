import type { Tensor } from "./tensor.js";

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
