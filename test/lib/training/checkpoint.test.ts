import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  adam,
  adding,
  clipByNorm,
  fit,
  full,
  LSTMCell,
  linear,
  type Progress,
  readSafetensors,
  rmsprop,
  schedules,
  seededRng,
  sgd,
  stacked,
  stateful,
  windowed,
  writeSafetensors,
} from "unrolled";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { namedWeights, type Trainable } from "../../../lib/src/training/model.js";
import { withSafetensors } from "../../../lib/src/training/safetensors.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
  file = join(folder, "run.ckpt");
});
afterEach(async () => {
  await buried();
  rmSync(folder, { recursive: true });
});

/** Runs that were killed. They still listen to Ctrl-C; when nobody looks any more they may end. */
const killed: AsyncGenerator[] = [];
const buried = () => Promise.all(killed.splice(0).map((training) => training.return(undefined)));

type Options = Omit<Parameters<typeof fit>[2], "steps">;
/** A program: everything it is made of, made anew from the same seeds. */
type Program = () => { model: Trainable; source: { batch(): never }; options: Options };

const readout = () => linear(3, 1, { rng: seededRng(2) });
const noise = () => {
  const rng = seededRng(7);
  const batch = () => ({
    xs: Array.from({ length: 6 }, () => full(2, 2, rng.normal())),
    targets: Array.from({ length: 6 }, () => full(2, 1, rng.normal())),
  });
  return { rng, source: { batch } };
};

const programs: Record<string, Program> = {
  "a cell, adam, a schedule, held-out batches": () => {
    const rng = seededRng(3);
    return {
      model: { cell: new LSTMCell(2, 3, { rng: seededRng(1) }), readout: readout() },
      source: adding({ seqLen: 4, batchSize: 2 }, rng) as never,
      options: {
        optimizer: adam({ learningRate: schedules.cosine(0.3, { steps: 12 }) }),
        clipNorm: 1,
        validation: { source: adding({ seqLen: 4, batchSize: 2 }, seededRng(4)), every: 2, patience: 4 },
        checkpoint: { file, every: 3, state: [rng] },
      },
    };
  },
  "a float32 net with both kinds of dropout, rmsprop": () => {
    const { rng, source } = noise();
    const net = stacked("gru", 2, 3, { layers: 2, dropout: 0.3, recurrentDropout: 0.3, dtype: "float32" });
    return {
      model: { net, readout: linear(3, 1, { dtype: "float32" }) },
      source: source as never,
      options: { optimizer: rmsprop({ momentum: 0.5 }), checkpoint: { file, every: 1, state: [rng] } },
    };
  },
  "a stateful net, window by window, sgd with momentum": () => {
    const { rng, source } = noise();
    const windows = windowed(source, 4, [rng]);
    return {
      model: { net: stateful(stacked("lstm", 2, 3, { layers: 2 })), readout: readout() },
      source: windows as never,
      options: { optimizer: sgd({ momentum: 0.9 }), checkpoint: { file, every: 1, state: [windows] } },
    };
  },
};

const metadataOf = (path: string) => withSafetensors("test", path, ({ metadata }) => metadata);

const bits = (model: Trainable): string =>
  Object.entries(namedWeights(model))
    .map(([name, { data }]) => `${name} ${Buffer.from(data.slice().buffer).toString("hex")}`)
    .join("\n");

/** Runs a program from its start; with killAt it is dropped there as a killed process is: nothing is tidied up. */
async function run(program: Program, { killAt = Number.POSITIVE_INFINITY, steps = 12 } = {}) {
  const { model, source, options } = program();
  const seen: Progress[] = [];
  const training = fit(model, source, { ...options, steps });
  for (let next = await training.next(); !next.done; next = await training.next()) {
    seen.push(next.value);
    if (next.value.step < killAt) continue;
    killed.push(training);
    break;
  }
  return { bits: bits(model), seen };
}

describe.each(Object.keys(programs))("%s", { timeout: 60_000 }, (name) => {
  test("killed at any step and started again, it ends with the same bits", async () => {
    const never = await run(programs[name]);
    for (let killAt = 1; killAt < never.seen.length; killAt++) {
      rmSync(file, { force: true });
      await run(programs[name], { killAt });
      const again = await run(programs[name]);
      expect([killAt, again.bits]).toEqual([killAt, never.bits]);
      const rest = never.seen.slice(-again.seen.length);
      const told = ({ seconds, ...others }: Progress) => others;
      expect(again.seen.map(told)).toEqual(rest.map(told));
      await buried();
    }
  });

  test("killed again and again it ends with the same bits", async () => {
    const never = await run(programs[name]);
    rmSync(file);
    for (const killAt of [3, 4, 7, 8]) await run(programs[name], { killAt });
    expect((await run(programs[name])).bits).toBe(never.bits);
  });

  test("finished, it has nothing left to do, and the model is the finished one", async () => {
    const first = await run(programs[name]);
    const before = readFileSync(file);
    const again = await run(programs[name]);
    expect([again.seen, again.bits]).toEqual([[], first.bits]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

const [cellProgram] = Object.values(programs);

test("a run goes on with more steps than it was started with", async () => {
  const options = (steps: number) => ({ steps, killAt: 99 });
  const net = programs["a float32 net with both kinds of dropout, rmsprop"];
  const whole = await run(net, options(9));
  rmSync(file);
  const begun = await run(net, options(5));
  const rest = await run(net, options(9));
  expect(rest.seen.map(({ step }) => step)).toEqual([6, 7, 8, 9]);
  expect(rest.bits).toBe(whole.bits);
  expect(rest.seen[0].seconds).toBeGreaterThan(begun.seen[4].seconds);
});

test("a reader who leaves the loop finds the run where it was left", async () => {
  const { model, source, options } = cellProgram();
  for await (const { step } of fit(model, source, { ...options, steps: 12 })) if (step === 5) break;
  expect([...readSafetensors(file).standing.data.slice(0, 1)]).toEqual([5]);
  expect((await run(cellProgram)).seen[0].step).toBe(6);
});

test("a step that fails is not kept", async () => {
  const { model, source, options } = cellProgram();
  let batches = 0;
  const failing = { batch: () => (++batches === 5 ? ({ xs: [] } as never) : (source as { batch(): never }).batch()) };
  const training = async () => {
    for await (const _ of fit(model, failing, { ...options, steps: 12 }));
  };
  await expect(training()).rejects.toThrow("batch() must give target or targets");
  expect(readSafetensors(file).standing.data[0]).toBe(3);
});

test("is written every so many steps, whole, and leaves nothing beside it", async () => {
  const { model, source, options } = cellProgram();
  const training = fit(model, source, { ...options, steps: 12 });
  const there: boolean[] = [];
  for (let step = 1; step <= 3; step++) {
    await training.next();
    there.push(existsSync(file));
  }
  killed.push(training);
  expect(there).toEqual([false, false, true]);
  expect(readdirSync(folder)).toEqual(["run.ckpt"]);
});

describe("refuses, and changes nothing", () => {
  const refused = async (program: Program, message: string | RegExp) => {
    const { model, source, options } = program();
    const before = bits(model);
    await expect(fit(model, source, { ...options, steps: 12 }).next()).rejects.toThrow(message);
    expect(bits(model)).toBe(before);
  };
  const with_ =
    (change: (all: ReturnType<Program>) => object): Program =>
    () => {
      const all = cellProgram();
      return { ...all, ...change(all) };
    };

  test("a file that is damaged", async () => {
    await run(cellProgram, { killAt: 3 });
    truncateSync(file, 300);
    await refused(cellProgram, /^fit: \S+ is not a whole safetensors file: /);
    writeFileSync(file, "");
    await refused(cellProgram, "it must begin with 8 bytes, got 0");
  });

  test("a file of another run", async () => {
    await run(cellProgram, { killAt: 3 });
    const other = (why: string) => `fit: ${file} belongs to another run: ${why}; delete it to start over`;
    const cell = (hiddenSize: number) =>
      with_(() => ({ model: { cell: new LSTMCell(2, hiddenSize), readout: linear(hiddenSize, 1) } }));
    await refused(cell(4), other('"weights.cell.inputGate.Wx" must be 8 numbers of F64, got 6 of F64'));
    await refused(
      with_(({ options }) => ({ options: { ...options, optimizer: sgd() } })),
      other('it has "optimizer.cell.inputGate.Wx.m"'),
    );
    const renamed = { ...adam(), name: "adam2" };
    await refused(
      with_(({ options }) => ({ options: { ...options, optimizer: renamed } })),
      other("its optimizer must be adam2, got adam"),
    );
    await refused(
      with_(({ options }) => ({ options: { ...options, validation: undefined } })),
      other('it has "best.cell.inputGate.Wx"'),
    );
    await refused(
      with_(({ options }) => ({ options: { ...options, checkpoint: { file, state: [] } } })),
      other("its state must list 0 things, got an array of 1"),
    );
    await refused(
      programs["a float32 net with both kinds of dropout, rmsprop"],
      /belongs to another run: it has no "weights.net/,
    );
  });

  test.each(["carried.h.x", "carried.h.0"])("a carried state that is none: %s", async (name) => {
    const program = programs["a stateful net, window by window, sgd with momentum"];
    await run(program, { killAt: 3 });
    const shape = name === "carried.h.x" ? [2, 1] : [2];
    writeSafetensors(
      file,
      { ...readSafetensors(file), [name]: { dtype: "F64", shape, data: Float64Array.of(1, 2) } },
      metadataOf(file),
    );
    await refused(program, `belongs to another run: it has "${name}"`);
  });

  test.each<[string, object]>([
    ["fit: checkpoint.file must be a path, got undefined", { state: [] }],
    ["fit: checkpoint.state must list what else the run changes, e.g. [rng], got undefined", { file: "a" }],
    [
      "fit: checkpoint.state must list what else the run changes, e.g. [rng], got an array of 1",
      { file: "a", state: [1] },
    ],
    ["fit: checkpoint: every must be an integer >= 1, got 0", { file: "a", state: [], every: 0 }],
    ['fit: checkpoint: unknown option "rng"', { file: "a", rng: 1 }],
  ])("%s", async (message, checkpoint) => {
    await refused(
      with_(({ options }) => ({ options: { ...options, checkpoint } })),
      message,
    );
  });

  test("an optimizer of one's own that cannot say what it keeps", async () => {
    const own = { name: "mine", step: (parameters: never[]) => void clipByNorm(parameters, 1) };
    await refused(
      with_(({ options }) => ({ options: { ...options, optimizer: own } })),
      "fit: mine cannot be kept: it has no notesOf()",
    );
  });
});
