import { checkShape } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StepClassBatch } from "./task.js";

/** Strings of a grammar, read symbol by symbol. */
export interface GrammarBatch extends StepClassBatch {
  /** One [batchSize, outputSize] per step: 1 for every symbol that may come next, zeros where the mask is 0. */
  legal: Tensor[];
  mask: Tensor[];
  lengths: number[];
  /** The strings in letters. */
  texts: string[];
}

/** What `targets` of a grammar task hold: the symbol that came next, or every symbol that could have. */
export type Predict = "next" | "legal";

/**
 * For each row: does the answer put every symbol that may come next above every one that may not? It reads scores of
 * any kind, as long as more means likelier; a tie is a mistake.
 * @throws RangeError if the shapes differ
 */
export function predictsLegal(output: Tensor, legal: Tensor): boolean[] {
  checkShape("predictsLegal: output", output.shape, legal.shape);
  return output.tolist().map((scores, row) => {
    const may = (j: number): boolean => legal.data[row * legal.cols + j] === 1;
    const worst = Math.min(...scores.filter((_, j) => may(j)));
    const best = Math.max(...scores.filter((_, j) => !may(j)));
    return worst > best;
  });
}

/**
 * For each string of the batch: was the prediction legal at every step that counts? This is the criterion of Fahlman
 * (1991) and of Hochreiter & Schmidhuber (1997) for the Reber grammar.
 * @param outputs one [batchSize, outputSize] per step: scores, logits or probabilities
 */
export function followsGrammar(outputs: readonly Tensor[], batch: Pick<GrammarBatch, "legal" | "mask">): boolean[] {
  const { legal, mask } = batch;
  if (outputs.length !== legal.length) {
    throw new RangeError(`followsGrammar: outputs must be ${legal.length} steps, got ${outputs.length}`);
  }
  const right = outputs.map((output, t) => predictsLegal(output, legal[t]));
  return right[0].map((_, b) => right.every((row, t) => row[b] || mask[t].data[b] === 0));
}
