import fc from "fast-check";
import {
  adam,
  bidirectional,
  compile,
  crossEntropy,
  fit,
  GRUCell,
  linear,
  mse,
  PeepholeLSTMCell,
  type SequenceNet,
  type StackedOptions,
  seededRng,
  stacked,
  stateful,
  type Tensor,
  tensor,
} from "unrolled";
import { afterEach, describe, expect, test, vi } from "vitest";
import { apart, type DType, random } from "./helpers.js";

const limit = { float64: 1e-12, float32: 1e-5 };
const kinds = ["lstm", "gru", "rnn"] as const;
type Kind = (typeof kinds)[number];

const make = (kind: Kind, options: StackedOptions = {}): SequenceNet =>
  stacked(kind, 3, 5, { layers: 2, bidirectional: true, rng: seededRng(4), ...options }) as SequenceNet;

const inputs = (seqLen: number, batchSize: number, dtype: DType, seed = 1): Tensor[] =>
  Array.from({ length: seqLen }, (_, t) => random(batchSize, 3, seed + t, { dtype, requiresGrad: true }));

/** Outputs and final states, and what flows back from a loss that sees all of them, as one long list. */
function everything(
  net: SequenceNet,
  xs: readonly Tensor[],
  options: Parameters<SequenceNet["run"]>[1] = {},
): number[] {
  const { outputs, final } = net.run(xs, options);
  const results = [...outputs, ...Object.values(final).flat()];
  const weights = Object.values(net.parameters());
  for (const weight of weights) weight.zeroGrad();
  for (const x of xs) x.zeroGrad();
  results
    .map((result, k) => result.mul(random(result.rows, result.cols, 100 + k, { dtype: net.dtype })).sum())
    .reduce((a, b) => a.add(b))
    .backward();
  return [...results.map(({ data }) => data), ...[...weights, ...xs].map(({ grad }) => grad)].flatMap((data) => [
    ...data,
  ]);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a compiled net gives the outputs, states and gradients of the net", () => {
  test.each(kinds.flatMap((kind) => (["float64", "float32"] as const).map((dtype) => [kind, dtype] as const)))(
    "%s, %s: two layers, both directions",
    (kind, dtype) => {
      const net = make(kind, { dtype });
      const xs = inputs(6, 4, dtype);
      expect(apart(everything(compile(net), xs), everything(net, xs))).toBeLessThan(limit[dtype]);
    },
  );

  const ragged = fc.record({
    kind: fc.constantFrom(...kinds),
    lengths: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
    both: fc.boolean(),
  });
  test("sequences of different lengths, padded with NaN", () => {
    fc.assert(
      fc.property(ragged, ({ kind, lengths, both }) => {
        const net = make(kind, { bidirectional: both, dtype: "float64" });
        const xs = inputs(7, lengths.length, "float64");
        lengths.forEach((length, b) => {
          for (const x of xs.slice(length)) x.data.fill(Number.NaN, 3 * b, 3 * b + 3);
        });
        const [ours, theirs] = [compile(net), net].map((one) => everything(one, xs, { lengths }));
        expect(ours.every(Number.isFinite)).toBe(true);
        expect(apart(ours, theirs)).toBeLessThan(limit.float64);
      }),
      { numRuns: 25 },
    );
  });

  test("from a state of its own", () => {
    const net = make("lstm", { dtype: "float64" });
    const tracked = { dtype: "float64", requiresGrad: true } as const;
    const part = (seed: number) => Array.from({ length: 4 }, (_, k) => random(2, 5, seed + k, tracked));
    const initial = { h: part(20), c: part(30) };
    const run = (one: SequenceNet): number[] => {
      for (const start of Object.values(initial).flat()) start.zeroGrad();
      const all = everything(one, inputs(3, 2, "float64"), { initial, lengths: [3, 1] });
      return [...all, ...Object.values(initial).flatMap((parts) => parts.flatMap(({ grad }) => [...grad]))];
    };
    expect(apart(run(compile(net)), run(net))).toBeLessThan(limit.float64);
  });

  test("cells of any kind, one for each direction", () => {
    const rng = seededRng(2);
    const net = bidirectional(new PeepholeLSTMCell(3, 5, { rng }), new PeepholeLSTMCell(3, 5, { rng }));
    const xs = inputs(4, 3, "float64");
    const all = [compile(net), net].map((one) => everything(one as unknown as SequenceNet, xs, { lengths: [4, 1, 3] }));
    expect(apart(all[0], all[1])).toBeLessThan(limit.float64);
  });
});

describe("a compiled net stands where a net stands", () => {
  test("dropout between layers draws the same masks", () => {
    const [one, other] = [1, 2].map(() => make("lstm", { dropout: 0.5, dtype: "float64" }));
    const xs = inputs(4, 3, "float64");
    const run = (net: SequenceNet): number[] => everything(net, xs, { training: true });
    expect(apart(run(compile(one)), run(other))).toBeLessThan(limit.float64);
  });

  test.each(kinds)("%s: recurrent dropout trains op by op, to the same bits, and this is said", (kind) => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const [one, other] = [1, 2].map(() => make(kind, { recurrentDropout: 0.5, dtype: "float64" }));
    const compiled = compile(one);
    expect(warned.mock.calls).toEqual([[expect.stringMatching(/recurrentDropout.*op by op/)]]);
    const xs = inputs(3, 2, "float64");
    expect(everything(compiled, xs, { training: true })).toEqual(everything(other, xs, { training: true }));
  });

  test("stateful: the state is carried over", () => {
    const net = stacked("gru", 3, 5, { layers: 2, dtype: "float64", rng: seededRng(1) });
    const [one, other] = [stateful(compile(net)), stateful(net)];
    for (const seed of [1, 10, 20]) {
      const xs = inputs(3, 2, "float64", seed);
      const [ours, theirs] = [one, other].map((reader) => reader.run(xs).outputs.flatMap(({ data }) => [...data]));
      expect(apart(ours, theirs)).toBeLessThan(limit.float64);
    }
  });

  test("20 steps of fit lose alike, and move the net's own weights", async () => {
    const lossesOf = async (compiled: boolean): Promise<number[]> => {
      const net = make("lstm", { dtype: "float32" });
      const before = [...Object.values(net.parameters())[0].data];
      const readout = linear(10, 2, { dtype: "float32", rng: seededRng(7) });
      const target = tensor([[0], [1], [1]], { dtype: "float32" });
      const batch = { xs: inputs(5, 3, "float32"), target, lengths: [5, 2, 4] };
      const losses: number[] = [];
      const model = { net: compiled ? compile(net) : net, readout };
      const options = { loss: crossEntropy, optimizer: adam({ learningRate: 1e-2 }), steps: 20 };
      for await (const { loss } of fit(model, { batch: () => batch }, options)) losses.push(loss);
      expect([...Object.values(net.parameters())[0].data]).not.toEqual(before);
      return losses;
    };
    const [ours, theirs] = [await lossesOf(true), await lossesOf(false)];
    expect(ours).toBeAllClose(theirs, { rtol: 1e-4 });
    expect(ours[19]).toBeLessThan(ours[0]);
  });

  test("a compiled cell on a batch of different lengths loses what the cell does", async () => {
    const first = async (compiled: boolean): Promise<number> => {
      const cell = new GRUCell(3, 4, { rng: seededRng(3) });
      const model = { cell: compiled ? compile(cell) : cell, readout: linear(4, 1, { rng: seededRng(7) }) };
      const batch = { xs: inputs(5, 3, "float64"), target: tensor([[0.1], [0.2], [0.3]]), lengths: [5, 2, 4] };
      const { value } = await fit(model, { batch: () => batch }, { loss: mse, steps: 1 }).next();
      return value!.loss;
    };
    expect(await first(true)).toBeCloseTo(await first(false), 14);
  });

  test("what is neither a cell nor a net is refused", () => {
    expect(() => compile({} as never)).toThrow("compile: cell must be a cell or a net, got");
  });
});
