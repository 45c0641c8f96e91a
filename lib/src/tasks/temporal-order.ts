import { checkChoice, checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import {
  between,
  type ClassBatch,
  common,
  guessing,
  oneHot,
  oneHotSteps,
  oneOf,
  type Task,
  type TaskOptions,
} from "./task.js";

export interface TemporalOrderOptions extends TaskOptions {
  /** "6a": two symbols to remember, four classes (default). "6b": three, eight classes. */
  variant?: "6a" | "6b";
  /** The least length T, at least 10; sequences have T to T + ⌊T/10⌋ steps. Default 100. */
  seqLen?: number;
}

export interface TemporalOrderBatch extends ClassBatch {
  /** The sequences in letters. */
  texts: string[];
}

export interface TemporalOrderTask extends Task<TemporalOrderBatch> {
  readonly seqLen: number;
  /** What each input component stands for. */
  readonly symbols: readonly string[];
  readonly baselines: {
    readonly accuracy: number;
    readonly crossEntropy: number;
    readonly mse: number;
    readonly oneForgotten: number;
  };
}

const symbols = [..."EBabcdXY"];

/** Where the symbols to remember may stand, in hundredths of T. */
const windows = {
  "6a": [
    [10, 20],
    [50, 60],
  ],
  "6b": [
    [10, 20],
    [33, 43],
    [66, 76],
  ],
};

/**
 * The temporal order problem: which came first?
 *
 * A sequence starts with E, ends with B, and is noise from a, b, c, d in between, but for two symbols (6b: three),
 * each X or Y. The class, asked for after the last step, is their order: XX 0, XY 1, YX 2, YY 3; for 6b
 * XXX 0 to YYY 7. With T = 100 the places are those of the paper: 10–20 and 50–60; 10–20, 33–43 and 66–76; other T
 * scale them. One length is drawn per batch, so that nothing needs padding.
 *
 * Baselines. The last step always shows B, so that without memory the classes are equally likely: accuracy 1/4 (6b 1/8),
 * cross-entropy ln 4 (ln 8) nats, mean squared error 3/16 (7/64). Whoever has all of the symbols but one still has to
 * choose between two: `oneForgotten`, an accuracy of 1/2.
 *
 * @see Hochreiter & Schmidhuber (1997), Neural Computation 9(8), experiments 6a and 6b.
 */
export function temporalOrder(options: TemporalOrderOptions = {}, rng: Rng = seededRng(0)): TemporalOrderTask {
  const { batchSize, dtype } = common("temporalOrder", options, ["variant", "seqLen"], rng);
  const { variant = "6a", seqLen = 100 } = options;
  checkChoice("temporalOrder", "variant", variant, ["6a", "6b"]);
  checkCount("temporalOrder", "seqLen", seqLen, 10);
  const places = windows[variant].map((window) => window.map((percent) => Math.floor((percent * seqLen) / 100)));
  const outputSize = 2 ** places.length;
  return {
    inputSize: symbols.length,
    outputSize,
    batchSize,
    seqLen,
    symbols,
    baselines: { ...guessing(outputSize), oneForgotten: 1 / 2 },
    batch() {
      const length = between(rng, seqLen, seqLen + Math.floor(seqLen / 10));
      const classes: number[] = [];
      const texts = Array.from({ length: batchSize }, () => {
        const letters = ["E", ...Array.from({ length: length - 2 }, () => oneOf(rng, [..."abcd"])), "B"];
        const shown = places.map(([first, last]) => {
          const bit = rng.int(2);
          letters[between(rng, first, last)] = "XY"[bit];
          return bit;
        });
        classes.push(shown.reduce((order, bit) => 2 * order + bit));
        return letters.join("");
      });
      const inputs = texts.map((text) => [...text].map((letter) => symbols.indexOf(letter)));
      const xs = oneHotSteps(inputs, symbols.length, dtype);
      return { xs, target: oneHot(classes, outputSize, dtype), classes, texts };
    },
  };
}
