import type { DType } from "../tensor/kernels/reference.js";
import type { Rng } from "../tensor/rng.js";
import { type ClassBatch, oneHot, oneHotSteps, oneOf } from "./task.js";

/** Sentences that break off before a word, which is to be named. */
export interface SentenceBatch extends ClassBatch {
  lengths: number[];
  /** The sentences as far as they are shown. */
  texts: string[];
}

/** Every word once, in alphabetical order, which is the same on every machine. */
export function vocabularyOfWords(phrases: readonly string[]): string[] {
  return [...new Set(phrases.flatMap((phrase) => phrase.split(" ")))].sort();
}

/** How many words a phrase has. */
export const wordCount = (phrase: string): number => phrase.split(" ").length;

/** Words one-hot, a step each; the class of each sentence one-hot. */
export function sentences(
  texts: string[],
  classes: number[],
  { vocabulary, outputSize, dtype }: { vocabulary: readonly string[]; outputSize: number; dtype: DType },
): SentenceBatch {
  const inputs = texts.map((text) => text.split(" ").map((word) => vocabulary.indexOf(word)));
  const xs = oneHotSteps(inputs, vocabulary.length, dtype);
  const lengths = inputs.map((words) => words.length);
  return { xs, target: oneHot(classes, outputSize, dtype), classes, lengths, texts };
}

/**
 * Phrases drawn one after the other as long as one fits into `count` words, any that fits as likely; none comes twice
 * before all others that fit came.
 */
export function filler(phrases: readonly string[], count: number, rng: Rng): string[] {
  const drawn: string[] = [];
  let left = count;
  for (;;) {
    const fitting = phrases.filter((phrase) => wordCount(phrase) <= left);
    if (fitting.length === 0) return drawn;
    const fresh = fitting.filter((phrase) => !drawn.includes(phrase));
    const next = oneOf(rng, fresh.length > 0 ? fresh : fitting);
    drawn.push(next);
    left -= wordCount(next);
  }
}
