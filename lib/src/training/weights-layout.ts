import type { Affine } from "../cells/affine.js";
import type { Cell } from "../cells/cell.js";
import { GRUCell } from "../cells/gru.js";
import { LSTMCell } from "../cells/lstm.js";
import { RNNCell } from "../cells/rnn.js";
import { CompiledCell } from "../compile/compile.js";
import { Linear } from "../layers/linear.js";
import { SequenceNet } from "../sequence/net.js";
import { Stateful } from "../sequence/stateful.js";
import { allocate, type DType, type NumberArray, transposed } from "../tensor/kernels/reference.js";
import { said } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";

/** Anything that has weights: a cell, a net, a layer, or several of them by name, as a model is. */
export type Weighted =
  | { parameters(): Record<string, Tensor> }
  | { readonly [part: string]: { parameters(): Record<string, Tensor> } };

/** A tensor as a file holds it, and how it comes from our weights. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  values(): NumberArray;
}

/** How some of our weights lie in a file. */
export interface Layout {
  readonly slots: readonly Slot[];
  /** Our weights, each with the values that a file gives it. Changes nothing yet. */
  assign(valuesOf: (name: string) => NumberArray): [Tensor, NumberArray][];
}

/** Whether a file has a tensor of that name. */
type Has = (name: string) => boolean;

/**
 * How a thing's weights lie in a file: in PyTorch's way where PyTorch has such a thing, otherwise each weight under its
 * own name.
 *
 *     net            weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, …_l0_reverse, …_l1
 *     cell           weight_ih, weight_hh, bias_ih, bias_hh, as nn.LSTMCell; a file may also say …_l0
 *     linear         weight, bias
 *     { cell, readout }      cell.weight_ih, …, readout.weight, readout.bias
 */
export function layoutsOf(where: string, target: Weighted, has: Has = () => false, prefix = ""): Layout[] {
  if (target instanceof Stateful) return layoutsOf(where, target.net, has, prefix);
  if (target instanceof CompiledCell) return layoutsOf(where, target.cell, has, prefix);
  if (target instanceof SequenceNet && target.cells.every(inPyTorch)) return netLayouts(target, has, prefix);
  if (target instanceof Linear) return [linearLayout(target, prefix)];
  if (inPyTorch(target)) {
    const suffix = has(`${prefix}weight_ih_l0`) ? "_l0" : "";
    return [cellLayout(gatesOf(target)!, (name) => `${prefix}${name}${suffix}`)];
  }
  if (typeof target?.parameters === "function") return [ownLayout(target.parameters(), prefix)];
  const parts = Object.entries(target ?? {});
  if (typeof target !== "object" || parts.length === 0 || parts.some(([, part]) => !hasParameters(part))) {
    throw new TypeError(`${where}: a cell, a net or a model must come first, got ${said(target)}`);
  }
  return parts.flatMap(([name, part]) => layoutsOf(where, part, has, `${prefix}${name}.`));
}

const hasParameters = (part: unknown): boolean =>
  typeof (part as { parameters?: unknown } | undefined)?.parameters === "function";

/** Where, in names, a thing has GRUs whose reset gate acts before the product: PyTorch does not have them. */
export function resettingBefore(target: Weighted, prefix = ""): string[] {
  if (target instanceof Stateful) return resettingBefore(target.net, prefix);
  if (target instanceof CompiledCell) return resettingBefore(target.cell, prefix);
  if (target instanceof SequenceNet) return target.cells.flatMap((cell) => resettingBefore(cell, prefix));
  if (target instanceof GRUCell) return target.reset === "before" ? [prefix] : [];
  if (hasParameters(target)) return [];
  return Object.entries(target).flatMap(([name, part]) => resettingBefore(part, `${prefix}${name}.`));
}

/** One gate of a cell, and its second bias where it has one. */
interface Gate {
  readonly layer: Affine;
  readonly stateBias?: Tensor | undefined;
}

/** A cell's gates in the order of PyTorch's rows; undefined for cells that PyTorch lacks. */
function gatesOf(cell: unknown): Gate[] | undefined {
  if (cell instanceof CompiledCell) return gatesOf(cell.cell);
  if (cell instanceof LSTMCell) {
    const { inputGate, forgetGate, candidate, outputGate } = cell;
    return [inputGate, forgetGate, candidate, outputGate].map((layer) => ({ layer }));
  }
  if (cell instanceof GRUCell && cell.candidateStateBias) {
    const { resetGate, updateGate, candidate, candidateStateBias } = cell;
    return [{ layer: resetGate }, { layer: updateGate }, { layer: candidate, stateBias: candidateStateBias }];
  }
  return cell instanceof RNNCell ? [{ layer: cell.hidden }] : undefined;
}

const inPyTorch = (cell: unknown): boolean => gatesOf(cell) !== undefined;

function netLayouts(net: SequenceNet, has: Has, prefix: string): Layout[] {
  const bare = net.cells.length === 1 && has(`${prefix}weight_ih`);
  return net.cells.map((cell: Cell, k) => {
    const layer = Math.floor(k / net.directions);
    const suffix = bare ? "" : `_l${layer}${k % net.directions === 1 ? "_reverse" : ""}`;
    return cellLayout(gatesOf(cell)!, (name) => `${prefix}${name}${suffix}`);
  });
}

/**
 * PyTorch keeps W transposed, all gates below each other, and two biases per gate, of which only the sum counts:
 * loading adds them up, saving writes (b, 0). Only the reset-after GRU's candidate really has two.
 */
function cellLayout(gates: readonly Gate[], named: (name: string) => string): Layout {
  const { inputSize, hiddenSize, dtype } = gates[0].layer;
  const rows = gates.length * hiddenSize;
  const slot = (name: string, cols: number | undefined, ofGate: (gate: Gate) => NumberArray): Slot => ({
    name: named(name),
    shape: cols === undefined ? [rows] : [rows, cols],
    dtype,
    values() {
      const all = allocate(dtype, rows * (cols ?? 1));
      gates.forEach((gate, k) => {
        all.set(ofGate(gate), k * hiddenSize * (cols ?? 1));
      });
      return all;
    },
  });
  const flipped = ({ rows: m, cols: n, data }: Tensor): NumberArray => transposed(m, n, data);
  return {
    slots: [
      slot("weight_ih", inputSize, ({ layer }) => flipped(layer.Wx)),
      slot("weight_hh", hiddenSize, ({ layer }) => flipped(layer.Wh)),
      slot("bias_ih", undefined, ({ layer }) => layer.b.data),
      slot("bias_hh", undefined, ({ stateBias }) => stateBias?.data ?? allocate(dtype, hiddenSize)),
    ],
    assign: (valuesOf) =>
      gates.flatMap(({ layer, stateBias }, k): [Tensor, NumberArray][] => {
        const part = (name: string, width: number): NumberArray =>
          valuesOf(named(name)).subarray(k * hiddenSize * width, (k + 1) * hiddenSize * width);
        const [fromInput, fromState] = [part("bias_ih", 1), part("bias_hh", 1)];
        const weights: [Tensor, NumberArray][] = [
          [layer.Wx, transposed(hiddenSize, inputSize, part("weight_ih", inputSize))],
          [layer.Wh, transposed(hiddenSize, hiddenSize, part("weight_hh", hiddenSize))],
        ];
        if (stateBias) return [...weights, [layer.b, fromInput], [stateBias, fromState]];
        return [...weights, [layer.b, Float64Array.from(fromInput, (b, j) => b + fromState[j])]];
      }),
  };
}

function linearLayout({ W, b }: Linear, prefix: string): Layout {
  const [weight, bias] = [`${prefix}weight`, `${prefix}bias`];
  return {
    slots: [
      { name: weight, shape: [W.cols, W.rows], dtype: W.dtype, values: () => transposed(W.rows, W.cols, W.data) },
      { name: bias, shape: [b.cols], dtype: b.dtype, values: () => b.data },
    ],
    assign: (valuesOf) => [
      [W, transposed(W.cols, W.rows, valuesOf(weight))],
      [b, valuesOf(bias)],
    ],
  };
}

function ownLayout(parameters: Record<string, Tensor>, prefix: string): Layout {
  const named = Object.entries(parameters).map(([name, weight]) => [`${prefix}${name}`, weight] as const);
  return {
    slots: named.map(([name, { shape, dtype, data }]) => ({ name, shape, dtype, values: () => data })),
    assign: (valuesOf) => named.map(([name, weight]) => [weight, valuesOf(name)]),
  };
}
