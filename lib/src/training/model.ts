import type { Cell } from "../cells/cell.js";
import { SequenceNet } from "../sequence/net.js";
import { checkLengths } from "../sequence/padded.js";
import { Stateful } from "../sequence/stateful.js";
import { hiddenStates as allHidden, lastHidden, stackedHidden } from "../sequence/unroll.js";
import { concat, concatRows, gatherRows } from "../tensor/ops.js";
import { checkShape, said } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Loss } from "./losses.js";

/** What reads the answer off hidden states: `linear`, a feed-forward net, … */
export interface Readout {
  of(h: Tensor): Tensor;
  parameters(): Record<string, Tensor>;
}

/** A cell, and a layer that reads the answer off its hidden states. */
export interface Model {
  // biome-ignore lint/suspicious/noExplicitAny: any cell will do, whatever its state holds
  cell: Cell<any, any>;
  readout: Readout;
}

/** A net made by `stacked`, `bidirectional` or `stateful`, and a layer that reads the answer off its outputs. */
export interface NetModel {
  // biome-ignore lint/suspicious/noExplicitAny: any net will do, whatever its state holds
  net: SequenceNet<any> | Stateful<any>;
  readout: Readout;
}

/** What `fit` trains. */
export type Trainable = Model | NetModel;

/** Sequences and what should be said about them: once, after the last real step, or at every step. */
export interface Batch {
  xs: Tensor[]; // one [batchSize, inputSize] per time step
  target?: Tensor; // [batchSize, outputSize], for the answer after the last real step
  targets?: Tensor[]; // or one [batchSize, outputSize] per time step
  mask?: Tensor[]; // one [batchSize, 1] per time step: where `targets` counts; default: all real steps
  lengths?: number[]; // real steps of each sequence; default: all
  fresh?: boolean; // whether new sequences begin here, so that a stateful net forgets; default: no
}

/** @throws TypeError unless model is { cell, readout } or { net, readout } */
export function checkModel(where: string, model: Trainable): void {
  const { cell, net, readout } = (model ?? {}) as Partial<Model & NetModel>;
  const reads = net instanceof SequenceNet || net instanceof Stateful || typeof cell?.step === "function";
  if (reads && typeof readout?.of === "function") return;
  throw new TypeError(`${where}: model must be { cell, readout } or { net, readout }, got ${said(model)}`);
}

/** Every weight of a model by name, e.g. "cell.forgetGate.Wx", "readout.W". */
export function namedWeights(model: Trainable): Record<string, Tensor> {
  const parts =
    "net" in model ? { net: model.net, readout: model.readout } : { cell: model.cell, readout: model.readout };
  const named: Record<string, Tensor> = {};
  for (const [part, thing] of Object.entries(parts)) {
    for (const [name, weight] of Object.entries<Tensor>(thing.parameters())) named[`${part}.${name}`] = weight;
  }
  return named;
}

export const modelParameters = (model: Trainable): Tensor[] => Object.values(namedWeights(model));

export interface ReadOptions {
  /** How many real steps each sequence has. Default: all. */
  lengths?: readonly number[];
  /** Whether dropout acts. Default false. */
  training?: boolean;
}

/** The model's answer after each sequence's last real step: [batchSize, outputSize]. */
export function predict(model: Trainable, xs: readonly Tensor[], options: ReadOptions = {}): Tensor {
  return model.readout.of(hiddenStates(model, xs, options).last);
}

/** The model's answers at every step: [batchSize, outputSize] each. */
export function predictSteps(model: Trainable, xs: readonly Tensor[], options: ReadOptions = {}): Tensor[] {
  return hiddenStates(model, xs, options).all.map((h) => model.readout.of(h));
}

/** The loss of a batch, averaged over all answers that count. */
export function batchLoss(model: Trainable, batch: Batch, loss: Loss, { training = false } = {}): Tensor {
  const { xs, target, targets, lengths } = batch;
  if ((target === undefined) === (targets === undefined)) {
    throw new TypeError(`batch() must give target or targets, got ${target ? "both" : "neither"}`);
  }
  const hidden = hiddenStates(model, xs, { lengths, training });
  if (target) return loss(model.readout.of(hidden.last), target);
  if (!Array.isArray(targets) || targets.length !== xs.length) {
    throw new RangeError(`batch(): targets must be ${xs.length} tensors, one per time step, got ${said(targets)}`);
  }
  const rows = countedRows(batch);
  const counted = (stacked: Tensor): Tensor => (rows ? gatherRows(stacked, rows) : stacked);
  return loss(model.readout.of(counted(hidden.stacked)), counted(concatRows(targets)));
}

/** The rows that count, of all steps on top of each other; undefined when all do. */
function countedRows({ xs, mask, lengths }: Batch): number[] | undefined {
  if (!mask && !lengths) return undefined;
  if (mask && mask.length !== xs.length) {
    throw new RangeError(`batch(): mask must be ${xs.length} tensors, one per time step, got ${said(mask)}`);
  }
  const batchSize = xs[0].rows;
  const rows: number[] = [];
  for (let t = 0; t < xs.length; t++) {
    if (mask) checkShape(`batch(): mask, step ${t}`, mask[t].shape, [batchSize, 1]);
    for (let b = 0; b < batchSize; b++) {
      if (lengths && t >= lengths[b]) continue;
      if (mask?.[t].data[b] !== 0) rows.push(t * batchSize + b);
    }
  }
  if (rows.length === 0) throw new RangeError("batch(): mask must count at least one step, got zeros");
  return rows;
}

/** What the readout sees: the hidden state at each step, those of all steps on top of each other, and after each sequence's last real step. */
function hiddenStates(
  model: Trainable,
  xs: readonly Tensor[],
  { lengths, training = false }: ReadOptions,
): { all: Tensor[]; stacked: Tensor; last: Tensor } {
  if (!("net" in model) && lengths === undefined) {
    const { cell } = model;
    return {
      get all() {
        return allHidden(cell, xs);
      },
      get stacked() {
        return stackedHidden(cell, xs);
      },
      get last() {
        return lastHidden(cell, xs);
      },
    };
  }
  if (lengths !== undefined) checkLengths("batch", lengths, xs[0]?.rows, xs.length);
  const net = "net" in model ? model.net : new SequenceNet([{ forward: model.cell }]);
  const { outputs, final } = net.run(xs, lengths === undefined ? { training } : { lengths, training });
  return {
    all: outputs,
    get stacked() {
      return concatRows(outputs);
    },
    last: top(final.h, net.outputSize),
  };
}

/** The top layer's final state, both directions side by side: for a backward cell, when it has read all. */
function top(states: readonly Tensor[], outputSize: number): Tensor {
  const directions = outputSize / states[0].cols;
  return directions === 1 ? states[states.length - 1] : concat(states.slice(-directions));
}
