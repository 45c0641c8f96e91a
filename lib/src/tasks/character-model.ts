import type { Cell, CellState } from "../cells/cell.js";
import { LSTMCell, type LSTMStep } from "../cells/lstm.js";
import { RNNCell } from "../cells/rnn.js";
import { type CompiledCell, compile } from "../compile/compile.js";
import { type Linear, linear } from "../layers/linear.js";
import { windows } from "../sequence/stateful.js";
import { unroll } from "../sequence/unroll.js";
import { concatRows, softmax } from "../tensor/ops.js";
import { checkChoice, checkCount, checkNumber, checkOptions, said } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { noGrad, Tensor } from "../tensor/tensor.js";
import { oneHotSteps } from "./task.js";
import type { Vocabulary } from "./text.js";

/** A step of the model's cell; an LSTM's has the cell state and the gates too. */
export type CharacterStep = CellState & Partial<LSTMStep>;

export interface CharacterModelOptions {
  /** Default "lstm". */
  cell?: "lstm" | "rnn";
  /** Default 96. */
  hiddenSize?: number;
  rng?: Rng;
}

export interface WritingOptions {
  /** What has been written so far, at least one character. Default: a line end. */
  start?: string;
  /** Below 1 the likely becomes likelier; 0 takes the likeliest every time. Default 1. */
  temperature?: number;
  rng?: Rng;
}

/** So many characters are read at once; the state is carried on. */
const window = 256;

/**
 * A language model over single characters, in float32: one cell, and pₜ₊₁ = softmax(hₜ W + b).
 *
 *     const model = new CharacterModel(vocabularyOf(text), { hiddenSize: 64 });
 *     for await (const _ of fit(model, characterText({ text, dtype: "float32" }), { loss: crossEntropy, steps })) {}
 *     model.write(200, { start: "The ", temperature: 0.7 });
 *
 * @see Sutskever, Martens & Hinton (2011), ICML; Karpathy (2015), The unreasonable effectiveness of recurrent neural networks.
 */
export class CharacterModel {
  readonly cell: CompiledCell<CellState, CharacterStep>;
  readonly readout: Linear;

  constructor(
    readonly vocabulary: Vocabulary,
    options: CharacterModelOptions = {},
  ) {
    checkOptions("CharacterModel", options, ["cell", "hiddenSize", "rng"]);
    const { cell = "lstm", hiddenSize = 96, rng = seededRng(0) } = options;
    checkChoice("CharacterModel", "cell", cell, ["lstm", "rnn"]);
    if (typeof vocabulary?.encode !== "function") {
      throw new TypeError(`CharacterModel: vocabulary must be what vocabularyOf(text) gives, got ${said(vocabulary)}`);
    }
    const { size } = vocabulary;
    const made = cell === "lstm" ? LSTMCell : RNNCell;
    const weights = { rng: rng.fork("cell"), dtype: "float32" } as const;
    this.cell = compile(new made(size, hiddenSize, weights) as Cell<CellState, CharacterStep>);
    this.readout = linear(hiddenSize, size, { rng: rng.fork("readout"), dtype: "float32" });
  }

  /** What the cell does on a text, from an empty state: one step per character, each [1, hiddenSize]. */
  read(text: string): CharacterStep[] {
    const xs = oneHotSteps([this.vocabulary.encode(text)], this.vocabulary.size, "float32");
    let state = this.cell.initialState(1);
    return windows(xs, window).flatMap((some) => {
      const steps = noGrad(() => unroll(this.cell, some, state));
      state = steps[steps.length - 1];
      return steps;
    });
  }

  /**
   * −log₂ p of each character after the first, given all before it. Their mean is the cross-entropy in bits per
   * character.
   * @throws RangeError at a character that the vocabulary lacks, or for a text of fewer than two
   */
  bits(text: string): number[] {
    const numbers = this.vocabulary.encode(text);
    if (numbers.length < 2) throw new RangeError(`bits: text must have at least 2 characters, got ${numbers.length}`);
    return windows(this.read(text).slice(0, -1), window).flatMap((steps, w) => {
      const shares = noGrad(() => softmax(this.readout.of(concatRows(steps.map(({ h }) => h)))));
      return steps.map((_, t) => -Math.log2(shares.data[t * shares.cols + numbers[w * window + t + 1]]));
    });
  }

  /** `length` new characters; what `start` said is not among them. */
  write(length: number, options: WritingOptions = {}): string {
    checkCount("write", "length", length, 0);
    const writing = this.writing(options);
    return Array.from({ length }, () => writing.next().value).join("");
  }

  /** The same without an end, one character at a time: softmax(z / temperature) is drawn from, and read next. */
  writing(options: WritingOptions = {}): Generator<string, never, void> {
    checkOptions("write", options, ["start", "temperature", "rng"]);
    const { start = "\n", temperature = 1, rng = seededRng(0) } = options;
    if (typeof start !== "string" || start === "") {
      throw new TypeError(`write: start must be a text of at least one character, got ${said(start)}`);
    }
    checkNumber("write", "temperature", temperature);
    if (temperature < 0) throw new RangeError(`write: temperature must be >= 0, got ${temperature}`);
    return this.#draw(this.vocabulary.encode(start), temperature, rng);
  }

  *#draw(start: readonly number[], temperature: number, rng: Rng): Generator<string, never, void> {
    const stream = this.cell.stream();
    const x = new Float32Array(this.vocabulary.size);
    const logitsAfter = (number: number): Float32Array => {
      x.fill(0);
      x[number] = 1;
      const h = stream.next(x).h as Float32Array;
      return noGrad(() => this.readout.of(new Tensor(1, h.length, h))).data as Float32Array;
    };
    let logits = start.map(logitsAfter)[start.length - 1];
    for (;;) {
      const number = drawn(logits, temperature, rng);
      yield this.vocabulary.symbols[number];
      logits = logitsAfter(number);
    }
  }
}

/** A number drawn from softmax(logits / temperature); at 0 the place of the greatest. */
function drawn(logits: Float32Array, temperature: number, rng: Rng): number {
  const greatest = Math.max(...logits);
  if (temperature === 0) return logits.indexOf(greatest);
  const powers = Array.from(logits, (z) => Math.exp((z - greatest) / temperature));
  let rest = rng.uniform() * powers.reduce((sum, power) => sum + power, 0);
  return Math.max(
    powers.findIndex((power) => {
      rest -= power;
      return rest < 0;
    }),
    0,
  );
}
