import { Stateful } from "../sequence/stateful.js";
import { checkCount } from "../tensor/refuse.js";
import { noGrad } from "../tensor/tensor.js";
import { type Loss, mse } from "./losses.js";
import { type Batch, batchLoss, type Trainable } from "./model.js";

/** Where batches come from. */
export interface Source {
  batch(): Batch;
}

/** The average loss over fresh batches, without learning from them. */
export function evaluate(
  model: Trainable,
  source: Source,
  { loss = mse, batches = 10 }: { loss?: Loss; batches?: number } = {},
): number {
  checkCount("evaluate", "batches", batches);
  return averageLoss(
    model,
    Array.from({ length: batches }, () => () => source.batch()),
    loss,
  );
}

/** The average loss over batches. A stateful net starts from nothing, and afterwards goes on where it was. */
export function averageLoss(model: Trainable, batches: readonly (() => Batch)[], loss: Loss): number {
  const stateful = "net" in model && model.net instanceof Stateful ? model.net : undefined;
  const before = stateful?.state;
  stateful?.reset();
  let total = 0;
  for (const batch of batches) {
    const next = batch();
    if (next.fresh) stateful?.reset();
    total += noGrad(() => batchLoss(model, next, loss).item());
  }
  if (stateful) stateful.state = before;
  return total / batches.length;
}
