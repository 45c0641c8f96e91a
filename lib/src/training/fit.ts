import { Stateful } from "../sequence/stateful.js";
import { checkCount, checkNumber, checkOptions, said } from "../tensor/refuse.js";
import { Checkpoint, type CheckpointOptions } from "./checkpoint.js";
import { clipByNorm, clipByValue, gradientNorm } from "./clip.js";
import type { Source } from "./evaluate.js";
import { type Loss, mse } from "./losses.js";
import { batchLoss, checkModel, modelParameters, type Trainable } from "./model.js";
import { adam, type Optimizer } from "./optimizers.js";
import { breathe, stopButton } from "./stop-button.js";
import { type Validated, Validation, type ValidationOptions } from "./validation.js";

export { evaluate, type Source } from "./evaluate.js";
export { type Batch, type Model, modelParameters, type NetModel, predict, predictSteps } from "./model.js";

export interface FitOptions {
  /** Default: mse. */
  loss?: Loss;
  /** Default: adam(). */
  optimizer?: Optimizer;
  /** Longest gradient allowed, over all parameters together. Default: no limit. */
  clipNorm?: number;
  /** Largest entry of a gradient allowed. Default: no limit. */
  clipValue?: number;
  /** How many batches to learn from. */
  steps: number;
  /** Held-out batches: early stopping, and the best weights kept. Default: none. */
  validation?: ValidationOptions;
  /** A file that the run goes on from after a stop or a kill. Default: none. */
  checkpoint?: CheckpointOptions;
}

export interface Progress {
  step: number; // 1, 2, …
  loss: number; // of this batch, before the step
  seconds: number; // since training began
  gradientNorm: number; // before clipping
  validation?: Validated; // on the steps that are measured
}

/**
 * Trains a model, one batch a step, and yields how it goes.
 *
 *     for await (const { step, loss } of fit(model, task, { steps: 200 })) console.log(step, loss);
 *
 * The stop button (in a terminal Ctrl-C) ends the loop after the current step; the model keeps what it learned. With
 * `validation` it ends with its best weights; with `checkpoint` a run that was stopped or killed goes on where it was,
 * and ends with the same bits as one that was not.
 *
 *     fit(model, task, { steps: 5000, checkpoint: { file: "run.ckpt", state: [rng] } })    // rng: the task's
 *
 * @throws Error if the loss is no longer a finite number: the gradient exploded; lower learningRate, or set clipNorm
 */
export async function* fit(
  model: Trainable,
  source: Source,
  options: FitOptions,
): AsyncGenerator<Progress, void, undefined> {
  checkFit(model, source, options);
  const { loss = mse, optimizer = adam(), steps } = options;
  const validation = options.validation && new Validation(model, loss, options.validation);
  const checkpoint = options.checkpoint && new Checkpoint({ model, optimizer, validation }, options.checkpoint);
  const learn = learner(model, source, { ...options, loss, optimizer });
  const resumed = checkpoint?.resume();
  let { step, seconds } = resumed ?? { step: 0, seconds: 0 };
  const start = performance.now() - seconds * 1000;
  const stop = stopButton();
  let breath = performance.now();
  let whole = true;
  try {
    while (step < steps && !stop.pressed && !validation?.exhausted) {
      whole = false;
      const learned = learn(step + 1);
      step++;
      const measured = validation?.after(step);
      const now = performance.now();
      seconds = (now - start) / 1000;
      checkpoint?.after({ step, seconds });
      whole = true;
      yield {
        step,
        loss: learned.loss,
        seconds,
        gradientNorm: learned.norm,
        ...(measured && { validation: measured }),
      };
      if (now - breath > 50) {
        await breathe();
        breath = performance.now();
      }
    }
  } finally {
    stop.release();
    if (whole && step > (resumed?.step ?? 0)) checkpoint?.save({ step, seconds });
    if (whole) validation?.restoreBest();
  }
}

interface Learned {
  readonly loss: number;
  readonly norm: number;
}

/** One step of learning: a batch, its loss, the gradient, the update. */
function learner(
  model: Trainable,
  source: Source,
  { loss, optimizer, clipNorm, clipValue }: FitOptions & { loss: Loss; optimizer: Optimizer },
): (step: number) => Learned {
  const parameters = modelParameters(model);
  const clip = (): number => {
    if (clipNorm !== undefined) return clipByNorm(parameters, clipNorm);
    const norm = gradientNorm(parameters);
    if (clipValue !== undefined) clipByValue(parameters, clipValue);
    return norm;
  };
  return (step) => {
    const batch = source.batch();
    if (batch.fresh && "net" in model && model.net instanceof Stateful) model.net.reset();
    const cost = batchLoss(model, batch, loss, { training: true });
    checkFinite("loss", cost.item(), step);
    for (const parameter of parameters) parameter.zeroGrad();
    cost.backward();
    const norm = clip();
    checkFinite("gradient's norm", norm, step);
    optimizer.step(parameters);
    return { loss: cost.item(), norm };
  };
}

function checkFinite(what: string, value: number, step: number): void {
  if (Number.isFinite(value)) return;
  throw new Error(`fit: the ${what} became ${value} at step ${step}; lower learningRate, or set clipNorm`);
}

const optionNames = ["loss", "optimizer", "clipNorm", "clipValue", "steps", "validation", "checkpoint"];

function checkFit(model: Trainable, source: Source, options: FitOptions): void {
  checkModel("fit", model);
  if (typeof source?.batch !== "function") throw new TypeError(`fit: task must have batch(), got ${said(source)}`);
  checkOptions("fit", options ?? {}, optionNames);
  checkCount("fit", "steps", options?.steps);
  const { clipNorm, clipValue } = options;
  if (clipNorm !== undefined) checkNumber("fit", "clipNorm", clipNorm, { positive: true });
  if (clipValue !== undefined) checkNumber("fit", "clipValue", clipValue, { positive: true });
  if (clipNorm !== undefined && clipValue !== undefined) {
    throw new TypeError("fit: only one of clipNorm and clipValue can be set, got both");
  }
}
