import { adding } from "../tasks/adding.js";
import { copying } from "../tasks/copying.js";
import { counting } from "../tasks/counting.js";
import { followsGrammar, type GrammarBatch } from "../tasks/legal.js";
import { longLag } from "../tasks/long-lag.js";
import { multiplication } from "../tasks/multiplication.js";
import { adding1997, multiplication1997 } from "../tasks/pairs1997.js";
import { parity, parityEachStep } from "../tasks/parity.js";
import { embeddedReber } from "../tasks/reber.js";
import { recall } from "../tasks/recall.js";
import type { Batch, Task } from "../tasks/task.js";
import { temporalOrder } from "../tasks/temporal-order.js";

import type { Rng } from "../tensor/rng.js";
import { noGrad, type Tensor } from "../tensor/tensor.js";
import { type Model, predict, predictSteps } from "../training/fit.js";
import { crossEntropy, type Loss, mse } from "../training/losses.js";

const tasks = {
  adding,
  adding1997,
  copying,
  counting,
  embeddedReber,
  longLag,
  multiplication,
  multiplication1997,
  parity,
  parityEachStep,
  recall,
  temporalOrder,
};

/** A task that contestants meet: plain data, as a config holds it. */
export interface Arena {
  readonly name: string;
  readonly task: keyof typeof tasks;
  readonly options: Readonly<Record<string, unknown>>;
  /** Options that differ when sequences are asked: longer ones, say, than those learned from. Default: none. */
  readonly asked?: Readonly<Record<string, unknown>>;
  /** The share of fresh sequences that must be right for the task to count as solved. Default 0.99. */
  readonly solved?: number;
}

/** Sequences in float32, dealt out by `rng`. */
export function dealer({ task, options }: Arena, batchSize: number, rng: Rng): Task {
  const make = tasks[task] as unknown as (options: object, rng: Rng) => Task;
  return make({ ...options, batchSize, dtype: "float32" }, rng);
}

/** The sequences that checks and tests ask. */
export const asks = ({ options, asked, ...arena }: Arena, batchSize: number, rng: Rng): Task =>
  dealer({ ...arena, options: { ...options, ...asked } }, batchSize, rng);

/** Cross-entropy where the answer is a class, mean squared error where it is a number. */
export const lossOf = (task: Task): Loss => (task.outputSize > 1 ? crossEntropy : mse);

/** How close a number must come to count as right: Hochreiter & Schmidhuber (1997), experiments 4 and 5. */
const tolerance = 0.04;

/**
 * The share of a batch's sequences that are answered right: a number within 0.04, the right class; where every step
 * is asked, right at every step that counts; for a grammar, legal at every step.
 */
export function shareRight(model: Model, batch: Batch): number {
  const right = noGrad(() => (batch.targets ? everyStep(model, batch) : onlyLast(model, batch)));
  return right.filter(Boolean).length / right.length;
}

const likeliest = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));

function onlyLast(model: Model, { xs, target, classes, lengths }: Batch): boolean[] {
  const answers = predict(model, xs, { lengths }).tolist();
  if (classes) return answers.map((scores, b) => likeliest(scores) === (classes as number[])[b]);
  return answers.map(([answer], b) => Math.abs(answer - target!.data[b]) < tolerance);
}

function everyStep(model: Model, batch: Batch): boolean[] {
  const outputs: Tensor[] = predictSteps(model, batch.xs, { lengths: batch.lengths });
  if ("legal" in batch) return followsGrammar(outputs, batch as GrammarBatch);
  const classes = batch.classes as number[][];
  const scores = outputs.map((output) => output.tolist());
  return scores[0].map((_, b) =>
    scores.every((rows, t) => batch.mask?.[t].data[b] === 0 || likeliest(rows[b]) === classes[t][b]),
  );
}
