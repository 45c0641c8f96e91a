import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SequenceNet } from "../sequence/net.js";
import { stateful } from "../sequence/stateful.js";
import { CharacterModel } from "../tasks/character-model.js";
import { characterText, vocabularyOf } from "../tasks/text.js";
import { readText } from "../tasks/text-files.js";
import { seededRng } from "../tensor/rng.js";
import { fit as train } from "../training/fit.js";
import { crossEntropy } from "../training/losses.js";
import { adam } from "../training/optimizers.js";
import { cosine } from "../training/schedules.js";
import { saveWeights } from "../training/weights.js";
import type { BaseConfig, Experiment, OnProgress, RunSpec } from "./experiment.js";
import { dataFolder } from "./files.js";
import { sha256, type Tier } from "./record.js";

export interface CharacterContestant {
  readonly name: "LSTM" | "RNN";
  readonly cell: "lstm" | "rnn";
  readonly hiddenSize: number;
  /** Adam's first; it falls along a cosine to a thirtieth. */
  readonly learningRate: number;
}

export interface CharacterConfig extends BaseConfig {
  /** The library's own source, as it was when this was written: the file beside the record, and its SHA-256. */
  readonly text: { readonly file: string; readonly sha256: string };
  /** The share at the text's end that is never trained on. */
  readonly heldOut: number;
  readonly models: readonly CharacterContestant[];
  readonly batchSize: number;
  readonly seqLen: number;
  readonly steps: number;
  readonly clipNorm: number;
  /** After how many steps the curve gets a point. */
  readonly checkEvery: number;
  /** After which steps the network writes something, and so many characters. */
  readonly writesAfter: readonly number[];
  readonly writes: number;
}

export interface CharacterSpec extends RunSpec {
  readonly model: CharacterContestant;
  readonly seed: number;
}

/** How the training went, in bits per character. */
export interface CharacterCurve {
  readonly step: readonly number[];
  /** Mean over the steps since the point before. */
  readonly loss: readonly number[];
}

export interface CharacterOutcome {
  readonly symbols: string;
  readonly curve: CharacterCurve;
  /** What the network wrote on its way, at temperature 0.7. */
  readonly wrote: readonly { readonly step: number; readonly text: string; readonly heldOut: number }[];
  /** The safetensors file in base64. */
  readonly weights: string;
}

export interface CharacterResult extends Omit<CharacterOutcome, "weights"> {
  /** SHA-256 of the safetensors file. */
  readonly weights: string;
}

export type CharacterResults = Readonly<Record<CharacterContestant["name"], CharacterResult>>;

/** Where the weights are kept, beside the record. */
export const weightsFile = (name: CharacterContestant["name"]): string =>
  name === "LSTM" ? "char-model.safetensors" : `char-model.${name.toLowerCase()}.safetensors`;

const configOf = (tier: Tier): CharacterConfig => ({
  tier,
  text: { file: "char-model.txt", sha256: "8482b93fbdb080361c68edca5daf9470c12872de777bf5352c8b6c5b5a397793" },
  heldOut: 0.1,
  models: [
    { name: "LSTM", cell: "lstm", hiddenSize: 96, learningRate: 1e-2 },
    { name: "RNN", cell: "rnn", hiddenSize: 228, learningRate: 5e-3 }, // as many weights as the LSTM
  ],
  batchSize: 32,
  seqLen: 64,
  steps: tier === "full" ? 30_000 : 2500,
  clipNorm: 1,
  checkEvery: 50,
  writesAfter: [50, 200, 500, 1000, 2500],
  writes: 400,
  seeds: [1],
});

/** The text that a config names. @throws Error if it is another one */
function textOf({ text: { file, sha256: expected } }: CharacterConfig): string {
  const text = readText(join(dataFolder, file));
  const found = sha256(text);
  if (found !== expected) throw new Error(`${file} must be the text with SHA-256 ${expected}, got ${found}`);
  return text;
}

/** The part that is trained on, and the part held out. */
export function characterTexts(config: CharacterConfig): { shown: string; heldOut: string } {
  const letters = [...textOf(config)];
  const shown = letters.length - Math.ceil(letters.length * config.heldOut);
  return { shown: letters.slice(0, shown).join(""), heldOut: letters.slice(shown).join("") };
}

/** Trains the model. Everything follows from the config and the seed, bit for bit; `until` ends it early. */
export async function trainCharacters(
  config: CharacterConfig,
  { model: contestant, seed }: CharacterSpec,
  { onProgress, until = config.steps }: { onProgress?: OnProgress; until?: number } = {},
): Promise<{ model: CharacterModel } & Omit<CharacterOutcome, "weights">> {
  const { steps, batchSize, seqLen, checkEvery, clipNorm } = config;
  const { cell, hiddenSize, learningRate } = contestant;
  const rng = seededRng(seed);
  const text = textOf(config);
  const vocabulary = vocabularyOf(text);
  const model = new CharacterModel(vocabulary, { cell, hiddenSize, rng });
  const { heldOut } = characterTexts(config);
  const task = characterText(
    { text, batchSize, seqLen, heldOut: config.heldOut, order: "stream", dtype: "float32" },
    rng,
  );
  const trainee = { net: stateful(new SequenceNet([{ forward: model.cell }])), readout: model.readout };
  const optimizer = adam({ learningRate: cosine(learningRate, { steps, least: learningRate / 30 }) });
  const curve = { step: [] as number[], loss: [] as number[] };
  const wrote: CharacterOutcome["wrote"][number][] = [];
  let sum = 0;
  for await (const { step, loss } of train(trainee, task, { loss: crossEntropy, optimizer, clipNorm, steps })) {
    sum += loss / Math.LN2;
    if (step % checkEvery === 0) {
      curve.step.push(step);
      curve.loss.push(sum / checkEvery);
      sum = 0;
      onProgress?.(step / steps);
    }
    if (config.writesAfter.includes(step)) wrote.push({ step, ...examined(model, heldOut, config) });
    if (step >= until) break;
  }
  return { model, symbols: vocabulary.symbols.join(""), curve, wrote };
}

/** What the network writes now, and how many bits a held-out character costs it. */
function examined(
  model: CharacterModel,
  heldOut: string,
  { writes }: CharacterConfig,
): { text: string; heldOut: number } {
  const bits = model.bits(heldOut);
  return {
    text: model.write(writes, { temperature: 0.7, rng: seededRng(1) }),
    heldOut: bits.reduce((all, one) => all + one, 0) / bits.length,
  };
}

async function run(config: CharacterConfig, spec: CharacterSpec, onProgress?: OnProgress): Promise<CharacterOutcome> {
  const { model, ...outcome } = await trainCharacters(config, spec, { onProgress });
  const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
  try {
    const file = join(folder, weightsFile(spec.model.name));
    saveWeights({ cell: model.cell, readout: model.readout }, file);
    return { ...outcome, weights: readFileSync(file).toString("base64") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const specsOf = ({ models, seeds }: CharacterConfig): CharacterSpec[] =>
  models.flatMap((model) => seeds.map((seed) => ({ key: `${model.name}, seed ${seed}`, model, seed })));

const bytesOf = (base64: string): Buffer => Buffer.from(base64, "base64");

/** The character model of lesson 12, and a plain RNN with as many weights beside it. */
export const characterModelExperiment: Experiment<CharacterConfig, CharacterSpec, CharacterOutcome, CharacterResults> =
  {
    name: "char-model",
    shows: "a character model of the library's own source, with its weights, and a plain RNN beside it",
    minutes: { quick: 8, full: 60 },
    config: configOf,
    plan: specsOf,
    everyRun: specsOf,
    groupOf: ({ key }) => key,
    runCount: (config) => specsOf(config).length,
    run,
    say: ({ wrote }) => `${wrote[wrote.length - 1].heldOut.toFixed(2)} bits per held-out character`,
    results: (config, finished) =>
      Object.fromEntries(
        specsOf(config).map(({ key, model }) => [
          model.name,
          { ...finished[key], weights: sha256(bytesOf(finished[key].weights)) },
        ]),
      ) as unknown as CharacterResults,
    attachments: (config, finished) =>
      Object.fromEntries(
        specsOf(config).map(({ key, model }) => [weightsFile(model.name), bytesOf(finished[key].weights)]),
      ),
  };
