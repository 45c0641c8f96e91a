import type { Tensor } from "./tensor.js";

/** What an op was asked for besides tensors: { value: 2 } of x.add(2), { from: 0, to: 3 } of columns(x, 0, 3). */
export type OpDetails = Readonly<Record<string, number>>;

/** Someone who watches ops being done, to do the same later in another way: `compile`. */
export interface Watcher {
  /** `result` was made from `inputs`. Tensors that are made from nothing but numbers are the op "constant". */
  onOp(result: Tensor, name: string, inputs: readonly Tensor[], details: OpDetails): void;
  /** Somebody other than an op looked at a tensor's values. */
  onRead(tensor: Tensor): void;
}

export let watcher: Watcher | undefined;

/** Runs `compute` while `by` watches. */
export function watched<T>(by: Watcher, compute: () => T): T {
  const before = watcher;
  watcher = by;
  try {
    return compute();
  } finally {
    watcher = before;
  }
}
