import { describe, expect, test } from "vitest";
import { asks, dealer, shareRight } from "../../../lib/src/experiments/arenas.js";
import { buildCell, buildModel, type Contestant } from "../../../lib/src/experiments/contestants.js";
import type { Finished } from "../../../lib/src/experiments/experiment.js";
import { type SweepConfig, sweep } from "../../../lib/src/experiments/sweep.js";
import { type TrainOutcome, trainOnce } from "../../../lib/src/experiments/train-once.js";
import { RNNCell, seededRng, tensor } from "../../../lib/src/index.js";
import { linear } from "../../../lib/src/layers/linear.js";

const rnn: Contestant = { name: "RNN", cell: "rnn", hiddenSize: 8 };
const config: SweepConfig = {
  tier: "quick",
  arenas: [{ name: "two bits", task: "parityEachStep", options: { seqLen: 2 } }],
  contestants: [rnn, { name: "LSTM", cell: "lstm", hiddenSize: 8, options: { forgetBias: 2 } }],
  batchSize: 16,
  steps: 300,
  clipNorm: 1,
  checkEvery: 20,
  testSize: 64,
  untilSolved: true,
  learningRates: [1e-5, 0.03],
  searchSeed: 0,
  seeds: [1, 2],
};
const tiny = sweep({ name: "tiny", shows: "a test", minutes: { quick: 0, full: 0 }, config: () => config });

async function everything(): Promise<Finished<TrainOutcome>> {
  const finished: Record<string, TrainOutcome> = {};
  for (;;) {
    const next = tiny.plan(config, finished).find(({ key }) => !finished[key]);
    if (!next) return finished;
    finished[next.key] = await tiny.run(config, next);
  }
}

describe("sweep", () => {
  test("searches the learning rate on a seed of its own, then reports the others", async () => {
    const finished = await everything();
    expect(Object.keys(finished)).toHaveLength(tiny.runCount(config));
    const { RNN, LSTM } = tiny.results(config, finished)["two bits"];
    expect([RNN.learningRate, LSTM.learningRate]).toEqual([0.03, 0.03]);
    expect(RNN.search.map(({ learningRate }) => learningRate)).toEqual([1e-5, 0.03]);
    expect(RNN.right).toEqual([1, 1]);
    expect(RNN.parameters).toBe(8 * (1 + 8 + 1));
    expect(LSTM.parameters).toBe(4 * 8 * (1 + 8 + 1));
    for (const [k, after] of RNN.solvedAfter.entries()) expect(after).toBe(16 * RNN.curves[k].step.at(-1)!);
  }, 60_000); // a busy machine

  test("one learning rate: no search", () => {
    const fixed = { ...config, learningRates: [0.01] };
    expect(tiny.plan(fixed, {}).map(({ seed }) => seed)).toEqual([1, 2, 1, 2]);
    expect(tiny.runCount(fixed)).toBe(4);
  });
});

describe("trainOnce", () => {
  const spec = { arena: config.arenas[0], contestant: rnn, learningRate: 0.03, seed: 3 };

  test("the same spec gives the same bits, another seed others", async () => {
    const [once, again, other] = [
      await trainOnce(config, spec),
      await trainOnce(config, spec),
      await trainOnce(config, { ...spec, seed: 4 }),
    ];
    expect(again).toEqual(once);
    expect(other.curve.loss).not.toEqual(once.curve.loss);
  });

  test("a run that blows up is a result: nothing right, no loss", async () => {
    const wild = { ...rnn, options: { activation: "relu" }, recurrentInit: { kind: "orthogonal", gain: 30 } } as const;
    const arena = { name: "long", task: "adding", options: { seqLen: 100 } } as const;
    const blown = await trainOnce(
      { ...config, clipNorm: 1e30 },
      { ...spec, arena, contestant: wild, learningRate: 1000 },
    );
    expect(blown).toMatchObject({ solvedAfter: null, right: 0, testLoss: null });
  }, 60_000); // a busy machine
});

describe("buildCell", () => {
  test("starts as told: identity weights, forget bias, chrono", () => {
    const identity = buildCell({ ...rnn, recurrentInit: { kind: "identity" } }, 2, seededRng(1));
    expect(identity.parameters()["hidden.Wh"].tolist()[3]).toEqual([0, 0, 0, 1, 0, 0, 0, 0]);
    const warped = buildCell({ name: "", cell: "lstm", hiddenSize: 50, chrono: 100 }, 2, seededRng(1)).parameters();
    const biases = [...warped["forgetGate.b"].data];
    expect(Math.min(...biases)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...biases)).toBeLessThanOrEqual(Math.log(99));
    expect([...warped["inputGate.b"].data]).toEqual(biases.map((b) => -b));
  });

  test("a variant of Greff et al. by its name", () => {
    expect(
      Object.keys(buildCell({ name: "", cell: "NFG", hiddenSize: 3 }, 2, seededRng(1)).parameters()),
    ).not.toContain("forgetGate.b");
  });
});

describe("shareRight", () => {
  test("a number is right within 0.04", () => {
    const model = { cell: new RNNCell(1, 1), readout: linear(1, 1) };
    for (const weight of Object.values({ ...model.cell.parameters(), ...model.readout.parameters() }))
      weight.data.fill(0);
    const xs = [tensor([[0], [0], [0], [0]])];
    expect(shareRight(model, { xs, target: tensor([[0.039], [0.041], [-0.039], [1]]) })).toBe(0.5);
  });

  test("an untrained network is right about as often as chance says, on every task", () => {
    const chance = {
      copying: 0,
      longLag: 0,
      embeddedReber: 0,
      temporalOrder: 1 / 4,
      recall: 1 / 8,
      counting: 0,
    } as const;
    for (const [task, expected] of Object.entries(chance)) {
      const arena = { name: task, task: task as keyof typeof chance, options: {} };
      const batch = dealer(arena, 400, seededRng(1)).batch();
      const { inputSize, outputSize } = dealer(arena, 1, seededRng(1));
      const right = shareRight(buildModel(rnn, inputSize, outputSize, seededRng(2)), batch);
      expect(Math.abs(right - expected), task).toBeLessThan(0.08);
    }
  }, 60_000); // a busy machine
});

describe("asks", () => {
  const arena = { name: "counting", task: "counting", options: { n: [1, 3] }, asked: { n: [7, 7] } } as const;

  test("checks and tests ask what `asked` says, training deals what `options` say", () => {
    expect(Math.max(...(dealer(arena, 50, seededRng(1)).batch().lengths ?? []))).toBe(7); // S and three of each
    expect(new Set(asks(arena, 50, seededRng(1)).batch().lengths)).toEqual(new Set([15])); // S and seven of each
  });
});
