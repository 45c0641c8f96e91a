import fc from "fast-check";
import {
  adding,
  adding1997,
  agreement,
  type Batch,
  characterText,
  continualReber,
  copying,
  corpus,
  counting,
  embeddedReber,
  fit,
  LSTMCell,
  linear,
  longLag,
  mse,
  multiplication,
  multiplication1997,
  parity,
  parityEachStep,
  type Rng,
  recall,
  seededRng,
  sines,
  type Task,
  temporalOrder,
  temporalXor,
  twoSequences,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { argOnes, plain } from "./measuring.js";

type Make = (options: { batchSize?: number; dtype?: "float64" | "float32" }, rng?: Rng) => Task;

/** Every task, small; and whether its classes come with one-hot targets. */
const tasks: Record<string, { make: Make; oneHot?: boolean }> = {
  adding: { make: (o, rng) => adding({ seqLen: 6, ...o }, rng) },
  adding1997: { make: (o, rng) => adding1997({ seqLen: 20, ...o }, rng) },
  multiplication: { make: (o, rng) => multiplication({ seqLen: 6, ...o }, rng) },
  multiplication1997: { make: (o, rng) => multiplication1997({ seqLen: 20, ...o }, rng) },
  copying: { make: (o, rng) => copying({ delay: 3, ...o }, rng), oneHot: true },
  temporalOrder: { make: (o, rng) => temporalOrder({ seqLen: 10, ...o }, rng), oneHot: true },
  parity: { make: parity, oneHot: true },
  parityEachStep: { make: parityEachStep, oneHot: true },
  temporalXor: { make: (o, rng) => temporalXor({ triples: 3, ...o }, rng), oneHot: true },
  embeddedReber: { make: embeddedReber, oneHot: true },
  continualReber: { make: (o, rng) => continualReber({ seqLen: 30, ...o }, rng), oneHot: true },
  counting: { make: counting },
  longLag: { make: (o, rng) => longLag({ lag: 5, ...o }, rng), oneHot: true },
  twoSequences: { make: (o, rng) => twoSequences({ seqLen: 10, ...o }, rng) },
  recall: { make: recall, oneHot: true },
  agreement: { make: agreement, oneHot: true },
  sines: { make: (o, rng) => sines({ seqLen: 10, ...o }, rng) },
  characterText: { make: (o, rng) => characterText({ text: corpus.verse, seqLen: 8, ...o }, rng), oneHot: true },
};

const tensorsOf = ({ xs, target, targets = [], mask = [] }: Batch) => ({
  inputs: xs,
  outputs: target ? [target] : targets,
  mask,
});

describe.each(Object.entries(tasks))("%s", (name, { make, oneHot }) => {
  test("has the shapes it says: xs, one target or one a step, mask, lengths", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 1000 }), (batchSize, seed) => {
        const task = make({ batchSize }, seededRng(seed));
        const batch = task.batch();
        const { inputs, outputs, mask } = tensorsOf(batch);
        expect(task.batchSize).toBe(batchSize);
        for (const x of inputs) expect(x.shape).toEqual([batchSize, task.inputSize]);
        for (const y of outputs) expect(y.shape).toEqual([batchSize, task.outputSize]);
        for (const m of mask) expect(m.shape).toEqual([batchSize, 1]);
        expect(outputs.length).toBe(batch.target ? 1 : inputs.length);
        expect(batch.target && batch.targets).toBeUndefined();
        if (batch.mask) expect(mask.length).toBe(inputs.length);
        if (batch.lengths) expect(Math.max(...batch.lengths)).toBe(inputs.length);
        if (batch.lengths) expect(batch.lengths).toHaveLength(batchSize);
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  test("classes and one-hot targets say the same", () => {
    const { target, targets, classes } = make({ batchSize: 20 }, seededRng(4)).batch();
    if (!oneHot) return;
    expect(classes).toEqual(target ? argOnes(target) : targets?.map(argOnes));
  });

  test("the mask is 1 on real steps and 0 after them, where inputs and targets are zeros and classes −1", () => {
    const { xs, targets, mask, lengths, classes } = make({ batchSize: 12 }, seededRng(5)).batch();
    if (!lengths) return;
    lengths.forEach((length, b) => {
      xs.forEach((x, t) => {
        const isZero = x.tolist()[b].every((v) => v === 0);
        expect(isZero).toBe(t >= length);
        if (!targets) return;
        expect(mask?.[t].data[b]).toBe(t < length ? 1 : 0);
        expect(targets[t].tolist()[b].every((v) => v === 0)).toBe(t >= length);
        expect((classes as number[][])[t][b] === -1).toBe(t >= length);
      });
    });
  });

  test("the same seed gives the same bits; another seed, or the next batch, others", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => make({ batchSize: 30 }, seededRng(seed)));
    const first = plain(a.batch());
    expect(plain(b.batch())).toEqual(first);
    expect(plain(c.batch())).not.toEqual(first);
    expect(plain(a.batch())).not.toEqual(first);
    expect(plain(a.batch())).not.toEqual(plain(c.batch()));
  });

  test("can be learned from: fit takes its batches as they are", async () => {
    const rng = seededRng(8);
    const task = make({ batchSize: 3 }, rng);
    const model = { cell: new LSTMCell(task.inputSize, 3, { rng }), readout: linear(3, task.outputSize, { rng }) };
    for await (const { loss } of fit(model, task, { loss: mse, steps: 2 })) expect(loss).toBeGreaterThan(0);
  });

  test("without an rng it is seeded with 0", () => {
    expect(plain(make({ batchSize: 3 }).batch())).toEqual(plain(make({ batchSize: 3 }, seededRng(0)).batch()));
  });

  test("a forked stream does not depend on what else was drawn", () => {
    const [quiet, busy] = [seededRng(6), seededRng(6)];
    const alone = make({}, quiet.fork("train"));
    for (let k = 0; k < 100; k++) busy.uniform();
    const other = make({}, busy.fork("test"));
    const beside = make({}, busy.fork("train"));
    other.batch();
    expect(plain(beside.batch())).toEqual(plain(alone.batch()));
    other.batch();
    expect(plain(beside.batch())).toEqual(plain(alone.batch()));
  });

  test("deals out float64, or float32 if asked, the same numbers but for rounding", () => {
    const wide = tensorsOf(make({ batchSize: 4 }, seededRng(7)).batch());
    const narrow = tensorsOf(make({ batchSize: 4, dtype: "float32" }, seededRng(7)).batch());
    for (const key of ["inputs", "outputs", "mask"] as const) {
      wide[key].forEach((x, k) => {
        expect([x.dtype, narrow[key][k].dtype]).toEqual(["float64", "float32"]);
        expect(narrow[key][k]).toBeAllClose(x.tolist(), { atol: 1e-6 });
      });
    }
  });

  test("has baselines that are numbers >= 0, and 32 sequences a batch unless told", () => {
    const task = make({});
    expect(task.batchSize).toBe(32);
    expect(Object.keys(task.baselines).length).toBeGreaterThan(0);
    for (const value of Object.values(task.baselines)) {
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  test("refuses what makes no task, in one line", () => {
    const odd = (options: object, rng?: unknown) => () => make(options, rng as Rng);
    expect(odd({ batchSize: 0 })).toThrow(`${name}: batchSize must be an integer >= 1, got 0`);
    expect(odd({ batchsize: 3 })).toThrow(`${name}: unknown option "batchsize"; did you mean batchSize?`);
    expect(odd({ dtype: "float16" })).toThrow(`${name}: dtype must be "float64" or "float32", got "float16"`);
    expect(odd({}, 7)).toThrow(`${name}: rng must be made by seededRng, got 7`);
    expect(odd({}, null)).toThrow(`${name}: rng must be made by seededRng, got null`);
  });
});

test("what is not said is what the docblocks say", () => {
  const steps = (task: Task): number => task.batch().xs.length;
  expect([steps(adding()), steps(multiplication()), steps(parity()), steps(parityEachStep())]).toEqual([
    50, 50, 10, 10,
  ]);
  expect([steps(copying()), copying().inputSize, copying().recallFrom]).toEqual([120, 10, 110]);
  expect([steps(temporalXor()), steps(longLag()), steps(continualReber()), steps(sines())]).toEqual([
    60, 100, 100, 100,
  ]);
  expect([adding1997().seqLen, multiplication1997().seqLen, temporalOrder().seqLen, twoSequences().seqLen]).toEqual([
    100, 100, 100, 100,
  ]);
  expect([recall().gap, recall().outputSize, recall().answers[0]]).toEqual([20, 8, "French"]);
  expect(steps(characterText({ text: corpus.prose }))).toBe(64);
  const { distances } = agreement({ batchSize: 300 }).batch();
  expect([Math.min(...distances), Math.max(...distances)]).toEqual([12, 20]);
  expect(
    twoSequences()
      .batch()
      .xs.slice(0, 3)
      .flatMap((x) => Array.from(x.data, Math.abs)),
  ).toEqual(Array(96).fill(1));
  expect(sines().baselines).toEqual(sines({ waves: 2, horizon: 1, noise: 0, periods: [8, 40] }).baselines);
  expect(plain(sines({ batchSize: 2 }).batch())).toEqual(plain(sines({ batchSize: 2, waves: 2 }).batch()));
});

test.each([
  [parity, "parity"],
  [embeddedReber, "embeddedReber"],
  [agreement, "agreement"],
] as const)("options that are no object are refused: %o", (make, name) => {
  expect(() => make(50 as never)).toThrow(`${name}: options must be an object like { batchSize: 32 }, got 50`);
  expect(() => make(null as never)).toThrow(`${name}: options must be an object like { batchSize: 32 }, got null`);
  expect(() => make([] as never)).toThrow("got an array of 0");
});
