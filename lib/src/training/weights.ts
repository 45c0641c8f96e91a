import { allocate, type NumberArray } from "../tensor/kernels/reference.js";
import { shapeText } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import { type OpenFile, type SafeTensor, withSafetensors, writeSafetensors } from "./safetensors.js";
import { quoted } from "./safetensors-header.js";
import { layoutsOf, resettingBefore, type Slot, type Weighted } from "./weights-layout.js";

/**
 * Fills a cell, a net, or a model of several parts with the weights in a safetensors file, PyTorch's included.
 *
 *     loadWeights(stacked("lstm", 4, 6, { layers: 2, bidirectional: true }), "lstm.safetensors");
 *
 * Names and rows are PyTorch's: `weight_ih_l0`, `…_reverse`, or nn.LSTMCell's without `_l0`; LSTM rows i f g o, GRU
 * rows r z n. Its two biases are added up. Tensors whose name starts with _ are ignored.
 *
 * @throws Error with one line if the file is damaged, lacks a tensor, has one too many, or one of another shape, of
 * integers, or not finite. Then nothing has been loaded.
 */
export function loadWeights(target: Weighted, file: string): void {
  layoutsOf("loadWeights", target); // refuses a wrong target before a wrong file
  const loaded = withSafetensors("loadWeights", file, (open): [Tensor, NumberArray][] => {
    const at = `loadWeights: ${file}`;
    for (const prefix of resettingBefore(target)) {
      if (!open.entries.has(`${prefix}weight_ih`) && !open.entries.has(`${prefix}weight_ih_l0`)) continue;
      const why = "holds PyTorch's GRU, which resets after the product; this one resets before it";
      throw new Error(`${at} ${why}, which is another network: make it with { reset: "after" }`);
    }
    const layouts = layoutsOf("loadWeights", target, (name) => open.entries.has(name));
    const slots = layouts.flatMap((layout) => layout.slots);
    checkNames(at, [...open.entries.keys()], slots);
    for (const slot of slots) checkSlot(at, slot, open);
    return layouts.flatMap((layout) => layout.assign((name) => finite(at, name, open.read(name).data)));
  });
  const rounded = loaded.map(([weight, values]) => inTypeOf(weight, values, file));
  loaded.forEach(([weight], k) => {
    weight.data.set(rounded[k]);
  });
}

/**
 * Writes the weights of a cell, a net, or a model of several parts to a safetensors file that PyTorch can read: names
 * and rows as in `loadWeights`, each bias as (b, 0). What PyTorch lacks is written under our own names.
 *
 * @throws Error if a weight is not finite, or the file cannot be written; then an older file is still there
 */
export function saveWeights(target: Weighted, file: string): void {
  const tensors: Record<string, SafeTensor> = {};
  for (const { name, shape, dtype, values } of layoutsOf("saveWeights", target).flatMap(({ slots }) => slots)) {
    const data = finite("saveWeights", name, values());
    tensors[name] = { dtype: dtype === "float64" ? "F64" : "F32", shape, data };
  }
  writeSafetensors(file, tensors);
}

function checkNames(at: string, names: readonly string[], slots: readonly Slot[]): void {
  const wanted = new Set(slots.map(({ name }) => name));
  const present = new Set(names);
  const extra = names.find((name) => !wanted.has(name) && !name.startsWith("_"));
  const missing = slots.find(({ name }) => !present.has(name))?.name;
  if (missing !== undefined) {
    const instead = extra === undefined ? "" : `, got ${quoted(extra)}`;
    throw new Error(`${at} must hold ${quoted(missing)}${instead}`);
  }
  if (extra !== undefined) {
    throw new Error(`${at} must hold nothing else beside names that start with _, got ${quoted(extra)}`);
  }
}

function checkSlot(at: string, slot: Slot, { entries }: OpenFile): void {
  const { dtype, shape } = entries.get(slot.name)!;
  if (dtype === "I64") throw new Error(`${at}: ${quoted(slot.name)} must be F32 or F64, got I64`);
  if (shape.length !== slot.shape.length || shape.some((n, k) => n !== slot.shape[k])) {
    throw new Error(`${at}: ${quoted(slot.name)} must be ${shapeText(slot.shape)}, got ${shapeText(shape)}`);
  }
}

function finite(at: string, name: string, values: NumberArray): NumberArray {
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd < 0) return values;
  throw new Error(`${at}: ${quoted(name)} must hold finite numbers, got ${values[odd]} at ${odd}`);
}

/** The values as the weight will hold them. */
function inTypeOf(weight: Tensor, values: NumberArray, file: string): NumberArray {
  const rounded = allocate(weight.dtype, values.length);
  rounded.set(values);
  const odd = rounded.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw new Error(`loadWeights: ${file} must hold numbers within ${weight.dtype}, got ${values[odd]}`);
  return rounded;
}
