import fc from "fast-check";
import {
  bidirectional,
  columns,
  concat,
  GRUCell,
  gatherRows,
  LSTMCell,
  numericGrad,
  type RNNCell,
  type SequenceNet,
  seededRng,
  stacked,
  type Tensor,
  tensor,
  unroll,
  zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const kinds = ["lstm", "gru", "rnn"] as const;

function randomSequence(seqLen: number, batchSize: number, seed: number): Tensor[] {
  const rng = seededRng(seed);
  const row = () => Array.from({ length: 3 }, () => rng.normal());
  return Array.from({ length: seqLen }, () => tensor(Array.from({ length: batchSize }, row)));
}

/** One sequence of a batch, alone and without its padding. */
const alone = (xs: readonly Tensor[], row: number, length: number): Tensor[] =>
  xs.slice(0, length).map((x) => gatherRows(x, [row]));

/** Ragged batches: how long each sequence is, of at most eight steps. */
const raggedLengths = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 });
const ragged = fc.record({ lengths: raggedLengths, seed: fc.nat(1000), kind: fc.constantFrom(...kinds) });

const net = (kind: (typeof kinds)[number], both = true): SequenceNet =>
  stacked(kind, 3, 2, { layers: 2, bidirectional: both, rng: seededRng(5) });

describe("stacked", () => {
  test("one layer is the cell, unrolled", () => {
    const xs = randomSequence(4, 2, 1);
    const one = stacked("lstm", 3, 2, { rng: seededRng(1) });
    const steps = unroll(new LSTMCell(3, 2, { rng: seededRng(1) }), xs);
    const { outputs, final } = one.run(xs);
    expect(outputs.map((output) => output.tolist())).toEqual(steps.map(({ h }) => h.tolist()));
    expect([final.h[0].tolist(), final.c[0].tolist()]).toEqual([steps[3].h.tolist(), steps[3].c.tolist()]);
    expect(Object.keys(final)).toEqual(["h", "c"]);
  });

  test("two layers of one unit, worked by hand", () => {
    const two = stacked("rnn", 1, 1, { layers: 2 });
    const weights = { "hidden.Wx": [2, 0.5], "hidden.Wh": [-1, 3], "hidden.b": [0.1, -0.2] };
    for (const [name, values] of Object.entries(weights)) {
      values.forEach((value, k) => {
        two.parameters()[`layer${k}.forward.${name}`].data.fill(value);
      });
    }
    const below = [Math.tanh(2 * 0.3 + 0.1)];
    below.push(Math.tanh(2 * -0.4 - below[0] + 0.1));
    const above = [Math.tanh(0.5 * below[0] - 0.2)];
    above.push(Math.tanh(0.5 * below[1] + 3 * above[0] - 0.2));
    const { outputs, final } = two.run([tensor([[0.3]]), tensor([[-0.4]])]);
    expect(outputs.map((output) => output.item())).toBeAllClose(above, { rtol: 1e-15 });
    expect(final.h.map((h) => h.item())).toBeAllClose([below[1], above[1]], { rtol: 1e-15 });
  });

  test("draws other weights for every cell, the same for the same seed", () => {
    const all = Object.values(net("lstm").parameters()).filter(({ rows }) => rows > 1);
    expect(new Set(all.map(({ data }) => data[0])).size).toBe(all.length);
    const again = Object.values(net("lstm").parameters()).filter(({ rows }) => rows > 1);
    expect(again.map((weight) => weight.tolist())).toEqual(all.map((weight) => weight.tolist()));
  });

  test("hands its options on to the cells", () => {
    const gru = stacked("gru", 3, 2, { layers: 2, reset: "after", dtype: "float32" });
    expect(gru.cells.map((cell) => [(cell as GRUCell).reset, cell.dtype])).toEqual(Array(2).fill(["after", "float32"]));
    const lstm = stacked("lstm", 3, 2, { forgetBias: 3 });
    expect(lstm.parameters()["layer0.forward.forgetGate.b"].tolist()).toEqual([[3, 3]]);
    expect((stacked("rnn", 3, 2, { activation: "relu" }).cells[0] as unknown as RNNCell).activation).toBe("relu");
  });

  test("sizes: outputs are directions times hiddenSize wide, layer 1 reads that", () => {
    const both = net("gru");
    expect([both.directions, both.outputSize, both.cells[2].inputSize]).toEqual([2, 4, 4]);
    const { outputs, final } = both.run(randomSequence(3, 5, 1));
    expect([outputs.length, outputs[0].shape, final.h.length, final.h[3].shape]).toEqual([3, [5, 4], 4, [5, 2]]);
  });
});

describe("ragged batches", () => {
  test.each(kinds)("%s: a sequence in a batch runs as it does alone", (kind) => {
    fc.assert(
      fc.property(ragged, ({ lengths, seed }) => {
        const xs = randomSequence(8, lengths.length, seed);
        const { outputs, final } = net(kind).run(xs, { lengths });
        lengths.forEach((length, row) => {
          const single = net(kind).run(alone(xs, row, length));
          const rows = outputs.slice(0, length).map((output) => gatherRows(output, [row]));
          expect(rows.map((r) => r.tolist()[0])).toBeAllClose(
            single.outputs.map((r) => r.tolist()[0]),
            { rtol: 1e-13 },
          );
          for (const [k, h] of final.h.entries()) {
            expect(gatherRows(h, [row])).toBeAllClose(single.final.h[k].tolist(), { rtol: 1e-13 });
          }
        });
      }),
      { numRuns: 20 },
    );
  });

  test("outputs are zero past each end", () => {
    const { outputs } = net("lstm").run(randomSequence(4, 2, 1), { lengths: [4, 2] });
    expect(outputs.map((output) => output.tolist()[1].every((v) => v === 0))).toEqual([false, false, true, true]);
  });

  test("what pads a sequence is never read, neither forward nor in a gradient", () => {
    const gradientsWith = (padding: number): number[][] => {
      const both = net("lstm");
      const xs = randomSequence(4, 2, 1);
      for (const t of [2, 3]) xs[t].data.fill(padding, 3);
      const { outputs, final } = both.run(xs, { lengths: [4, 2] });
      [...outputs, ...final.h]
        .map((part) => part.sum())
        .reduce((total, part) => total.add(part))
        .backward();
      return Object.values(both.parameters()).map(({ grad }) => [...grad]);
    };
    expect(gradientsWith(Number.NaN)).toEqual(gradientsWith(7));
  });

  test("permuting the batch permutes the outputs", () => {
    fc.assert(
      fc.property(ragged, ({ lengths, seed, kind }) => {
        const xs = randomSequence(8, lengths.length, seed);
        const order = lengths.map((_, k) => k).reverse();
        const { outputs } = net(kind).run(xs, { lengths });
        const permuted = net(kind).run(
          xs.map((x) => gatherRows(x, order)),
          { lengths: order.map((k) => lengths[k]) },
        );
        expect(permuted.outputs.map((output) => gatherRows(output, order).tolist())).toEqual(
          outputs.map((output) => output.tolist()),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("going on from final is the same as one longer run", () => {
    const xs = randomSequence(6, 2, 3);
    const one = net("lstm", false);
    const whole = one.run(xs, { lengths: [6, 5] });
    const half = one.run(xs.slice(0, 3));
    const rest = one.run(xs.slice(3), { lengths: [3, 2], initial: half.final });
    expect(rest.final.h.map((h) => h.tolist())).toEqual(whole.final.h.map((h) => h.tolist()));
  });
});

describe("bidirectional", () => {
  const pair = () => [new LSTMCell(3, 2, { rng: seededRng(1) }), new LSTMCell(3, 2, { rng: seededRng(2) })] as const;

  test("time reversal: sequences turned round and cells swapped give the outputs turned round and swapped", () => {
    fc.assert(
      fc.property(ragged, ({ lengths, seed }) => {
        const xs = randomSequence(8, lengths.length, seed);
        const [forward, backward] = pair();
        const turned = (all: readonly Tensor[]): Tensor[] =>
          all.map((x, t) =>
            tensor(lengths.map((length, row) => all[t < length ? length - 1 - t : t].tolist()[row] ?? x.tolist()[row])),
          );
        const { outputs, final } = bidirectional(forward, backward).run(xs, { lengths });
        const mirrored = bidirectional(backward, forward).run(turned(xs), { lengths });
        const swapped = mirrored.outputs.map((output) => concat([columns(output, 2, 4), columns(output, 0, 2)]));
        expect(turned(swapped).map((output) => output.tolist())).toEqual(outputs.map((output) => output.tolist()));
        expect(mirrored.final.c[0].tolist()).toEqual(final.c[1].tolist());
      }),
      { numRuns: 20 },
    );
  });

  test("the backward half at a step has seen that step and all after it, nothing before", () => {
    const xs = randomSequence(3, 1, 1);
    const both = bidirectional(...pair());
    const before = both.run(xs).outputs[1].tolist()[0];
    xs[0].data.fill(9);
    const after = both.run(xs).outputs[1].tolist()[0];
    expect(after.slice(2)).toEqual(before.slice(2));
    expect(after.slice(0, 2)).not.toEqual(before.slice(0, 2));
  });

  test("gradients equal central differences", () => {
    const both = bidirectional(...pair());
    const xs = randomSequence(3, 2, 1);
    const loss = (): Tensor =>
      both
        .run(xs, { lengths: [3, 2] })
        .outputs.map((output, t) => output.mul(t + 1).sum())
        .reduce((total, part) => total.add(part));
    loss().backward();
    for (const weight of Object.values(both.parameters())) {
      expect(weight.grad).toBeAllClose(
        numericGrad(() => loss().item(), weight),
        { rtol: 1e-6, atol: 1e-8 },
      );
    }
  });

  test("takes any cell, and names weights by direction", () => {
    const both = bidirectional(new GRUCell(3, 2), new GRUCell(3, 2));
    expect(Object.keys(both.parameters())).toHaveLength(18);
    expect(both.parameters()["layer0.backward.resetGate.Wh"].shape).toEqual([2, 2]);
  });
});

describe("refuses", () => {
  const xs = randomSequence(3, 2, 1);
  const one = net("lstm", false);
  const cell = new LSTMCell(3, 2);
  test.each<[string, () => unknown]>([
    ['stacked: kind must be "lstm" or "gru" or "rnn", got "LSTM"', () => stacked("LSTM" as never, 3, 2)],
    ['stacked: unknown option "layer"; did you mean layers?', () => stacked("lstm", 3, 2, { layer: 2 } as object)],
    ['stacked: unknown option "reset"', () => stacked("lstm", 3, 2, { reset: "after" })],
    ["stacked: hiddenSize must be an integer >= 1, got -1", () => stacked("lstm", 3, -1)],
    ["stacked: layers must be an integer >= 1, got 0", () => stacked("lstm", 3, 2, { layers: 0 })],
    ["stacked: dropout must be in [0, 1), got 1", () => stacked("lstm", 3, 2, { dropout: 1 })],
    [
      "stacked: recurrentDropout must be in [0, 1), got NaN",
      () => stacked("lstm", 3, 2, { recurrentDropout: Number.NaN }),
    ],
    [
      'stacked: bidirectional must be true or false, got "yes"',
      () => stacked("lstm", 3, 2, { bidirectional: "yes" as never }),
    ],
    ["run: xs must be an array of tensors, one per time step, got an array of 0", () => one.run([])],
    ["run, step 0: x must be [batchSize, 3], got [2, 4]", () => one.run([zeros(2, 4)])],
    ["run, step 2: x must be [2, 3], got [5, 3]", () => one.run([xs[0], xs[1], zeros(5, 3)])],
    ["run: lengths must be 2 numbers, one per sequence, got an array of 1", () => one.run(xs, { lengths: [3] })],
    ["run: lengths must be integers in 1..3, got 4 at 1", () => one.run(xs, { lengths: [3, 4] })],
    ["run: lengths must be integers in 1..3, got 0 at 0", () => one.run(xs, { lengths: [0, 3] })],
    ['run: unknown option "length"; did you mean lengths?', () => one.run(xs, { length: [3, 3] } as object)],
    [
      "run: initial.c must be 2 tensors, one per layer and direction, got undefined",
      () => one.run(xs, { initial: { h: one.initialState(2).h } as never }),
    ],
    ["run: initial.h[0] must be [2, 2], got [3, 2]", () => one.run(xs, { initial: one.initialState(3) })],
    ["bidirectional: backward must be a cell of its own, got the forward one", () => bidirectional(cell, cell)],
    [
      "bidirectional: backward must be 3 -> 2, float64 as forward is, got 3 -> 4, float64",
      () => bidirectional(cell, new LSTMCell(3, 4)),
    ],
    ["bidirectional: forward and backward must be cells, got undefined", () => bidirectional(cell, undefined as never)],
  ])("%s", (message, run) => {
    expect(run).toThrow(message);
  });
});
