import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bidirectional,
  GRUCell,
  LSTMCell,
  linear,
  loadWeights,
  PeepholeLSTMCell,
  RNNCell,
  readSafetensors,
  type SafeTensor,
  saveWeights,
  seededRng,
  stacked,
  stateful,
  type Tensor,
  tensor,
  writeSafetensors,
} from "unrolled";
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../../../lib/src/compile/compile.js";
import { disagreement } from "../../fixtures/pytorch.js";
import { gradientsUnderOurNames, netOf, sequences, weightsFile } from "../../fixtures/sequences.js";

const folder = mkdtempSync(join(tmpdir(), "weights-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "w.safetensors");

type HasParameters = { parameters(): Record<string, Tensor> };
const weightsOf = (thing: HasParameters): number[][][] => Object.values(thing.parameters()).map((w) => w.tolist());

/** PyTorch's two biases, summed or apart: what a file means. */
const meaning = (all: Record<string, SafeTensor>, name: string): number[] => {
  if (!name.startsWith("bias_ih")) return [...all[name].data];
  const other = all[name.replace("bias_ih", "bias_hh")].data;
  return [...all[name].data].map((v, k) => v + other[k]);
};

describe.each(sequences.nets)("PyTorch's $name", (reference) => {
  test("loads, saves under PyTorch's names in its shapes, and loads again", () => {
    const net = netOf(reference);
    saveWeights(net, file);
    const [ours, theirs] = [readSafetensors(file), readSafetensors(weightsFile(reference.name))];
    const names = Object.keys(theirs).filter((name) => !name.startsWith("_"));
    expect(Object.keys(ours).sort()).toEqual(names.sort());
    for (const name of names) {
      expect([name, ours[name].dtype, ours[name].shape]).toEqual([name, "F64", theirs[name].shape]);
      if (!name.startsWith("bias_hh")) expect(meaning(ours, name)).toEqual(meaning(theirs, name));
      else if (reference.kind !== "gru") expect(ours[name].data.every((v) => v === 0)).toBe(true);
    }
    const again = netOf(reference);
    for (const weight of Object.values(again.parameters())) weight.data.fill(9);
    loadWeights(again, file);
    expect(weightsOf(again)).toEqual(weightsOf(net));
  });

  test("the names of its gradients are the names of our weights", () => {
    expect(Object.keys(gradientsUnderOurNames(reference)).sort()).toEqual(
      Object.keys(netOf(reference).parameters()).sort(),
    );
  });
});

describe.each(sequences.cells)(
  "PyTorch's nn.$kind cell, names without _l0, float32",
  ({ name, kind, x, h0, c0, h, c }) => {
    const make = (dtype: "float64" | "float32") =>
      kind === "lstm"
        ? new LSTMCell(4, 6, { dtype })
        : kind === "gru"
          ? new GRUCell(4, 6, { dtype, reset: "after" })
          : new RNNCell(4, 6, { dtype });

    test.each(["float32", "float64"] as const)("a %s cell takes the same step to 1e-5", (dtype) => {
      const cell = make(dtype);
      loadWeights(cell, weightsFile(name));
      const state = { h: tensor(h0, { dtype }), c: tensor(c0, { dtype }) };
      const step = cell.step(tensor(x), state);
      expect(disagreement(step.h.data, h.flat())).toBeLessThan(1e-5);
      if (c) expect(disagreement((step as typeof state).c.data, c.flat())).toBeLessThan(1e-5);
    });

    test("saves under the same names, and a net of one layer reads them", () => {
      const cell = make("float32");
      loadWeights(cell, weightsFile(name));
      saveWeights(cell, file);
      expect(Object.keys(readSafetensors(file)).sort()).toEqual(["bias_hh", "bias_ih", "weight_hh", "weight_ih"]);
      expect(readSafetensors(file).weight_hh.dtype).toBe("F32");
      const net = stacked(kind, 4, 6, { dtype: "float32", ...(kind === "gru" && { reset: "after" }) });
      loadWeights(net, file);
      expect(weightsOf(net)).toEqual(weightsOf(cell));
      saveWeights(net, file); // weight_ih_l0 now, which a cell reads too
      const again = make("float32");
      loadWeights(again, file);
      expect(weightsOf(again)).toEqual(weightsOf(cell));
    });
  },
);

describe("gate rows", () => {
  test("LSTM rows are i f g o, GRU rows r z n, each W transposed", () => {
    const lstm = new LSTMCell(1, 1);
    const named = { inputGate: 1, forgetGate: 2, candidate: 3, outputGate: 4 };
    for (const [gate, value] of Object.entries(named)) lstm.parameters()[`${gate}.Wx`].data.fill(value);
    saveWeights(lstm, file);
    expect([...readSafetensors(file).weight_ih.data]).toEqual([1, 2, 3, 4]);
    const gru = new GRUCell(2, 1, { reset: "after" });
    gru.resetGate.Wx.data.set([1, 2]);
    gru.updateGate.Wx.data.set([3, 4]);
    gru.candidate.Wx.data.set([5, 6]);
    gru.candidate.b.data.fill(7);
    gru.candidateStateBias?.data.fill(8);
    saveWeights(gru, file);
    const all = readSafetensors(file);
    expect([...all.weight_ih.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([[...all.bias_ih.data], [...all.bias_hh.data]]).toEqual([
      [0, 0, 7],
      [0, 0, 8],
    ]);
  });
});

describe("models and things PyTorch lacks", () => {
  const model = (seed: number) => ({
    cell: new LSTMCell(2, 3, { rng: seededRng(seed) }),
    readout: linear(3, 1, { rng: seededRng(seed) }),
  });
  test("a model's parts are prefixed with their names; linear is weight, transposed, and bias", () => {
    const [one, other] = [model(1), model(2)];
    saveWeights(one, file);
    expect(readSafetensors(file)["readout.weight"]).toMatchObject({ shape: [1, 3] });
    expect(Object.keys(readSafetensors(file))).toContain("cell.weight_hh");
    loadWeights(other, file);
    expect([weightsOf(other.cell), weightsOf(other.readout)]).toEqual([weightsOf(one.cell), weightsOf(one.readout)]);
  });
  test("a compiled cell, a stateful net: what they wrap is what is kept", () => {
    const [cell, net] = [new LSTMCell(2, 3, { rng: seededRng(1) }), stacked("lstm", 2, 3)];
    saveWeights({ cell: compile(cell) }, file);
    expect(Object.keys(readSafetensors(file))).toContain("cell.weight_hh");
    saveWeights(compile(cell), file);
    loadWeights(stateful(net), file);
    expect(weightsOf(net)).toEqual(weightsOf(cell));
    const both = bidirectional(compile(cell), compile(new LSTMCell(2, 3)));
    saveWeights(both, file);
    expect(Object.keys(readSafetensors(file))).toContain("weight_ih_l0_reverse");
    saveWeights(compile(new GRUCell(2, 3, { reset: "after" })), file);
    expect(() => loadWeights(compile(new GRUCell(2, 3)), file)).toThrow("holds PyTorch's GRU");
  });
  test("a cell PyTorch lacks keeps our names, also a GRU that resets before", () => {
    for (const make of [
      (seed: number) => new PeepholeLSTMCell(2, 3, { rng: seededRng(seed) }),
      (seed: number) => new GRUCell(2, 3, { rng: seededRng(seed) }),
      (seed: number) => stacked("gru", 2, 3, { layers: 2, rng: seededRng(seed) }),
    ]) {
      const [one, other] = [make(1), make(2)];
      saveWeights(one, file);
      expect(Object.keys(readSafetensors(file)).sort()).toEqual(Object.keys(one.parameters()).sort());
      loadWeights(other, file);
      expect(weightsOf(other)).toEqual(weightsOf(one));
    }
  });
});

describe("refuses, and loads nothing", () => {
  const good = (): Record<string, SafeTensor> => ({ ...readSafetensors(weightsFile("lstm_2")) });
  const changed = (change: (all: Record<string, SafeTensor>) => void): string => {
    const all = good();
    change(all);
    writeSafetensors(file, all);
    return file;
  };
  const net = () => stacked("lstm", 4, 6, { layers: 2 });

  test.each<[string, (all: Record<string, SafeTensor>) => void]>([
    ['must hold "bias_hh_l1"', (all) => delete all.bias_hh_l1],
    [
      'must hold nothing else beside names that start with _, got "weight_hr_l0"',
      (all) => {
        all.weight_hr_l0 = all._lengths;
      },
    ],
    [
      'must hold "weight_ih_l0", got "lstm.weight_ih_l0"',
      (all) => {
        all["lstm.weight_ih_l0"] = all.weight_ih_l0;
        delete all.weight_ih_l0;
      },
    ],
    [
      '"weight_ih_l1" must be [24, 6], got [6, 24]',
      (all) => {
        all.weight_ih_l1 = { ...all.weight_ih_l1, shape: [6, 24] };
      },
    ],
    [
      '"bias_ih_l0" must be [24], got [24, 1]',
      (all) => {
        all.bias_ih_l0 = { ...all.bias_ih_l0, shape: [24, 1] };
      },
    ],
    [
      '"bias_hh_l1" must be F32 or F64, got I64',
      (all) => {
        all.bias_hh_l1 = { dtype: "I64", shape: [24], data: new Float64Array(24) };
      },
    ],
    [
      '"bias_hh_l1" must hold finite numbers, got NaN at 23',
      (all) => {
        all.bias_hh_l1.data[23] = Number.NaN;
      },
    ],
  ])("%s", (message, change) => {
    const untouched = net();
    expect(() => loadWeights(untouched, changed(change))).toThrow(`loadWeights: ${file}`);
    expect(() => loadWeights(untouched, file)).toThrow(message);
    expect(weightsOf(untouched)).toEqual(weightsOf(net()));
  });

  test("ignores what starts with _, of either type", () => {
    const loaded = net();
    loadWeights(
      loaded,
      changed((all) => {
        all._note = { dtype: "F32", shape: [1], data: Float32Array.of(1) };
      }),
    );
    expect(weightsOf(loaded)).not.toEqual(weightsOf(net()));
  });

  test("values that overflow float32", () => {
    const single = stacked("lstm", 4, 6, { layers: 2, dtype: "float32" });
    const before = weightsOf(single);
    changed((all) => {
      all.bias_ih_l1.data[0] = 0;
      all.bias_hh_l1.data[0] = 1e39;
    });
    expect(() => loadWeights(single, file)).toThrow("must hold numbers within float32, got 1e+39");
    expect(weightsOf(single)).toEqual(before);
  });

  test.each([
    ["a net", () => stacked("gru", 4, 6, { layers: 2, bidirectional: true }), "gru_2_bidirectional"],
    ["a cell", () => new GRUCell(4, 6), "gru_cell"],
  ] as const)("PyTorch's GRU into %s that resets before", (_, make, name) => {
    expect(() => loadWeights(make(), weightsFile(name))).toThrow(
      /holds PyTorch's GRU, which resets after the product; this one resets before it, which is another network/,
    );
  });

  test("a GRU inside a model, too", () => {
    const cell = new GRUCell(4, 6, { reset: "after" });
    saveWeights({ cell }, file);
    expect(() => loadWeights({ cell: new GRUCell(4, 6) }, file)).toThrow("holds PyTorch's GRU");
    const mixed = { before: new GRUCell(4, 6), lstm: new LSTMCell(4, 6) };
    saveWeights(mixed, file);
    expect(() => loadWeights(mixed, file)).not.toThrow();
  });

  test("saving weights that are not finite, and things without weights", () => {
    const cell = new LSTMCell(2, 2);
    cell.candidate.Wx.data[1] = Number.POSITIVE_INFINITY;
    expect(() => saveWeights(cell, file)).toThrow(
      'saveWeights: "weight_ih" must hold finite numbers, got Infinity at 10',
    );
    expect(() => saveWeights({} as never, file)).toThrow(
      "saveWeights: a cell, a net or a model must come first, got an object (Object)",
    );
    expect(() => loadWeights("net" as never, file)).toThrow(
      'loadWeights: a cell, a net or a model must come first, got "net"',
    );
    expect(() => loadWeights(undefined as never, file)).toThrow("must come first, got undefined");
  });
});
