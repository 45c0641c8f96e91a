import { checkChoice, checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { type GrammarString, spell } from "./grammar.js";
import type { GrammarBatch, Predict } from "./legal.js";
import { between, checkRange, common, type Task, type TaskOptions } from "./task.js";

export interface CountingOptions extends TaskOptions {
  /** "a^n b^n" (default) or "a^n b^n c^n". */
  language?: "a^n b^n" | "a^n b^n c^n";
  /** The n to learn from, each equally likely. Default [1, 10]. */
  n?: number | readonly [number, number];
  /** The n of `test.batch()`. Default [11, 30]. */
  testN?: number | readonly [number, number];
  /** What `targets` hold: all symbols that are "legal" (default), or the one that came "next". */
  predict?: Predict;
}

export interface CountingTask extends Task<GrammarBatch> {
  /** What each input component stands for: the start S, then the letters. */
  readonly inputSymbols: readonly string[];
  /** What each output component stands for: the letters, then the end T. */
  readonly outputSymbols: readonly string[];
  readonly baselines: { readonly memoryless: number; readonly memorylessNext: number; readonly solvedNext: number };
  /** Strings with n from testN. */
  readonly test: { batch(): GrammarBatch };
  /** The one string with this n, as a batch of one: to see up to which n a network counts. */
  string(n: number): GrammarBatch;
}

/**
 * Counting: n times a, then as often b (and as often c). Say at each step which symbols may come next.
 *
 *     input   S  a    a    a    b  b  b
 *     legal   a  a b  a b  a b  b  b  T
 *
 * n ≥ 1 and the language has no greatest n, so after an a both a and b are legal; from the first b on nothing is
 * left open, but only for who has counted. Trained on small n, does a network count further?
 *
 * Baselines; m is the mean n, H(p) = −p ln p − (1 − p) ln(1 − p), k the number of letters. Seeing only the present
 * letter, after each b (and c) the string goes on with the same letter in m − 1 of m cases, otherwise with the next.
 * `memoryless`: binary cross-entropy in nats per output and step, for "legal". Two outputs are unsure on (k − 1) m
 * of the k m + 1 steps, of k + 1 outputs each: 2 (k − 1) m H(1/m) / ((k + 1)(k m + 1)).
 * `memorylessNext`: cross-entropy in nats per step, for "next", where the last a is unsure too: k m H(1/m) / (k m + 1).
 * `solvedNext`: who counts can only be unsure of n itself, one of N equally likely: ln N / (k m + 1).
 *
 * @see Gers & Schmidhuber (2001), IEEE Transactions on Neural Networks 12(6); Rodriguez, Wiles & Elman (1999).
 */
export function counting(options: CountingOptions = {}, rng: Rng = seededRng(0)): CountingTask {
  const { batchSize, dtype } = common("counting", options, ["language", "n", "testN", "predict"], rng);
  const { language = "a^n b^n", predict = "legal" } = options;
  checkChoice("counting", "language", language, ["a^n b^n", "a^n b^n c^n"]);
  checkChoice("counting", "predict", predict, ["next", "legal"]);
  const n = checkRange("counting", "n", options.n ?? [1, 10], 1);
  const testN = checkRange("counting", "testN", options.testN ?? [11, 30], 1);
  const letters = language === "a^n b^n" ? "ab" : "abc";
  const [inputSymbols, outputSymbols] = [
    [..."S", ...letters],
    [...letters, "T"],
  ];
  const spelling = { inputs: inputSymbols, outputs: outputSymbols, predict, dtype };
  const draw = ([low, high]: [number, number]): GrammarBatch =>
    spell(
      Array.from({ length: batchSize }, () => countingString(letters, between(rng, low, high))),
      spelling,
    );
  return {
    inputSize: inputSymbols.length,
    outputSize: outputSymbols.length,
    batchSize,
    inputSymbols,
    outputSymbols,
    baselines: baselinesOf(letters.length, n),
    batch: () => draw(n),
    test: { batch: () => draw(testN) },
    string(count) {
      checkCount("counting.string", "n", count);
      return spell([countingString(letters, count)], spelling);
    },
  };
}

/** S a…a b…b T, and what is legal after each symbol but T. */
function countingString(letters: string, n: number): GrammarString {
  const text = `S${[...letters].map((letter) => letter.repeat(n)).join("")}T`;
  const after = (t: number): string => (text[t] === "a" ? "ab" : text[t + 1]);
  return { text, legal: Array.from({ length: text.length - 1 }, (_, t) => after(t)) };
}

function baselinesOf(letters: number, [low, high]: [number, number]): CountingTask["baselines"] {
  const mean = (low + high) / 2;
  const steps = letters * mean + 1;
  const unsure = mean * binaryEntropy(1 / mean); // of one letter's run
  return {
    memoryless: (2 * (letters - 1) * unsure) / ((letters + 1) * steps),
    memorylessNext: (letters * unsure) / steps,
    solvedNext: Math.log(high - low + 1) / steps,
  };
}

/** −p ln p − (1 − p) ln(1 − p), in nats; 0 where nothing is open. */
const binaryEntropy = (p: number): number => (p === 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));
