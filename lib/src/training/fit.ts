import type { Cell } from "../cells/cell.js";
import type { Linear } from "../layers/linear.js";
import { unroll } from "../sequence/unroll.js";
import { checkCount, checkNumber, checkOptions, said } from "../tensor/refuse.js";
import { noGrad, type Tensor } from "../tensor/tensor.js";
import { clipByNorm, gradientNorm } from "./clip.js";
import { type Loss, mse } from "./losses.js";
import { adam, type Optimizer } from "./optimizers.js";
import { breathe, stopButton } from "./stop-button.js";

/** A cell, and a layer that reads the answer off its last hidden state. */
export interface Model {
  // biome-ignore lint/suspicious/noExplicitAny: any cell will do, whatever its state holds
  cell: Cell<any, any>;
  readout: Linear;
}

export interface Batch {
  xs: Tensor[]; // one [batchSize, inputSize] per time step
  target: Tensor; // [batchSize, outputSize]
}

/** Where training data come from. */
export interface Source {
  batch(): Batch;
}

export interface FitOptions {
  /** Default: mse. */
  loss?: Loss;
  /** Default: adam(). */
  optimizer?: Optimizer;
  /** Longest gradient allowed, over all parameters together. Default: no limit. */
  clipNorm?: number;
  /** How many batches to learn from. */
  steps: number;
}

export interface Progress {
  step: number; // 1, 2, …
  loss: number; // of this batch, before the step
  seconds: number; // since training began
  gradientNorm: number; // before clipping
}

export function modelParameters(model: Model): Tensor[] {
  return [...Object.values(model.cell.parameters()), ...Object.values(model.readout.parameters())];
}

/** The model's answer to a batch of sequences: [batchSize, outputSize]. */
export function predict(model: Model, xs: readonly Tensor[]): Tensor {
  return model.readout.of(unroll(model.cell, xs)[xs.length - 1].h);
}

/** The average loss over fresh batches, without learning from them. */
export function evaluate(
  model: Model,
  source: Source,
  { loss = mse, batches = 10 }: { loss?: Loss; batches?: number } = {},
): number {
  checkCount("evaluate", "batches", batches);
  let total = 0;
  for (let k = 0; k < batches; k++) {
    const { xs, target } = source.batch();
    total += noGrad(() => loss(predict(model, xs), target).item());
  }
  return total / batches;
}

/**
 * Trains a model, one batch a step, and yields how it goes.
 *
 *     for await (const { step, loss } of fit(model, task, { steps: 200 })) console.log(step, loss);
 *
 * The stop button (in a terminal Ctrl-C) ends the loop after the current step; the model keeps what it learned.
 *
 * @throws Error if the loss is no longer a finite number: the gradient exploded; lower learningRate, or set clipNorm
 */
export async function* fit(
  model: Model,
  source: Source,
  options: FitOptions,
): AsyncGenerator<Progress, void, undefined> {
  checkFit(model, source, options);
  const { loss = mse, optimizer = adam(), clipNorm, steps } = options;
  const parameters = modelParameters(model);
  const stop = stopButton();
  const start = performance.now();
  let breath = start;
  try {
    for (let step = 1; step <= steps && !stop.pressed; step++) {
      const { xs, target } = source.batch();
      const cost = loss(predict(model, xs), target);
      if (!Number.isFinite(cost.item())) {
        throw new Error(`fit: the loss became ${cost.item()} at step ${step}; lower learningRate, or set clipNorm`);
      }
      for (const parameter of parameters) parameter.zeroGrad();
      cost.backward();
      const norm = clipNorm === undefined ? gradientNorm(parameters) : clipByNorm(parameters, clipNorm);
      optimizer.step(parameters);
      const now = performance.now();
      yield { step, loss: cost.item(), seconds: (now - start) / 1000, gradientNorm: norm };
      if (now - breath > 50) {
        await breathe();
        breath = performance.now();
      }
    }
  } finally {
    stop.release();
  }
}

function checkFit(model: Model, source: Source, options: FitOptions): void {
  if (typeof model?.cell?.step !== "function" || typeof model.readout?.of !== "function") {
    throw new TypeError(`fit: model must be { cell, readout }, got ${said(model)}`);
  }
  if (typeof source?.batch !== "function") throw new TypeError(`fit: task must have batch(), got ${said(source)}`);
  checkOptions("fit", options ?? {}, ["loss", "optimizer", "clipNorm", "steps"]);
  checkCount("fit", "steps", options?.steps);
  if (options.clipNorm !== undefined) checkNumber("fit", "clipNorm", options.clipNorm, { positive: true });
}
