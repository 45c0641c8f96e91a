import { adding, fit, LSTMCell, linear, mse, type Progress, predict, seededRng, sgd } from "unrolled";
import { expect, test } from "vitest";

const task = (seed: number) => adding({ seqLen: 4, batchSize: 4 }, seededRng(seed));
const model = () => ({ cell: new LSTMCell(2, 3, { rng: seededRng(1) }), readout: linear(3, 1, { rng: seededRng(2) }) });
type Options = Parameters<typeof fit>[2];

/** A rate that makes the model better for some steps, and then much worse. */
const upAndDown = (turn: number) => sgd({ learningRate: (step) => (step <= turn ? 0.05 : 3) });

async function run(
  of: ReturnType<typeof model>,
  options: Omit<Options, "steps"> & { steps?: number },
): Promise<Progress[]> {
  const seen: Progress[] = [];
  for await (const progress of fit(of, task(5), { steps: 30, ...options })) seen.push(progress);
  return seen;
}

test("fit, validation: measures every so many steps on the same held-out batches", async () => {
  const drawn: ReturnType<ReturnType<typeof task>["batch"]>[] = [];
  const held = task(6);
  const source = {
    batch() {
      drawn.push(held.batch());
      return drawn[drawn.length - 1];
    },
  };
  const one = model();
  const seen = await run(one, { steps: 9, validation: { source, every: 3, batches: 2, keepBest: false } });
  expect(drawn).toHaveLength(2);
  expect(seen.flatMap(({ step, validation }) => (validation ? [step] : []))).toEqual([3, 6, 9]);
  const now = drawn.map(({ xs, target }) => mse(predict(one, xs), target).item());
  expect(seen[8].validation?.loss).toBeCloseTo((now[0] + now[1]) / 2, 15);
});

test("fit, validation: the model ends with its best weights, unless it is told not to", async () => {
  const options = { optimizer: upAndDown(10), validation: { source: task(6), every: 5 } };
  const best = model();
  const seen = await run(best, options);
  const { bestStep } = seen[29].validation!;
  expect([5, 10]).toContain(bestStep);
  const stopped = model();
  await run(stopped, { optimizer: upAndDown(10), steps: bestStep });
  expect(best.cell.candidate.Wx.tolist()).toEqual(stopped.cell.candidate.Wx.tolist());
  const last = model();
  await run(last, { optimizer: upAndDown(10), validation: { source: task(6), every: 5, keepBest: false } });
  const plain = model();
  await run(plain, { optimizer: upAndDown(10) });
  expect(last.cell.candidate.Wx.tolist()).toEqual(plain.cell.candidate.Wx.tolist());
  expect(last.cell.candidate.Wx.tolist()).not.toEqual(best.cell.candidate.Wx.tolist());
});

test("fit, validation: ends early when patience runs out", async () => {
  const seen = await run(model(), { optimizer: upAndDown(10), validation: { source: task(6), every: 5, patience: 2 } });
  const measured = seen.flatMap(({ validation }) => validation ?? []);
  const { bestStep, best } = measured[measured.length - 1];
  expect(seen.length).toBe(bestStep + 10);
  expect(best).toBe(Math.min(...measured.map(({ loss }) => loss)));
});

test("fit, validation: does not change what is learned", async () => {
  const losses = (seen: Progress[]) => seen.map(({ loss }) => loss);
  expect(losses(await run(model(), { validation: { source: task(6), every: 1 } }))).toEqual(
    losses(await run(model(), {})),
  );
});

test("fit, validation: a run too short to be measured keeps its last weights", async () => {
  const [one, other] = [model(), model()];
  await run(one, { steps: 3, validation: { source: task(6) } });
  await run(other, { steps: 3 });
  expect(one.readout.W.tolist()).toEqual(other.readout.W.tolist());
});

test.each<[string, object]>([
  ["fit: validation.source must have batch(), got undefined", {}],
  ["fit: validation: every must be an integer >= 1, got 0", { source: task(1), every: 0 }],
  ["fit: validation: batches must be an integer >= 1, got 0.5", { source: task(1), batches: 0.5 }],
  ["fit: validation: patience must be an integer >= 1, got 0", { source: task(1), patience: 0 }],
  ['fit: validation: unknown option "patiance"; did you mean patience?', { source: task(1), patiance: 1 }],
])("refuses: %s", async (message, validation) => {
  await expect(run(model(), { validation: validation as never })).rejects.toThrow(message);
});
