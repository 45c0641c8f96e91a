import {
  AblatedLSTMCell,
  type Cell,
  type CellState,
  type CompiledCell,
  CoupledLSTMCell,
  columns,
  compile,
  concat,
  full,
  GRUCell,
  JANETCell,
  LSTM1997Cell,
  LSTMCell,
  lstmVariants,
  MGUCell,
  noGrad,
  oneMinus,
  PeepholeLSTMCell,
  RNNCell,
  relu,
  seededRng,
  sigmoid,
  softmax,
  type Tensor,
  tanh,
  tensor,
  uniform,
  unroll,
  zeros,
} from "unrolled";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makePlan } from "../../../lib/src/compile/make-plan.js";
import { traceStep } from "../../../lib/src/compile/trace.js";
import { type AnyCell, apart, type DType, type Make, random } from "./helpers.js";

const limit = { float64: 1e-12, float32: 1e-5 };

interface Shape {
  inputSize: number;
  hiddenSize: number;
  batchSize: number;
  seqLen: number;
}
/** One entry of each, sizes that fill no vector, sizes that do, and more steps than a weight gradient takes at once. */
const shapes: Shape[] = [
  { inputSize: 1, hiddenSize: 1, batchSize: 1, seqLen: 1 },
  { inputSize: 3, hiddenSize: 6, batchSize: 2, seqLen: 4 },
  { inputSize: 2, hiddenSize: 18, batchSize: 5, seqLen: 3 },
  { inputSize: 5, hiddenSize: 16, batchSize: 4, seqLen: 70 },
];

/** Everything a run gives and everything that flows back, from a loss that sees every state and every gate. */
function everything(
  cell: AnyCell,
  run: (xs: Tensor[], initial: CellState) => CellState[],
  { batchSize, seqLen }: Shape,
) {
  const { dtype, inputSize } = cell;
  const tracked = { dtype, requiresGrad: true };
  const xs = Array.from({ length: seqLen }, (_, t) => random(batchSize, inputSize, t, tracked));
  const zero = cell.initialState(batchSize) as unknown as Record<string, Tensor>;
  const initial: Record<string, Tensor> = {};
  for (const [name, { cols }] of Object.entries(zero)) initial[name] = random(batchSize, cols, 77, tracked);
  for (const weight of Object.values(cell.parameters())) weight.zeroGrad();
  const steps = run(xs, initial as unknown as CellState) as unknown as Record<string, Tensor>[];
  const seen = steps.flatMap((step, t) =>
    Object.values(step).map((value, k) => value.mul(random(batchSize, value.cols, 100 * t + k, { dtype })).sum()),
  );
  seen.reduce((total, part) => total.add(part)).backward();
  const numbers: Record<string, ArrayLike<number>> = {};
  for (const [t, step] of steps.entries()) {
    for (const [name, value] of Object.entries(step)) numbers[`${name} at ${t}`] = value.data;
    for (const [name, value] of Object.entries(step)) {
      if (value.requiresGrad) numbers[`∂L/∂${name} at ${t}`] = value.grad.slice(); // a gate that is always open has none
    }
  }
  for (const [t, x] of xs.entries()) numbers[`∂L/∂x at ${t}`] = x.grad;
  for (const [name, value] of Object.entries(initial)) numbers[`∂L/∂${name} before`] = value.grad;
  for (const [name, weight] of Object.entries(cell.parameters())) numbers[`∂L/∂${name}`] = weight.grad.slice();
  return numbers;
}

/** Tests that a compiled cell gives what the cell gives op by op. */
function holdTogether(make: Make): void {
  test.each<DType>(["float64", "float32"])("%s", (dtype) => {
    for (const shape of shapes) {
      const cell = make(shape.inputSize, shape.hiddenSize, dtype);
      const compiled = compile(cell);
      expect(compiled.fallback).toBeUndefined();
      const ours = everything(cell, (xs, initial) => compiled.runSequence(xs, initial)!, shape);
      const tape = everything(cell, (xs, initial) => unroll(cell, xs, initial), shape);
      expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(tape)));
      // float32 sums of thousands of terms differ by their order; the tape's own error is as large
      const allowed = limit[dtype] * (dtype === "float32" ? Math.sqrt(shape.seqLen) : shape.seqLen);
      const wrong = Object.keys(tape).filter((name) => !(apart(ours[name], tape[name]) <= allowed));
      expect(wrong.map((name) => [shape, name, apart(ours[name], tape[name])])).toEqual([]);
    }
  });
}

const rng = seededRng(5);
const kinds: Record<string, Make> = {
  RNNCell: (i, h, dtype) => new RNNCell(i, h, { rng, dtype }),
  "RNNCell, relu": (i, h, dtype) => new RNNCell(i, h, { rng, dtype, activation: "relu", recurrentInit: uniform(0.1) }),
  LSTMCell: (i, h, dtype) => new LSTMCell(i, h, { rng, dtype }),
  PeepholeLSTMCell: (i, h, dtype) => new PeepholeLSTMCell(i, h, { rng, dtype }),
  CoupledLSTMCell: (i, h, dtype) => new CoupledLSTMCell(i, h, { rng, dtype }),
  "GRUCell, reset before": (i, h, dtype) => new GRUCell(i, h, { rng, dtype }),
  "GRUCell, reset after": (i, h, dtype) => new GRUCell(i, h, { rng, dtype, reset: "after" }),
  MGUCell: (i, h, dtype) => new MGUCell(i, h, { rng, dtype }),
  JANETCell: (i, h, dtype) => new JANETCell(i, h, { rng, dtype }),
  LSTM1997Cell: (i, h, dtype) => new LSTM1997Cell(i, h, { rng, dtype }),
  "LSTM1997Cell, blocks of two, full gradient": (i, h, dtype) =>
    new LSTM1997Cell(i, h, { rng, dtype, truncated: false, cellsPerBlock: h % 2 === 0 ? 2 : 1 }),
};
for (const variant of lstmVariants) {
  kinds[`AblatedLSTMCell, ${variant}`] = (i, h, dtype) => new AblatedLSTMCell(i, h, { rng, dtype, variant });
}

describe("a compiled cell gives the values and gradients of the tape", () => {
  for (const [name, make] of Object.entries(kinds)) describe(name, () => holdTogether(make));
});

/** A cell as a learner would write it, from the public ops: one matrix for all gates, cut in columns. */
class OneMatrixCell implements Cell<CellState & { m: Tensor }> {
  readonly W: Tensor;
  readonly b: Tensor;
  readonly decay: Tensor;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    readonly dtype: DType,
  ) {
    const tracked = { dtype, requiresGrad: true };
    this.W = random(inputSize + hiddenSize, 3 * hiddenSize, 1, tracked);
    for (let k = 0; k < this.W.data.length; k++) this.W.data[k] /= 4;
    this.b = random(1, 3 * hiddenSize, 2, tracked);
    this.decay = random(1, hiddenSize, 3, tracked);
  }

  step(x: Tensor, { h, m }: CellState & { m: Tensor }) {
    const n = this.hiddenSize;
    const all = concat([h, x]).matmul(this.W).add(this.b);
    const [a, b, c] = [columns(all, 0, n), columns(all, n, 2 * n), columns(all, 2 * n, 3 * n)];
    const keep = sigmoid(a.add(this.decay.mul(2)));
    const mNext = keep.mul(m).sub(oneMinus(keep).mul(relu(b).mul(-0.5).add(0.25)));
    const hNext = tanh(mNext.add(c.detach())).mul(full(x.rows, n, 0.9, { dtype: this.dtype }));
    return { h: hNext, m: mNext, keep, raw: c };
  }

  initialState(batchSize: number) {
    const zero = () => zeros(batchSize, this.hiddenSize, { dtype: this.dtype });
    return { h: zero(), m: zero() };
  }

  parameters() {
    return { W: this.W, b: this.b, decay: this.decay };
  }
}

describe("a cell that a learner writes from the public ops", () => {
  describe("one matrix for all gates, cut in columns", () =>
    holdTogether((i, h, dtype) => new OneMatrixCell(i, h, dtype)));

  describe("low-rank products, one after the other, and a state handed on", () => {
    holdTogether((i, h, dtype) => {
      const base = new RNNCell(i, h, { rng, dtype });
      const U = random(h, 3, 8, { dtype, requiresGrad: true });
      const V = random(3, h, 9, { dtype, requiresGrad: true });
      return Object.assign(Object.create(base) as AnyCell, {
        step: (x: Tensor, { h: past, last }: { h: Tensor; last: Tensor }) => ({
          h: tanh(base.hidden.of(x, past).add(last.matmul(U).matmul(V).mul(0.1))),
          last: past.mul(1),
        }),
        initialState: (batchSize: number) => ({
          h: zeros(batchSize, h, { dtype }),
          last: zeros(batchSize, h, { dtype }),
        }),
        parameters: () => ({ ...base.parameters(), U, V }),
      });
    });
  });
});

/** base, with a step of its own. */
const stepping = (base: RNNCell, h: (preActivation: Tensor) => Tensor): AnyCell =>
  Object.assign(Object.create(base) as AnyCell, {
    step: (x: Tensor, { h: past }: CellState) => ({ h: h(base.hidden.of(x, past)) }),
  });

describe("what squashes twice runs in two passes", () => {
  const passesOf = (cell: AnyCell): number => {
    const wanted = { inputs: false, results: false, oneHot: false };
    return makePlan(traceStep(cell), { vector: 4, panel: 8 }, wanted).forward.length;
  };
  const twice = (z: Tensor) => tanh(sigmoid(z));
  const twiceAndBack = (z: Tensor) => tanh(sigmoid(z)).add(z); // σ(z) lies where z did
  const base = new RNNCell(2, 4);

  test("the gates, then tanh(c); all at once where the second would miss what the first overwrites", () => {
    expect([new LSTMCell(2, 4), base].map((cell) => passesOf(cell as AnyCell))).toEqual([2, 1]);
    expect([twice, twiceAndBack].map((h) => passesOf(stepping(base, h)))).toEqual([2, 1]);
  });

  describe("σ, then tanh", () => holdTogether((i, h, dtype) => stepping(new RNNCell(i, h, { rng, dtype }), twice)));
  describe("σ, then tanh, then what it began with", () =>
    holdTogether((i, h, dtype) => stepping(new RNNCell(i, h, { rng, dtype }), twiceAndBack)));
});

describe("what cannot be compiled runs op by op, and says why", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  afterEach(() => warn.mockClear());
  const base = () => new RNNCell(2, 4, { rng: seededRng(1) });
  type Step = (cell: RNNCell, x: Tensor, h: Tensor) => CellState;
  test.each<[string, string, Step]>([
    [
      "a branch on data",
      "step reads the values of a tensor (data, item or tolist)",
      (cell, x, h) => (x.data[0] > 0 ? cell.step(x, { h }) : { h }),
    ],
    [
      "a read of a weight",
      "step reads the values of a tensor (data, item or tolist)",
      (cell, x, h) => ({ h: cell.step(x, { h }).h.mul(cell.hidden.b.tolist()[0][0] + 1) }),
    ],
    ["softmax", "step uses softmax, which cannot be fused", (cell, x, h) => ({ h: softmax(cell.hidden.of(x, h)) })],
    [
      "a product with a matrix that it computes",
      "step multiplies by a matrix that it computes",
      (cell, x, h) => ({ h: tanh(cell.hidden.ofInput(x).add(h.matmul(cell.hidden.Wh.mul(2)))) }),
    ],
    [
      "chance",
      "step does not do the same at every call",
      (cell, x, h) => ({ h: tanh(cell.hidden.of(x, h)).mul(full(x.rows, 4, seed.uniform())) }),
    ],
  ])("%s", (_, reason, step) => {
    const cell = base();
    const odd = Object.assign(Object.create(cell) as RNNCell, {
      step: (x: Tensor, { h }: CellState) => step(cell, x, h),
    });
    const compiled = compile(odd);
    expect(compiled.fallback).toBe(reason);
    expect(warn.mock.calls).toEqual([[`compile: RNNCell runs op by op, as before: ${compiled.fallback}`]]);
    const xs = [tensor([[0.5, -1]]), tensor([[1, 2]])];
    const again = unroll(compiled as AnyCell, xs);
    expect(again).toHaveLength(2);
    expect(again[1].h.shape).toEqual([1, 4]);
  });
  const seed = seededRng(3);
});

describe("a compiled cell stands where a cell stands", () => {
  const lstm = (dtype: DType = "float64") => new LSTMCell(2, 8, { rng: seededRng(2), dtype });
  const xs = Array.from({ length: 5 }, (_, t) => random(3, 2, t, { dtype: "float64" }));
  const h = (compiled: CompiledCell<never, never> | AnyCell) =>
    unroll(compiled as AnyCell, xs).map((s) => s.h.tolist());

  test("the same bits in two runs", () => {
    const compiled = compile(lstm("float32"));
    expect(h(compiled)).toEqual(h(compiled));
    expect(h(compile(lstm("float32")))).toEqual(h(compiled));
  });

  test("sees weights that change between runs", () => {
    const cell = lstm();
    const compiled = compile(cell);
    const before = h(compiled);
    cell.forgetGate.b.data.fill(-3);
    expect(h(compiled)).not.toEqual(before);
    expect(h(compiled)[4]).toBeAllClose(h(cell)[4], { rtol: 1e-12 });
  });

  test("batches of any size and length, one after the other", () => {
    const cell = lstm("float32");
    const compiled = compile(cell);
    for (const [rows, steps] of [
      [4, 3],
      [1, 9],
      [9, 2],
      [4, 12],
      [2, 1],
    ]) {
      const batch = Array.from({ length: steps }, (_, t) => random(rows, 2, t, { dtype: "float32" }));
      const [ours, tape] = [unroll(compiled as AnyCell, batch), unroll(cell, batch)];
      expect(apart(ours[steps - 1].h.data, tape[steps - 1].h.data)).toBeLessThan(1e-6);
    }
  });

  test("two runs at once, back in either order, and twice", () => {
    const cell = lstm();
    const compiled = compile(cell);
    const others = xs.map((x) => x.mul(-0.5));
    const gradient = (run: () => void) => {
      for (const weight of Object.values(cell.parameters())) weight.zeroGrad();
      run();
      return Array.from(cell.forgetGate.Wh.grad);
    };
    const last = (which: AnyCell, batch: Tensor[]) => unroll(which, batch)[4].h.sum();
    const [one, two] = [compiled as AnyCell, cell].map((which) =>
      gradient(() => {
        const [a, b] = [last(which, xs), last(which, others)];
        a.backward();
        b.backward();
        a.backward();
        a.mul(b).backward();
      }),
    );
    expect(apart(one, two)).toBeLessThan(1e-12);
  });

  test.each<DType>(["float64", "float32"])(
    "stream, %s: sample by sample the numbers of the whole sequence",
    (dtype) => {
      const make: Make[] = [kinds.LSTMCell, kinds["GRUCell, reset after"], kinds["AblatedLSTMCell, FGR"]];
      for (const cell of make.map((m) => m(2, 7, dtype))) {
        const one = xs.map((x) => tensor([x.tolist()[0]], { dtype }));
        const stream = compile(cell).stream();
        for (const { h } of unroll(cell, one)) {
          expect(apart(stream.next(one.shift()!.data).h, h.data)).toBeLessThan(limit[dtype]);
        }
      }
      expect(() => compile(lstm()).stream().next([1])).toThrow("stream: x must hold 2 numbers, got 1");
    },
  );

  test("under noGrad nothing is tracked", () => {
    expect(noGrad(() => unroll(compile(lstm()) as AnyCell, xs))[4].h.requiresGrad).toBe(false);
  });

  test("NaN stays NaN, in its own sequence", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const bad = xs.map((x) => x.to(dtype).add(0));
      bad[2].data[2] = Number.NaN; // the second of three sequences
      const last = unroll(compile(lstm(dtype)) as AnyCell, bad)[4].h.tolist();
      expect(last.map((row: number[]) => row.some(Number.isNaN))).toEqual([false, true, false]);
      expect(last[1].every(Number.isNaN)).toBe(true);
    }
  });

  test("refuses what does not fit, in unroll's words", () => {
    const compiled = compile(lstm()) as AnyCell;
    expect(() => unroll(compiled, [xs[0], zeros(3, 4)])).toThrow("unroll, step 1: x must be [3, 2], got [3, 4]");
    expect(() => unroll(compiled, xs, { h: zeros(3, 8), c: zeros(2, 8) })).toThrow("c must be [3, 8], got [2, 8]");
    expect(() => compile(undefined as never)).toThrow("compile: cell must be a cell or a net, got undefined");
  });

  test("memory does not grow over 2,000 iterations", () => {
    const compiled = compile(lstm("float32")) as AnyCell;
    const train = (times: number) => {
      for (let k = 0; k < times; k++) unroll(compiled, xs)[4].h.sum().backward();
    };
    train(200);
    const before = process.memoryUsage().arrayBuffers;
    train(2000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32e6);
  });
});
