import { LSTMCell, type LSTMState } from "../../cells/lstm.js";
import { compile } from "../../compile/compile.js";
import { type DotProductAttention, dotProductAttention } from "../../layers/dot-product-attention.js";
import { type Linear, linear } from "../../layers/linear.js";
import { unroll } from "../../sequence/unroll.js";
import { oneHot } from "../../tasks/task.js";
import { tensor } from "../../tensor/create.js";
import { concat, concatRows } from "../../tensor/ops.js";
import { type Rng, seededRng } from "../../tensor/rng.js";
import { noGrad, type Tensor } from "../../tensor/tensor.js";
import { clipByNorm } from "../../training/clip.js";
import { crossEntropy } from "../../training/losses.js";
import { adam } from "../../training/optimizers.js";
import type { BaseConfig, Experiment, Finished, OnProgress, RunSpec } from "../experiment.js";
import type { Tier } from "../record.js";

/** Which network meets which task. */
export interface Seq2seqContestant {
  readonly name: string;
  /** Write the letters as they were read, or from the last to the first. */
  readonly order: "in order" | "reversed";
  /** Whether the decoder may look back at all states of the encoder, or has the last one only. */
  readonly attention: boolean;
}

export interface Seq2seqConfig extends BaseConfig {
  readonly letters: number;
  readonly hiddenSize: number;
  readonly batchSize: number;
  /** Words of these lengths are trained on, each as often as any other. */
  readonly trained: readonly [number, number];
  /** Words of these lengths are asked for at the end. */
  readonly tested: readonly number[];
  /** Words of each length. */
  readonly testSize: number;
  readonly steps: number;
  readonly checkEvery: number;
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly contestants: readonly Seq2seqContestant[];
}

export interface Seq2seqSpec extends RunSpec {
  readonly contestant: Seq2seqContestant;
  readonly seed: number;
}

export interface Seq2seqOutcome {
  /** At every check: the mean training loss since the last one, in nats per letter. */
  readonly loss: readonly number[];
  /** For each tested length, the share of letters that are right, and the share of words without a mistake. */
  readonly letters: readonly number[];
  readonly words: readonly number[];
}

/** results[contestant][what]: one entry per seed; `lengths` are the tested ones. */
export interface Seq2seqResult {
  readonly lengths: readonly number[];
  readonly loss: readonly (readonly number[])[];
  readonly letters: readonly (readonly number[])[];
  readonly words: readonly (readonly number[])[];
}

export type Seq2seqResults = Readonly<Record<string, Seq2seqResult>>;

const float32 = { dtype: "float32" } as const;

/** Two LSTMs: one reads a word, the other, begun with its last state, writes the answer. */
class Translator {
  readonly encoder;
  readonly decoder;
  readonly readout: Linear;
  readonly query: Linear | undefined;
  readonly look: DotProductAttention = dotProductAttention();

  constructor({ letters, hiddenSize }: Seq2seqConfig, attention: boolean, rng: Rng) {
    const start = (name: string) => ({ rng: rng.fork(name), ...float32 });
    this.encoder = compile(new LSTMCell(letters + 1, hiddenSize, start("encoder")));
    this.decoder = compile(new LSTMCell(letters + 1, hiddenSize, start("decoder")));
    this.readout = linear(attention ? 2 * hiddenSize : hiddenSize, letters, start("readout"));
    this.query = attention ? linear(hiddenSize, hiddenSize, start("query")) : undefined;
  }

  /** From a decoder's state to logits; with attention, beside what it finds when it looks back. */
  says(h: Tensor, past: readonly Tensor[]): Tensor {
    return this.readout.of(this.query ? concat([h, this.look.of(this.query.of(h), past).context]) : h);
  }

  /** Logits of every step, [letter · batchSize, letters], when the right letters are read one place behind. */
  taught(xs: readonly Tensor[], read: readonly Tensor[]): Tensor {
    const past = unroll(this.encoder, xs);
    const hs = past.map(({ h }) => h);
    const { h, c } = past[past.length - 1];
    return concatRows(unroll(this.decoder, read, { h, c }).map((step) => this.says(step.h, hs)));
  }

  /** What it writes when it reads its own choices: one list of letters per step. */
  writes(xs: readonly Tensor[], begin: number): number[][] {
    const past = unroll(this.encoder, xs);
    const hs = past.map((step) => step.h);
    let state: LSTMState = past[past.length - 1];
    let read: number[] = Array(xs[0].rows).fill(begin);
    return xs.map(() => {
      state = this.decoder.step(oneHot(read, begin + 1, "float32"), state);
      read = this.says(state.h, hs)
        .tolist()
        .map((scores) => scores.indexOf(Math.max(...scores)));
      return read;
    });
  }

  parameters(): Tensor[] {
    const parts = [this.encoder, this.decoder, this.readout, ...(this.query ? [this.query] : [])];
    return parts.flatMap((part) => Object.values(part.parameters()));
  }
}

interface Words {
  readonly xs: Tensor[];
  /** answers[t][b]: the letter that word b's answer has at step t. */
  readonly answers: number[][];
}

/** Random words of one length; `letters` itself is the sign to begin. */
function deal(
  { letters }: Seq2seqConfig,
  { order }: Seq2seqContestant,
  length: number,
  count: number,
  rng: Rng,
): Words {
  const steps = Array.from({ length }, () => Array.from({ length: count }, () => rng.int(letters)));
  const xs = steps.map((step) => oneHot(step, letters + 1, "float32"));
  return { xs, answers: order === "reversed" ? [...steps].reverse() : steps };
}

async function run(
  config: Seq2seqConfig,
  { contestant, seed }: Seq2seqSpec,
  onProgress?: OnProgress,
): Promise<Seq2seqOutcome> {
  const { letters, tested, testSize } = config;
  const model = new Translator(config, contestant.attention, seededRng(seed));
  const loss = train(model, config, contestant, seededRng(seed).fork("train"), onProgress);
  const marks = tested.map((length) => {
    const { xs, answers } = deal(config, contestant, length, testSize, seededRng(seed).fork(`test ${length}`));
    const written = noGrad(() => model.writes(xs, letters));
    return mark(written, answers);
  });
  return { loss, letters: marks.map((one) => one.letters), words: marks.map((one) => one.words) };
}

function train(
  model: Translator,
  config: Seq2seqConfig,
  contestant: Seq2seqContestant,
  rng: Rng,
  onProgress?: OnProgress,
): number[] {
  const { letters, batchSize, trained, steps, checkEvery, learningRate, clipNorm } = config;
  const [optimizer, parameters] = [adam({ learningRate }), model.parameters()];
  const hot = (step: readonly number[]): Tensor => oneHot(step, letters + 1, "float32");
  const curve: number[] = [];
  let sum = 0;
  for (let step = 1; step <= steps; step++) {
    const length = trained[0] + rng.int(trained[1] - trained[0] + 1);
    const { xs, answers } = deal(config, contestant, length, batchSize, rng);
    const behind = [Array<number>(batchSize).fill(letters), ...answers.slice(0, -1)];
    const wanted = answers.flat().map((letter) => [letter]);
    const loss = crossEntropy(model.taught(xs, behind.map(hot)), tensor(wanted, float32));
    for (const parameter of parameters) parameter.zeroGrad();
    loss.backward();
    clipByNorm(parameters, clipNorm);
    optimizer.step(parameters);
    sum += loss.item();
    if (step % checkEvery !== 0) continue;
    curve.push(sum / checkEvery);
    sum = 0;
    onProgress?.(step / steps);
  }
  return curve;
}

function mark(written: number[][], answers: number[][]): { letters: number; words: number } {
  const right = answers.map((letters, t) => letters.map((letter, b) => letter === written[t][b]));
  const share = (rights: readonly boolean[]): number => rights.filter(Boolean).length / rights.length;
  return { letters: share(right.flat()), words: share(right[0].map((_, b) => right.every((step) => step[b]))) };
}

const specOf = (contestant: Seq2seqContestant, seed: number): Seq2seqSpec => ({
  key: `${contestant.name}, seed ${seed}`,
  contestant,
  seed,
});

/** The slowest first: those that look back. */
const plan = ({ contestants, seeds }: Seq2seqConfig): Seq2seqSpec[] =>
  [...contestants]
    .sort((a, b) => Number(b.attention) - Number(a.attention))
    .flatMap((contestant) => seeds.map((seed) => specOf(contestant, seed)));

function results(config: Seq2seqConfig, finished: Finished<Seq2seqOutcome>): Seq2seqResults {
  const { contestants, seeds, tested } = config;
  const outcomes = (contestant: Seq2seqContestant) => seeds.map((seed) => finished[specOf(contestant, seed).key]);
  const named = contestants.map((contestant): [string, Seq2seqResult] => {
    const runs = outcomes(contestant);
    return [
      contestant.name,
      {
        lengths: tested,
        loss: runs.map(({ loss }) => loss),
        letters: runs.map(({ letters }) => letters),
        words: runs.map(({ words }) => words),
      },
    ];
  });
  return Object.fromEntries(named);
}

/**
 * One state against many: words read by one LSTM and written by another, in order or reversed, with the encoder's last
 * state alone (Sutskever, Vinyals & Le 2014) or with attention over all of them (Luong, Pham & Manning 2015, "general").
 */
export const seq2seqExperiment: Experiment<Seq2seqConfig, Seq2seqSpec, Seq2seqOutcome, Seq2seqResults> = {
  name: "seq2seq",
  shows: "words copied and reversed by an encoder and a decoder, without and with attention, against their length",
  minutes: { quick: 2, full: 60 },
  config: (tier: Tier) => ({
    tier,
    letters: 8,
    hiddenSize: 32,
    batchSize: 32,
    trained: [2, 10],
    tested: [2, 4, 6, 8, 10, 12, 14, 16],
    testSize: 400,
    steps: tier === "full" ? 10_000 : 1000,
    checkEvery: 50,
    learningRate: 0.01,
    clipNorm: 1,
    contestants: (["in order", "reversed"] as const).flatMap((order) => [
      { name: `${order}, one state`, order, attention: false },
      { name: `${order}, attention`, order, attention: true },
    ]),
    seeds: tier === "full" ? [1, 2, 3, 4, 5, 6] : [1, 2, 3],
  }),
  plan,
  runCount: ({ contestants, seeds }) => contestants.length * seeds.length,
  run,
  say: ({ letters, words }) =>
    `${Math.round(100 * letters[letters.length - 1])} % of letters at the longest, ${Math.round(100 * words[0])} % of words at the shortest`,
  results,
};
