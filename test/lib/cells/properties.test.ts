import fc from "fast-check";
import { seededRng, type Tensor, tensor, unroll } from "unrolled";
import { describe, expect, test } from "vitest";
import { type AnyCell, cellKinds, cellOfKind } from "./kinds.js";

const sizes = fc.record({
  inputSize: fc.integer({ min: 1, max: 5 }),
  hiddenSize: fc.integer({ min: 1, max: 6 }),
  batchSize: fc.integer({ min: 1, max: 5 }),
  seqLen: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1000),
});
type Sizes = typeof sizes extends fc.Arbitrary<infer S> ? S : never;

const rounds = { numRuns: 15, seed: 1 };

function normal(rows: number, cols: number, seed: string): Tensor {
  const rng = seededRng(0).fork(seed);
  return tensor(Array.from({ length: rows }, () => Array.from({ length: cols }, () => rng.normal())));
}

const inputs = ({ seqLen, batchSize, inputSize, seed }: Sizes): Tensor[] =>
  Array.from({ length: seqLen }, (_, t) => normal(batchSize, inputSize, `x ${seed} ${t}`));

/** A state that is not all zeros. */
const stateFor = (cell: AnyCell, { batchSize, hiddenSize, seed }: Sizes): Record<string, Tensor> =>
  Object.fromEntries(
    Object.keys(cell.initialState(batchSize)).map((name) => [name, normal(batchSize, hiddenSize, `${name} ${seed}`)]),
  );

const rowsOf = (x: Tensor, rows: readonly number[]): Tensor => tensor(rows.map((r) => x.tolist()[r]));
const stateRows = (state: Record<string, Tensor>, rows: readonly number[]): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(state).map(([name, x]) => [name, rowsOf(x, rows)]));

describe.each(cellKinds)("every cell (%s)", (kind) => {
  const make = ({ inputSize, hiddenSize, seed }: Sizes): AnyCell =>
    cellOfKind(kind, inputSize, hiddenSize, { rng: seededRng(seed) });

  test("everything in a step is [batchSize, hiddenSize], finite, and holds the next state", () => {
    fc.assert(
      fc.property(sizes, (s) => {
        const cell = make(s);
        const initial = cell.initialState(s.batchSize);
        expect(
          Object.values<Tensor>(initial)
            .flatMap(({ data }) => [...data])
            .every((v) => v === 0),
        ).toBe(true);
        for (const step of unroll(cell, inputs(s), stateFor(cell, s))) {
          expect(Object.keys(step)).toEqual(expect.arrayContaining(Object.keys(initial)));
          for (const value of Object.values<Tensor>(step)) {
            expect(value.shape).toEqual([s.batchSize, s.hiddenSize]);
            expect(value.data.every(Number.isFinite)).toBe(true);
          }
        }
      }),
      rounds,
    );
  });

  test("a sequence does not notice the others in its batch", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (s, pick) => {
        const [cell, r] = [make(s), pick % s.batchSize];
        const state = stateFor(cell, s);
        const together = unroll(cell, inputs(s), state).at(-1);
        const alone = unroll(
          cell,
          inputs(s).map((x) => rowsOf(x, [r])),
          stateRows(state, [r]),
        ).at(-1);
        for (const name of Object.keys(alone)) {
          expect(alone[name]).toBeAllClose(rowsOf(together[name], [r]).tolist(), { rtol: 1e-13 });
        }
      }),
      rounds,
    );
  });

  test("a batch in another order gives the same in that order, and the same gradients", () => {
    fc.assert(
      fc.property(sizes, (s) => {
        const order = Array.from({ length: s.batchSize }, (_, r) => (r + 1 + s.seed) % s.batchSize).reverse();
        const run = (rows: readonly number[]) => {
          const cell = make(s);
          const state = stateRows(stateFor(cell, s), rows);
          const last = unroll(
            cell,
            inputs(s).map((x) => rowsOf(x, rows)),
            state,
          ).at(-1);
          last.h.mul(last.h).sum().backward();
          return { last, gradients: Object.entries(cell.parameters()).map(([name, p]) => [name, p.grad] as const) };
        };
        const [straight, permuted] = [run(order.toSorted((a, b) => a - b)), run(order)];
        for (const name of Object.keys(straight.last)) {
          expect(permuted.last[name]).toBeAllClose(rowsOf(straight.last[name], order).tolist(), { rtol: 1e-13 });
        }
        straight.gradients.forEach(([name, gradient], k) => {
          expect(permuted.gradients[k][0]).toBe(name);
          expect(permuted.gradients[k][1]).toBeAllClose(gradient, { rtol: 1e-10, atol: 1e-13 });
        });
      }),
      rounds,
    );
  });

  test("float32 gives float64's numbers to about seven digits", () => {
    const s = { inputSize: 3, hiddenSize: 4, batchSize: 2, seqLen: 4, seed: 1 };
    const [exact, rough] = (["float64", "float32"] as const).map((dtype) => {
      const cell = cellOfKind(kind, 3, 4, { rng: seededRng(1), dtype });
      expect(Object.values(cell.parameters()).every((p) => p.dtype === dtype)).toBe(true);
      return unroll(cell, inputs(s)).at(-1).h as Tensor;
    });
    expect(rough.dtype).toBe("float32");
    expect(rough).toBeAllClose(exact.tolist(), { rtol: 1e-5, atol: 1e-6 });
  });

  test("the same seed gives the same cell, inputInit and recurrentInit are heeded, gates start unlike each other", () => {
    const weights = (options: object): Record<string, string> =>
      Object.fromEntries(
        Object.entries(cellOfKind(kind, 2, 4, options).parameters()).map(([name, { data }]) => [name, String(data)]),
      );
    expect(weights({ rng: seededRng(3) })).toEqual(weights({ rng: seededRng(3) }));
    expect(weights({})).toEqual(weights({ rng: seededRng(0) }));
    const drawn = Object.entries(weights({})).filter(([name]) => /\.(Wx|Wh|p)$/.test(name));
    expect(new Set(drawn.map(([, text]) => text)).size).toBe(drawn.length);
    const ones = (rows: number, cols: number) =>
      tensor(
        Array.from({ length: rows }, () => Array(cols).fill(1)),
        { requiresGrad: true },
      );
    const set = weights({ inputInit: ones, recurrentInit: ones });
    for (const [name, text] of Object.entries(set)) if (/\.W[xh]$/.test(name)) expect(text).toMatch(/^1(,1)*$/);
  });
});
