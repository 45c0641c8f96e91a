import { checkChoice, checkCount, said } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { byStep, common, oneHotSteps, type StepClassBatch, type Task, type TaskOptions } from "./task.js";

/** The characters of a text, each with a number. */
export interface Vocabulary {
  /** In the order of their numbers. */
  readonly symbols: readonly string[];
  readonly size: number;
  /** @throws RangeError at a character that is not among the symbols */
  encode(text: string): number[];
  /** @throws RangeError at a number that is not in 0..size − 1 */
  decode(numbers: readonly number[]): string;
}

export interface CharacterTextOptions extends TaskOptions {
  /** The text to learn: any string. `corpus`, `readText(file)` and `sourceText()` give some. */
  text: string;
  /** Characters per window. Default 64. */
  seqLen?: number;
  /**
   * "random" (default): windows from anywhere, a fresh state for each. "stream": each row reads its own stretch of the
   * text, and the next batch goes on where this one ended, so that the state can be carried over.
   */
  order?: "random" | "stream";
  /** The share of the text, at its end, that `batch()` never shows. Default 0. */
  heldOut?: number;
}

export interface TextBatch extends StepClassBatch {
  /** The windows: seqLen characters shown, and the one after them. */
  texts: string[];
  /** Whether the rows start anew, so that a carried state no longer fits: always for "random". */
  fresh: boolean;
}

export interface CharacterTextTask extends Task<TextBatch> {
  readonly seqLen: number;
  readonly vocabulary: Vocabulary;
  /** Cross-entropies in nats per character, of the text that `batch()` shows. */
  readonly baselines: { readonly uniform: number; readonly unigram: number; readonly bigram: number };
  /** Random windows from the part held out; absent when heldOut is 0. */
  readonly heldOut?: { batch(): TextBatch };
}

/** A text's characters (Unicode code points), sorted, so that equal texts give equal numbers. */
export function vocabularyOf(text: string): Vocabulary {
  if (typeof text !== "string" || text === "") {
    throw new TypeError(`vocabularyOf: text must be a string with at least one character, got ${said(text)}`);
  }
  const symbols = [...new Set(text)].sort();
  const numbers = new Map(symbols.map((symbol, k) => [symbol, k]));
  return {
    symbols,
    size: symbols.length,
    encode: (written) =>
      Array.from(written, (symbol, at) => {
        const number = numbers.get(symbol);
        if (number !== undefined) return number;
        throw new RangeError(
          `encode: every character must be in the vocabulary, got ${JSON.stringify(symbol)} at ${at}`,
        );
      }),
    decode: (classes) =>
      Array.from(classes, (number, at) => {
        if (symbols[number] !== undefined) return symbols[number];
        throw new RangeError(`decode: numbers must be in 0..${symbols.length - 1}, got ${said(number)} at ${at}`);
      }).join(""),
  };
}

/**
 * Text, one character at a time: predict the next. Characters are one-hot over `vocabulary`.
 *
 * Baselines, in nats per character (e to that power is the perplexity), from the counts of the text itself.
 * `uniform`: ln V of V characters. `unigram`: the best answer that is always the same, how often each character
 * occurs: −Σ p(b) ln p(b). `bigram`: the best answer that sees only the present character,
 * −Σ p(a, b) ln p(b | a). Both were fitted to the very text they are measured on: on a short one, flattering.
 *
 * @see Shannon (1951), Prediction and entropy of printed English; Sutskever, Martens & Hinton (2011), ICML; Karpathy
 * (2015), The unreasonable effectiveness of recurrent neural networks.
 */
export function characterText(options: CharacterTextOptions, rng: Rng = seededRng(0)): CharacterTextTask {
  const { batchSize, dtype } = common("characterText", options, ["text", "seqLen", "order", "heldOut"], rng);
  const { text, seqLen = 64, order = "random", heldOut = 0 } = options;
  if (typeof text !== "string") throw new TypeError(`characterText: text must be a string, got ${said(text)}`);
  checkCount("characterText", "seqLen", seqLen);
  checkChoice("characterText", "order", order, ["random", "stream"]);
  if (!(Number.isFinite(heldOut) && heldOut >= 0 && heldOut < 1)) {
    throw new RangeError(`characterText: heldOut must be a share in [0, 1), got ${said(heldOut)}`);
  }
  const length = [...text].length;
  const shown = length - Math.ceil(length * heldOut);
  needCharacters("text", shown, order === "stream" ? seqLen * batchSize + 1 : seqLen + 1);
  if (heldOut > 0) needCharacters("the part held out", length - shown, seqLen + 1);
  const vocabulary = vocabularyOf(text);
  const numbers = vocabulary.encode(text);
  const seen = numbers.slice(0, shown);
  const batchOf = (from: readonly number[], starts: readonly number[], fresh: boolean): TextBatch => {
    const windows = starts.map((start) => from.slice(start, start + seqLen + 1));
    const [inputs, next] = [windows.map((w) => w.slice(0, -1)), windows.map((w) => w.slice(1))];
    return {
      xs: oneHotSteps(inputs, vocabulary.size, dtype),
      targets: oneHotSteps(next, vocabulary.size, dtype),
      classes: byStep(next),
      texts: windows.map(vocabulary.decode),
      fresh,
    };
  };
  const anywhere = (from: readonly number[], random: Rng) => (): TextBatch =>
    batchOf(from, randomStarts(from.length - seqLen, batchSize, random), true);
  const held = rng.fork("held out");
  return {
    inputSize: vocabulary.size,
    outputSize: vocabulary.size,
    batchSize,
    seqLen,
    vocabulary,
    baselines: { uniform: Math.log(vocabulary.size), ...entropies(seen) },
    batch: order === "random" ? anywhere(seen, rng) : inStretches(seen, seqLen, batchSize, batchOf),
    ...(heldOut > 0 && { heldOut: { batch: anywhere(numbers.slice(shown), held) } }),
  };
}

function needCharacters(what: string, length: number, least: number): void {
  if (length >= least) return;
  throw new RangeError(`characterText: ${what} must have at least ${least} characters, got ${length}`);
}

const randomStarts = (places: number, count: number, rng: Rng): number[] =>
  Array.from({ length: count }, () => rng.int(places));

/** The text cut into one stretch a row, each read from its start to its end, again and again. */
function inStretches(
  seen: readonly number[],
  seqLen: number,
  rows: number,
  batchOf: (from: readonly number[], starts: readonly number[], fresh: boolean) => TextBatch,
): () => TextBatch {
  const stretch = Math.floor((seen.length - 1) / rows);
  const windows = Math.floor(stretch / seqLen);
  let batches = 0;
  return () => {
    const window = batches++ % windows;
    const starts = Array.from({ length: rows }, (_, b) => b * stretch + window * seqLen);
    return batchOf(seen, starts, window === 0);
  };
}

/** H(b) over all characters but the first, and H(b | a) over neighbours, in nats. */
function entropies(numbers: readonly number[]): { unigram: number; bigram: number } {
  const [firsts, seconds, pairs] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const count = <K>(counts: Map<K, number>, key: K): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let t = 1; t < numbers.length; t++) {
    count(firsts, numbers[t - 1]);
    count(seconds, numbers[t]);
    count(pairs, `${numbers[t - 1]} ${numbers[t]}`);
  }
  const total = numbers.length - 1;
  const entropy = (counts: Map<unknown, number>): number =>
    -[...counts.values()].reduce((sum, n) => sum + (n / total) * Math.log(n / total), 0);
  return { unigram: entropy(seconds), bigram: entropy(pairs) - entropy(firsts) };
}
