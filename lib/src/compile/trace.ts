import type { Cell, CellState } from "../cells/cell.js";
import { allocate } from "../tensor/kernels/dispatch.js";
import { shapeText } from "../tensor/refuse.js";
import { noGrad, Tensor, valuesOf } from "../tensor/tensor.js";
import { type OpDetails, watched } from "../tensor/trace.js";

/** One value in a step, as it was made. Operands come before their users. */
export interface TracedNode {
  readonly kind: "x" | "state" | "weight" | "number" | "op";
  /** Of a state: which. Of an op: its name. */
  readonly name: string;
  readonly inputs: readonly TracedNode[];
  readonly details: OpDetails;
  /** Columns. */
  readonly width: number;
  /** Of a weight: the tensor itself, which a step only reads. */
  readonly tensor?: Tensor;
  /** Of a number: what stands in every entry. */
  readonly value: number;
}

/** A step as a graph: its results by name, made from x, the state and the weights. */
export interface TracedStep {
  readonly inputSize: number;
  /** The state that a step takes, with its width. */
  readonly states: readonly { readonly name: string; readonly width: number }[];
  /** What a step returns, the next state among it. */
  readonly results: ReadonlyMap<string, TracedNode>;
}

/** Why a step cannot be compiled, in words for whoever wrote it. */
export class CannotCompile extends Error {}

/**
 * Runs a cell's step and writes down what it does. Twice, on different numbers and batch sizes: a step that does not do
 * the same both times decides by what it sees, or by chance.
 *
 * @throws CannotCompile if the step reads values, or does anything that is not the same for every batch
 */
export function traceStep(cell: Cell): TracedStep {
  const [first, second] = [2, 3].map((batchSize) => noGrad(() => traceOnce(cell, batchSize)));
  const numbers = new Map<Tensor, number>();
  if (describe(first, numbers) !== describe(second, numbers))
    throw new CannotCompile("step does not do the same at every call");
  return first;
}

function traceOnce(cell: Cell, batchSize: number): TracedStep {
  const made = new Map<Tensor, TracedNode | "constant">();
  const input = (kind: "x" | "state", name: string, width: number): Tensor => {
    const tensor = sample(batchSize, width, cell.dtype);
    made.set(tensor, { kind, name, inputs: [], details: {}, width, value: 0 });
    return tensor;
  };
  const nodeOf = (tensor: Tensor): TracedNode => {
    const known = made.get(tensor);
    if (known !== undefined && known !== "constant") return known;
    const node = known === "constant" ? constantNode(tensor) : weightNode(tensor);
    made.set(tensor, node);
    return node;
  };

  const initial = cell.initialState(batchSize);
  const names = Object.keys(initial) as (keyof CellState)[];
  const x = input("x", "x", cell.inputSize);
  const state = Object.fromEntries(names.map((name) => [name, input("state", name, initial[name].cols)]));
  let wasRead = false;
  const onOp = (result: Tensor, name: string, inputs: readonly Tensor[], details: OpDetails): void => {
    if (name === "constant") made.set(result, name);
    else made.set(result, { kind: "op", name, inputs: inputs.map(nodeOf), details, width: result.cols, value: 0 });
  };
  const onRead = (): void => {
    wasRead = true;
  };
  const step = watched({ onOp, onRead }, () => cell.step(x, state as unknown as CellState));
  if (wasRead) throw new CannotCompile("step reads the values of a tensor (data, item or tolist)");

  const results = new Map<string, TracedNode>();
  for (const [name, value] of Object.entries(step)) {
    if (!(value instanceof Tensor)) throw new CannotCompile(`step returns ${name}, which is no tensor`);
    if (value.rows !== batchSize) {
      throw new CannotCompile(`step returns ${name} as ${shapeText(value.shape)}, not with one row per sequence`);
    }
    results.set(name, nodeOf(value));
  }
  for (const name of names) {
    if (!results.has(name)) throw new CannotCompile(`step returns no ${name}, but takes one`);
  }
  const states = names.map((name) => ({ name, width: initial[name].cols }));
  return { inputSize: cell.inputSize, states, results };
}

/** Numbers of no particular kind, between −1 and 1. */
function sample(rows: number, cols: number, dtype: Cell["dtype"]): Tensor {
  const data = allocate(dtype, rows * cols);
  for (let k = 0; k < data.length; k++) data[k] = Math.sin(12.9898 * (k + 1) * rows);
  return new Tensor(rows, cols, data);
}

/** A tensor that was there before the step: a weight, or a matrix of constants. */
const weightNode = (tensor: Tensor): TracedNode => ({
  kind: "weight",
  name: "",
  inputs: [],
  details: {},
  width: tensor.cols,
  tensor,
  value: 0,
});

/** A tensor that the step makes from nothing: the same number everywhere, or one row for all. */
function constantNode(tensor: Tensor): TracedNode {
  const values = valuesOf(tensor);
  if (values.every((value) => value === values[0])) {
    return { kind: "number", name: "", inputs: [], details: {}, width: tensor.cols, value: values[0] };
  }
  if (tensor.rows === 1) return weightNode(tensor);
  throw new CannotCompile(`step makes a ${shapeText(tensor.shape)} tensor of its own`);
}

/** A trace as text in which two traces of the same step agree. `numbers` tells weights apart. */
function describe({ results }: TracedStep, numbers: Map<Tensor, number>): string {
  const seen = new Map<TracedNode, number>();
  const lines: string[] = [];
  const visit = (node: TracedNode): number => {
    const known = seen.get(node);
    if (known !== undefined) return known;
    const { kind, name, details, width, value, tensor } = node;
    const inputs = node.inputs.map(visit);
    if (tensor && !numbers.has(tensor)) numbers.set(tensor, numbers.size);
    const weight =
      tensor && (tensor.rows === 1 && !tensor.requiresGrad ? String(valuesOf(tensor)) : numbers.get(tensor));
    lines.push([kind, name, inputs, JSON.stringify(details), width, value, weight].join(" "));
    seen.set(node, seen.size);
    return seen.size - 1;
  };
  for (const [name, node] of results) lines.push(`${name} = ${visit(node)}`);
  return lines.join("\n");
}
