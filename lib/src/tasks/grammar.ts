import type { DType } from "../tensor/kernels/reference.js";
import type { GrammarBatch, Predict } from "./legal.js";
import { blank, byStep, oneHotSteps, realSteps } from "./task.js";

/** A string of a grammar: legal[t] are the symbols that may come after text[t], text[t + 1] among them. */
export interface GrammarString {
  readonly text: string;
  readonly legal: readonly string[];
}

/** How strings become tensors. Letters are numbered by where they stand in `inputs` and `outputs`. */
export interface Spelling {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly predict: Predict;
  readonly dtype: DType;
}

/** Strings as a batch: every symbol but the last is shown, every symbol but the first is to be predicted. */
export function spell(strings: readonly GrammarString[], { inputs, outputs, predict, dtype }: Spelling): GrammarBatch {
  const numbers = (text: string, alphabet: readonly string[]): number[] =>
    [...text].map((letter) => alphabet.indexOf(letter));
  const next = strings.map(({ text }) => numbers(text.slice(1), outputs));
  const lengths = next.map((sequence) => sequence.length);
  const legal = Array.from({ length: Math.max(...lengths) }, () => blank(strings.length, outputs.length, dtype));
  strings.forEach((string, b) => {
    string.legal.forEach((letters, t) => {
      for (const j of numbers(letters, outputs)) legal[t].data[b * outputs.length + j] = 1;
    });
  });
  const shown = strings.map(({ text }) => numbers(text.slice(0, -1), inputs));
  return {
    xs: oneHotSteps(shown, inputs.length, dtype),
    targets: predict === "next" ? oneHotSteps(next, outputs.length, dtype) : legal,
    classes: byStep(next),
    legal,
    mask: realSteps(lengths, dtype),
    lengths,
    texts: strings.map(({ text }) => text),
  };
}
