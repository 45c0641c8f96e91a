import type { NumberArray } from "../tensor/kernels/reference.js";
import { checkCount, checkOptions, said } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import { averageLoss, type Source } from "./evaluate.js";
import type { Loss } from "./losses.js";
import { type Batch, modelParameters, type Trainable } from "./model.js";

export interface ValidationOptions {
  /** Where the held-out batches come from: all are drawn once, before training, and used every time. */
  source: Source;
  /** How many training steps lie between two measurements. Default 100. */
  every?: number;
  /** How many batches are held out. Default 10. */
  batches?: number;
  /** Training ends after so many measurements in a row that brought no new best. Default: never early. */
  patience?: number;
  /** Whether the model gets its best weights back when training ends. Default true. */
  keepBest?: boolean;
}

/** What a measurement on held-out batches found. */
export interface Validated {
  readonly loss: number;
  readonly best: number; // the lowest so far, this one included
  readonly bestStep: number;
}

/**
 * Early stopping: keeps the weights that do best on batches the model does not learn from, and says when to end.
 * @see Prechelt (1998), Early stopping - but when?, LNCS 1524.
 */
export class Validation {
  readonly #batches: Batch[];
  readonly #every: number;
  readonly #patience: number;
  readonly #keepBest: boolean;
  readonly #parameters: Tensor[];
  /** A copy of the weights at the best measurement; before the first, of those training began with. */
  readonly best: NumberArray[];
  /** [lowest loss, its step, measurements since], as one array that a checkpoint reads and overwrites. */
  readonly record: Float64Array = Float64Array.of(Number.POSITIVE_INFINITY, 0, 0);

  constructor(
    readonly model: Trainable,
    readonly loss: Loss,
    options: ValidationOptions,
  ) {
    checkOptions("fit: validation", options, ["source", "every", "batches", "patience", "keepBest"]);
    const { source, every = 100, batches = 10, patience = Number.POSITIVE_INFINITY, keepBest = true } = options;
    if (typeof source?.batch !== "function") {
      throw new TypeError(`fit: validation.source must have batch(), got ${said(source)}`);
    }
    checkCount("fit: validation", "every", every);
    checkCount("fit: validation", "batches", batches);
    if (patience !== Number.POSITIVE_INFINITY) checkCount("fit: validation", "patience", patience);
    this.#every = every;
    this.#patience = patience;
    this.#keepBest = keepBest;
    this.#batches = Array.from({ length: batches }, () => source.batch());
    this.#parameters = modelParameters(model);
    this.best = this.#parameters.map(({ data }) => data.slice());
  }

  /** Whether there has been nothing new for too long. */
  get exhausted(): boolean {
    return this.record[2] >= this.#patience;
  }

  /** Measures, where it is time to. */
  after(step: number): Validated | undefined {
    if (step % this.#every !== 0) return undefined;
    const loss = averageLoss(
      this.model,
      this.#batches.map((batch) => () => batch),
      this.loss,
    );
    const better = loss < this.record[0];
    this.record.set(better ? [loss, step, 0] : [this.record[0], this.record[1], this.record[2] + 1]);
    if (better) for (const [k, copy] of this.best.entries()) copy.set(this.#parameters[k].data);
    return { loss, best: this.record[0], bestStep: this.record[1] };
  }

  /** Gives the model its best weights, if any measurement has found them. */
  restoreBest(): void {
    if (!this.#keepBest || this.record[1] === 0) return;
    for (const [k, { data }] of this.#parameters.entries()) data.set(this.best[k]);
  }
}
