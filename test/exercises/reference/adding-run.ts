import { adam, adding, compile, fit, LSTMCell, linear, RNNCell, seededRng } from "unrolled";
import type { Vector } from "./vectors.js";

/** Slips in a training run, by what they look like. */
export const runSlips = {
  seed: "the seed does not go in: every run is the same run",
  streams: "one stream for all: cell, readout and sequences each fork their own",
  kind: "an LSTM was trained where an RNN was asked for",
  seqLen: "the sequences have the task's usual 50 steps",
  rate: "the learning rate is Adam's usual 0.001",
  clip: "the gradient is not clipped",
} as const;
export type RunSlip = (typeof runSlips)[keyof typeof runSlips];

export interface Run {
  kind: "rnn" | "lstm";
  hiddenSize: number;
  seqLen: number;
  steps: number;
  seed: number;
}

const done = new Map<string, Promise<Vector>>();

/** The losses of one training run on the adding problem, with the slip that was made. Each run is trained once. */
export function addingRun(run: Run, slip?: RunSlip): Promise<Vector> {
  const key = JSON.stringify([run, slip]);
  if (!done.has(key)) done.set(key, train(run, slip));
  return done.get(key)!;
}

async function train({ kind, hiddenSize, seqLen, steps, seed }: Run, slip?: RunSlip): Promise<Vector> {
  const rng = seededRng(slip === runSlips.seed ? 1 : seed);
  const stream = (name: string) => (slip === runSlips.streams ? rng : rng.fork(name));
  const Cell = kind === "lstm" || slip === runSlips.kind ? LSTMCell : RNNCell;
  const cell = new Cell(2, hiddenSize, { rng: stream("cell") });
  const readout = linear(hiddenSize, 1, { rng: stream("readout") });
  const length = slip === runSlips.seqLen ? 50 : seqLen;
  const task = adding({ seqLen: length, batchSize: 32 }, stream("train"));
  const losses: Vector = [];
  const training = {
    optimizer: adam({ learningRate: slip === runSlips.rate ? 0.001 : 0.01 }),
    steps,
    ...(slip !== runSlips.clip && { clipNorm: 1 }),
  };
  for await (const { loss } of fit({ cell: compile(cell), readout }, task, training)) losses.push(loss);
  return losses;
}
