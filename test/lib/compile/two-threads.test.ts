import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  adam,
  adding,
  compile,
  fit,
  GRUCell,
  LSTMCell,
  linear,
  mse,
  PeepholeLSTMCell,
  RNNCell,
  seededRng,
  stacked,
  type Tensor,
  useThreads,
} from "unrolled";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Crew } from "../../../lib/src/compile/crew.js";
import { SecondThread } from "../../../lib/src/tensor/kernels/simd/second-thread.js";
import { simdForTwo } from "../../../lib/src/tensor/kernels/simd/simd.js";
import { type AnyCell, random } from "./helpers.js";

useThreads(2);
const second = simdForTwo()?.second;
const rng = () => seededRng(1);
const float32 = { dtype: "float32" } as const;

/** Large enough to be shared at 31 sequences; none of the widths is a multiple of eight. */
const cells: Record<string, () => AnyCell> = {
  LSTM: () => new LSTMCell(3, 70, { rng: rng(), ...float32 }),
  "LSTM with one-hot inputs": () => new LSTMCell(9, 70, { rng: rng(), ...float32 }),
  "GRU, reset before": () => new GRUCell(3, 90, { rng: rng(), reset: "before", ...float32 }),
  "GRU, reset after": () => new GRUCell(3, 90, { rng: rng(), reset: "after", ...float32 }),
  RNN: () => new RNNCell(3, 150, { rng: rng(), ...float32 }),
  "LSTM with peepholes": () => new PeepholeLSTMCell(3, 70, { rng: rng(), ...float32 }),
};

function inputs({ inputSize }: AnyCell, steps: number, batchSize: number, requiresGrad: boolean): Tensor[] {
  return Array.from({ length: steps }, (_, t) => {
    const x = random(batchSize, inputSize, 10 + t, { ...float32, requiresGrad });
    if (inputSize < 9) return x;
    for (let r = 0; r < batchSize; r++) {
      for (let j = 0; j < 9; j++) x.data[r * 9 + j] = j === (r * 5 + t) % 9 ? 1 : 0;
    }
    return x;
  });
}

/** Stands for all bits of an array. */
const bits = (values: ArrayLike<number>): string =>
  createHash("sha256").update(Float64Array.from(values)).digest("hex");

/** All that comes of a loss at every step of a sequence and at its end, as plain numbers. */
function all(make: () => AnyCell, threads: 1 | 2, batchSize: number, requiresGrad = false) {
  useThreads(threads);
  const cell = compile(make());
  const xs = inputs(cell, 6, batchSize, requiresGrad);
  const states = cell.runStates(xs)!;
  const out = random(batchSize, cell.hiddenSize, 5, float32);
  const losses = states.map(({ h }, t) => (t === 2 ? h.sum() : h.mul(out).sum()));
  losses.reduce((sum, loss) => sum.add(loss)).backward();
  return {
    states: states.map((state) => Object.values<Tensor>(state).map(({ data }) => bits(data))),
    gradients: Object.entries(cell.parameters()).map(([name, { grad }]) => [name, bits(grad)]),
    inputs: requiresGrad ? xs.map(({ grad }) => bits(grad)) : [],
  };
}

/** How often work was shared while `run` ran. */
function shared(run: () => unknown): number {
  const divided = vi.spyOn(Crew.prototype, "ownRows").mockClear();
  run();
  return divided.mock.results.filter(({ value }, k) => value < divided.mock.calls[k][0]).length;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.runIf(second)("two threads", () => {
  beforeAll(async () => {
    await vi.waitFor(() => expect(second!.ready).toBe(true), 20_000);
  });

  describe.each(Object.keys(cells))("%s", (name) => {
    test.each([31, 32, 33])("the same bits as one: values and gradients, %i sequences", (batchSize) => {
      const [one, two] = ([1, 2] as const).map((threads) => all(cells[name], threads, batchSize));
      expect(two).toEqual(one);
    });
  });

  test("they do share, and only what is large enough", () => {
    expect(shared(() => all(cells.LSTM, 2, 31))).toBeGreaterThan(20);
    expect(shared(() => all(cells.LSTM, 1, 31))).toBe(0);
    expect(shared(() => all(cells.LSTM, 2, 8))).toBe(0);
    expect(shared(() => all(() => new LSTMCell(3, 16, float32), 2, 64))).toBe(0);
  });

  test("gradients of the inputs have the same bits", () => {
    expect(all(cells.LSTM, 2, 33, true)).toEqual(all(cells.LSTM, 1, 33, true));
  });

  test("a batch of sequences of different lengths, through a net of two layers", () => {
    const [one, two] = ([1, 2] as const).map((threads) => {
      useThreads(threads);
      const net = compile(stacked("lstm", 3, 70, { layers: 2, rng: rng(), ...float32 }));
      const lengths = Array.from({ length: 33 }, (_, r) => 1 + (r % 6));
      const { outputs } = net.run(inputs({ inputSize: 3 } as AnyCell, 6, 33, false), { lengths });
      outputs
        .reduce((sum, h) => sum.add(h))
        .sum()
        .backward();
      return [outputs.map(({ data }) => bits(data)), Object.values(net.parameters()).map(({ grad }) => bits(grad))];
    });
    expect(two).toEqual(one);
  });

  test.each(["LSTM", "GRU, reset before", "RNN"])("20 steps of training: %s", async (name) => {
    const runs: (number | string)[][] = [];
    for (const threads of [1, 2] as const) {
      useThreads(threads);
      const model = {
        cell: compile(cells[name]()),
        readout: linear(cells[name]().hiddenSize, 1, { rng: rng(), ...float32 }),
      };
      const task = { batch: () => widened(adding({ seqLen: 8, batchSize: 31 }, seededRng(3)).batch()) };
      const seen: number[] = [];
      const options = { loss: mse, optimizer: adam({ learningRate: 1e-2 }), clipNorm: 1, steps: 20 };
      for await (const { loss, gradientNorm } of fit(model, task, options)) seen.push(loss, gradientNorm);
      runs.push([...seen, ...Object.values(model.cell.parameters()).map(({ data }) => bits(data))]);
    }
    expect(runs[1]).toEqual(runs[0]);
  });

  test("a task that fails is said, and nobody waits for ever", async () => {
    const { memory } = simdForTwo()!.memory;
    const thread = SecondThread.start(memory);
    await vi.waitFor(() => expect(thread.ready).toBe(true), 20_000);
    thread.load(new Uint8Array([1, 2, 3]), "run")(1, 2);
    expect(() => thread.settle()).toThrow(/second thread failed/);
    expect(thread.ready).toBe(false);
    thread.settle();
  });
});

/** The adding problem's inputs with a third column. */
function widened({ xs, ...rest }: ReturnType<ReturnType<typeof adding>["batch"]>) {
  return { xs: xs.map((x, t) => random(x.rows, 3, t, float32)), ...rest };
}

test("a number of threads that is none is refused", () => {
  expect(() => useThreads(3 as 2)).toThrow("useThreads: threads must be 1 or 2, got 3");
});

const built = fileURLToPath(new URL("../../../lib/dist/index.js", import.meta.url));
/** Trains three iterations with a large cell and says how that ended. */
const program = `
const U = await import(${JSON.stringify(built)});
const cell = U.compile(new U.LSTMCell(2, 70, { dtype: "float32" }));
await new Promise((resolve) => setTimeout(resolve, 300));
const model = { cell, readout: U.linear(70, 1, { dtype: "float32" }) };
for await (const p of U.fit(model, U.adding({ seqLen: 8, batchSize: 32 }, U.seededRng(1)), { steps: 3, loss: U.mse })) p;
console.log("trained");`;

test("a process that used two threads ends by itself", () => {
  const env = { ...process.env, UNROLLED_THREADS: "2" };
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], { env, timeout: 60_000 });
  expect([run.status, run.signal, `${run.stdout}`.trim()]).toEqual([0, null, "trained"]);
}, 60_000);

test("inside another thread there is one, and training works", async () => {
  const worker = new Worker(
    `import(${JSON.stringify(built)}).then(async (U) => {
    const { simdForTwo } = await import(${JSON.stringify(built.replace("index.js", "tensor/kernels/simd/simd.js"))});
    U.useThreads(2);
    const cell = U.compile(new U.LSTMCell(2, 70, { dtype: "float32" }));
    const [{ h }] = cell.runStates([U.zeros(32, 2, { dtype: "float32" })]);
    require("node:worker_threads").parentPort.postMessage([simdForTwo() === undefined, h.rows]);
  })`,
    { eval: true },
  );
  const answer = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  expect(answer).toEqual([true, 32]);
  await worker.terminate();
}, 60_000);
