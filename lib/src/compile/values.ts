import type { Tensor } from "../tensor/tensor.js";
import { CannotCompile, type TracedNode, type TracedStep } from "./trace.js";

/**
 * A step in normal form. Three kinds of work are left: sums of matrix products, arithmetic on single entries, and
 * taking some columns, which has been pushed down to the states and weights themselves. Equal values are one object.
 */
export type Value = Given | Affine | Pointwise;

interface Basics {
  readonly id: number;
  readonly width: number;
  /** How many products lie between the beginning of the step and this value: it can be computed after that many. */
  readonly level: number;
}

/** x or a state (some columns of it), a row of weights for all sequences, or one number for all entries. */
export interface Given extends Basics {
  readonly kind: "x" | "state" | "row" | "number";
  readonly name: string;
  readonly from: number;
  readonly tensor?: Tensor;
  readonly value: number;
}

/** A sum of products: source · weights, over several sources; a bias is the product of "one" with its row. */
export interface Affine extends Basics {
  readonly kind: "affine";
  readonly terms: readonly Term[];
}

export interface Term {
  readonly source: Value | "one";
  readonly weights: Block;
}

/** A part of a weight matrix: as many rows as its source is wide, as many columns as its sum. */
export interface Block {
  readonly tensor: Tensor;
  readonly row: number;
  readonly col: number;
}

export interface Pointwise extends Basics {
  readonly kind: "pointwise";
  readonly op: PointwiseOp;
  readonly operands: readonly Value[];
}

export type PointwiseOp = "add" | "mul" | "sigmoid" | "tanh" | "relu" | "exp" | "detach" | "copy";
const unary = ["sigmoid", "tanh", "relu", "exp", "detach"] as const;
type UnaryOp = (typeof unary)[number];

/** The results of a traced step in normal form, by name. @throws CannotCompile if it does what cannot be fused */
export function normalForm(step: TracedStep): ReadonlyMap<string, Value> {
  const normaliser = new Normaliser(step);
  return new Map([...step.results].map(([name, node]) => [name, normaliser.all(node)]));
}

class Normaliser {
  readonly #made = new Map<string, Value>();
  readonly #uses = new Map<TracedNode, number>();
  readonly #tensors = new Map<Tensor, number>();

  constructor(private readonly step: TracedStep) {
    const count = (node: TracedNode): void => {
      const uses = this.#uses.get(node) ?? 0;
      this.#uses.set(node, uses + 1);
      if (uses === 0) node.inputs.forEach(count);
    };
    [...step.results.values()].forEach(count);
  }

  all = (node: TracedNode): Value => this.#columns(node, 0, node.width);

  /** Columns [from, to) of a node. */
  #columns(node: TracedNode, from: number, to: number): Value {
    const width = to - from;
    if (node.kind === "number") return this.#given("number", "", 0, width, undefined, node.value);
    if (node.kind === "x" || node.kind === "state") return this.#given(node.kind, node.name, from, width);
    if (node.kind === "weight") return this.#row(node, from, width);
    const [a, b] = node.inputs;
    const { value, from: first } = node.details;
    if (node.name === "columns") return this.#columns(a, first + from, first + to);
    if (node.name === "concat") return this.#inConcat(node, from, to);
    if (node.name === "matmul") return this.#product(a, b, from, width);
    const part = (input: TracedNode): Value => this.#columns(input, from, to);
    if (node.name === "add") return this.#sum(a, b, part(a), part(b));
    if (node.name === "mul") return this.#pointwise("mul", part(a), part(b));
    const number = (v: number): Value => this.#given("number", "", 0, width, undefined, v);
    if (node.name === "add number") return this.#pointwise("add", part(a), number(value));
    if (node.name === "mul number") return this.#pointwise("mul", part(a), number(value));
    if (unary.includes(node.name as UnaryOp)) return this.#pointwise(node.name as UnaryOp, part(a));
    throw new CannotCompile(`step uses ${node.name}, which cannot be fused`);
  }

  #row(node: TracedNode, from: number, width: number): Value {
    const { tensor } = node;
    if (tensor!.rows !== 1) throw new CannotCompile("step uses a weight matrix other than in a product");
    return this.#given("row", `row ${this.#numberOf(tensor!)}`, from, width, tensor);
  }

  #inConcat(node: TracedNode, from: number, to: number): Value {
    let start = 0;
    for (const part of node.inputs) {
      if (from >= start && to <= start + part.width) return this.#columns(part, from - start, to - start);
      start += part.width;
    }
    throw new CannotCompile("step uses a concat other than as the left side of a product");
  }

  /** Columns of a times b, where a may be glued together from parts: [a₁, a₂] B = a₁ B₁ + a₂ B₂. */
  #product(a: TracedNode, b: TracedNode, col: number, width: number): Value {
    if (b.kind !== "weight") throw new CannotCompile("step multiplies by a matrix that it computes");
    if (a.kind === "weight") throw new CannotCompile("step multiplies weights with weights");
    let row = 0;
    const terms = this.#parts(a, 0, a.width).map((part): Term => {
      const source = part.kind === "x" && part.width === this.step.inputSize ? part : this.#storable(part);
      const weights = { tensor: b.tensor!, row, col };
      row += part.width;
      return { source, weights };
    });
    return this.#affine(terms, width);
  }

  /** What is multiplied must lie in memory: whole states do, parts of them and of x are copied there. */
  #storable(part: Value): Value {
    const whole =
      part.kind === "state" && part.width === this.step.states.find(({ name }) => name === part.name)!.width;
    return part.kind === "pointwise" || whole ? part : this.#pointwise("copy", part);
  }

  #parts(node: TracedNode, from: number, to: number): Value[] {
    if (node.kind === "op" && node.name === "columns") {
      return this.#parts(node.inputs[0], node.details.from + from, node.details.from + to);
    }
    if (node.kind === "op" && node.name === "detach") {
      return this.#parts(node.inputs[0], from, to).map((part) => this.#pointwise("detach", part));
    }
    if (node.kind !== "op" || node.name !== "concat") return [this.#columns(node, from, to)];
    let start = 0;
    return node.inputs.flatMap((input) => {
      const [low, high] = [Math.max(from - start, 0), Math.min(to - start, input.width)];
      start += input.width;
      return low < high ? this.#parts(input, low, high) : [];
    });
  }

  /** a + b: two sums of products become one where nobody else uses them, and a row added to such a sum is its bias. */
  #sum(nodeA: TracedNode, nodeB: TracedNode, a: Value, b: Value): Value {
    const alone = (node: TracedNode): boolean => this.#uses.get(node) === 1;
    const terms = (node: TracedNode, value: Value): readonly Term[] | undefined => {
      if (value.kind === "affine" && alone(node)) return value.terms;
      if (value.kind === "row") {
        return [{ source: "one", weights: { tensor: value.tensor!, row: 0, col: value.from } }];
      }
      return undefined;
    };
    const both = [terms(nodeA, a), terms(nodeB, b)];
    if (both[0] && both[1] && (a.kind === "affine" || b.kind === "affine")) {
      const merged = [...both[0], ...both[1]];
      if (new Set(merged.map(({ source }) => source)).size === merged.length) return this.#affine(merged, a.width);
    }
    return this.#pointwise("add", a, b);
  }

  #affine(terms: readonly Term[], width: number): Value {
    const levels = terms.map(({ source }) => (source === "one" || source.kind === "x" ? 0 : source.level + 1));
    const parts = terms.map(({ source, weights: { tensor, row, col } }) => {
      return `${source === "one" ? source : source.id}*${this.#numberOf(tensor)}[${row},${col}]`;
    });
    return this.#intern(`affine ${parts} ${width}`, (id) => {
      return { kind: "affine", id, width, level: Math.max(...levels), terms };
    });
  }

  #pointwise(op: PointwiseOp, ...operands: Value[]): Value {
    const [{ width }] = operands;
    const level = Math.max(...operands.map((operand) => operand.level));
    return this.#intern(`${op} ${operands.map(({ id }) => id)}`, (id) => {
      return { kind: "pointwise", id, width, level, op, operands };
    });
  }

  #given(kind: Given["kind"], name: string, from: number, width: number, tensor?: Tensor, value = 0): Value {
    return this.#intern(`${kind} ${name} ${from} ${width} ${value}`, (id) => {
      return { kind, id, width, level: 0, name, from, tensor, value };
    });
  }

  #intern(key: string, make: (id: number) => Value): Value {
    const known = this.#made.get(key);
    if (known) return known;
    const value = make(this.#made.size);
    this.#made.set(key, value);
    return value;
  }

  #numberOf(tensor: Tensor): number {
    const number = this.#tensors.get(tensor) ?? this.#tensors.size;
    this.#tensors.set(tensor, number);
    return number;
  }
}
