import type { Expression, Store } from "../tensor/kernels/simd/expression.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Affine, Value } from "./values.js";

/**
 * A step as stages, and the same backwards. Everything a stage reads or writes is an array with a name; where arrays
 * lie is decided here, but not how large a batch or how long a sequence is.
 *
 * Forward, a step goes up the levels: at each, the products whose sources are ready, then the pointwise arithmetic.
 * Backward it goes down: at each level the pointwise arithmetic, then what flows back through the products.
 */
export interface Plan {
  readonly inputSize: number;
  readonly groups: readonly Group[];
  readonly forward: readonly Stage[];
  readonly backward: readonly Stage[];
  readonly arrays: ReadonlyMap<string, Place>;
  readonly buffers: ReadonlyMap<string, BufferShape>;
  readonly states: readonly StatePlan[];
  /** Where x goes, before the first step. */
  readonly inputs: readonly string[];
  /** Each result of a step, to be computed from what is stored. */
  readonly results: ReadonlyMap<string, Output>;
  /** Rows of weights that pointwise arithmetic reads, with the array of their gradient. */
  readonly rows: readonly RowPlan[];
  readonly levels: number;
  /** Gradient arrays that are added to without ever being written whole: to be cleared before each step. */
  readonly cleared: readonly string[];
  /** The gradients of a step's results, if they are wanted. */
  readonly resultGradients: ReadonlyMap<string, ResultGradient>;
  /** Arrays whose sum is the gradient of x. */
  readonly inputGradient: readonly string[];
  /** The stride of an array. */
  padded(width: number): number;
}

/** Pointwise arithmetic over arrays of one width. */
export interface Stage {
  readonly level: number;
  readonly width: number;
  readonly stores: readonly Store[];
}

/** Sums over the same sources: one matrix product for all of them. */
export interface Group {
  readonly name: string;
  /** 0 if its sources are only x and the bias: then it is computed for all time steps at once. */
  readonly level: number;
  readonly sources: readonly Source[];
  readonly sums: readonly Sum[];
  /** Whether x is a source that is looked up and not multiplied: then it is none of `sources`. */
  readonly looksUp: boolean;
  /** Width of [sources], of [sums] and of [gradients of the sources], with padding. */
  readonly depth: number;
  readonly width: number;
  readonly backWidth: number;
}

export interface Source {
  readonly value: Value | "one";
  readonly width: number;
  readonly at: number;
  /** Column among the gradients of the sources; undefined if it needs none. */
  readonly backAt: number | undefined;
}

export interface Sum {
  readonly value: Affine;
  readonly at: number;
}

/** Which columns of which buffer; a shift of 1 looks one time step ahead. */
export interface Place {
  readonly buffer: string;
  readonly column: number;
  readonly shift: 0 | 1;
}

/** "steps": a slot per time step and one more. "ring": two, in turn. "once": one. "row": a single row. */
export interface BufferShape {
  readonly stride: number;
  readonly slots: "steps" | "ring" | "once" | "row";
}

export interface StatePlan {
  readonly name: string;
  readonly width: number;
  /** Arrays that must hold it before the first step. */
  readonly before: readonly string[];
  /** The array that holds it after a step. */
  readonly after: string;
  /** Arrays whose sum is the gradient of the state after a step; what comes from outside is added to the first. */
  readonly gradients: readonly string[];
}

export interface ResultGradient {
  /** The array of its whole gradient, by every path. */
  readonly whole: string;
  /** Of a result that is no state: the array of what reaches it from outside. */
  readonly outside?: string;
}

export interface RowPlan {
  readonly array: string;
  readonly gradient: string | undefined;
  readonly tensor: Tensor;
  readonly from: number;
  readonly width: number;
}

export interface Output {
  readonly width: number;
  readonly value: Expression;
}

/** How wide arrays are made: vectors of four and panels of eight for SIMD, as they are for plain loops. */
export interface Padding {
  readonly vector: number;
  readonly panel: number;
}

/** Gradients that are rarely asked for, and cost time. */
export interface WantedGradients {
  /** ∂L/∂x */
  readonly inputs: boolean;
  /** ∂L/∂ every result of a step; without it, L may depend on states only. */
  readonly results: boolean;
}

/** What else a plan is made for. */
export interface PlanOptions extends WantedGradients {
  /** Whether x is one-hot, so that its products are looked up in a table. */
  readonly oneHot: boolean;
}
