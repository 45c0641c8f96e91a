// Every cell that PyTorch lacks, a second time: straight from the paper's equations, with mathjs, on column vectors.
import fc from "fast-check";
import * as math from "mathjs";
import { type CellKind, seededRng, type Tensor, tensor, unroll } from "unrolled";
import { expect, test } from "vitest";
import { disagreement } from "../../fixtures/pytorch.js";
import { cellOfKind } from "./kinds.js";

type Vector = math.Matrix;
type Values = Record<string, Vector>;
/** A weight by our name, as the papers write it: [to, from], and biases and peepholes as columns. */
type Weights = (name: string) => math.Matrix;
/** One time step: the input and what the last step gave, to what this one gives. */
type Equations = (W: Weights, x: Vector, past: Values, perBlock: number) => Values;

const column = (values: ArrayLike<number>): Vector => math.matrix(Array.from(values, (v) => [v]));
const each = (v: Vector, f: (x: number) => number): Vector => v.map((x: number) => f(x));
const plus = (...terms: Vector[]): Vector => terms.reduce((sum, term) => math.add(sum, term));
const times = (a: Vector, b: Vector): Vector => math.dotMultiply(a, b) as Vector;
const squash = (v: Vector): Vector => each(v, (x) => 1 / (1 + Math.exp(-x)));
const tanh = (v: Vector): Vector => each(v, (x) => Math.tanh(x));
const rest = (v: Vector): Vector => each(v, (x) => 1 - x);
const ones = (v: Vector): Vector => each(v, () => 1);
const net = (W: Weights, unit: string, x: Vector, y: Vector): Vector =>
  plus(math.multiply(W(`${unit}.Wx`), x), math.multiply(W(`${unit}.Wh`), y), W(`${unit}.b`));

/** Greff et al. (2015), section 2 and the appendix on the variants; y is the block output, c the cell. */
const odyssey =
  (variant: string): Equations =>
  (W, x, { h: y, c, i: iLast, f: fLast, o: oLast }) => {
    const peep = (gate: string, cell: Vector): Vector =>
      variant === "NP" ? each(cell, () => 0) : times(W(`${gate}.p`), cell);
    const recurrent = variant === "FGR" ? (math.concat(y, iLast, fLast, oLast, 0) as Vector) : y;
    const gate = (name: string, cell: Vector): Vector => squash(plus(net(W, name, x, recurrent), peep(name, cell)));
    const block = net(W, "candidate", x, y);
    const z = variant === "NIAF" ? block : tanh(block);
    const i = variant === "NIG" ? ones(c) : gate("inputGate", c);
    const f = variant === "NFG" ? ones(c) : variant === "CIFG" ? rest(i) : gate("forgetGate", c);
    const cell = plus(times(z, i), times(c, f));
    const o = variant === "NOG" ? ones(c) : gate("outputGate", cell);
    return { h: times(variant === "NOAF" ? cell : tanh(cell), o), c: cell, i, f, o };
  };

const equations: Partial<Record<CellKind, Equations>> = {
  // Graves (2013), equations 7 to 11
  peephole: (W, x, { h, c }) => {
    const i = squash(plus(net(W, "inputGate", x, h), times(W("inputGate.p"), c)));
    const f = squash(plus(net(W, "forgetGate", x, h), times(W("forgetGate.p"), c)));
    const cell = plus(times(f, c), times(i, tanh(net(W, "candidate", x, h))));
    const o = squash(plus(net(W, "outputGate", x, h), times(W("outputGate.p"), cell)));
    return { h: times(o, tanh(cell)), c: cell, i, f, o };
  },
  coupled: (W, x, { h, c }) => {
    const f = squash(net(W, "forgetGate", x, h));
    const cell = plus(times(f, c), times(rest(f), tanh(net(W, "candidate", x, h))));
    return { h: times(squash(net(W, "outputGate", x, h)), tanh(cell)), c: cell, f };
  },
  // Zhou et al. (2016), equations 7a to 7c
  mgu: (W, x, { h }) => {
    const f = squash(net(W, "forgetGate", x, h));
    const candidate = tanh(net(W, "candidate", x, times(f, h)));
    return { h: plus(times(rest(f), h), times(f, candidate)), f };
  },
  // van der Westhuizen & Lasenby (2018), section 3, with their β = 1
  janet: (W, x, { h }) => {
    const s = net(W, "forgetGate", x, h);
    const candidate = tanh(net(W, "candidate", x, h));
    return { h: plus(times(squash(s), h), times(rest(squash(each(s, (v) => v - 1))), candidate)), f: squash(s) };
  },
  // Hochreiter & Schmidhuber (1997), section 4: cell v of block j; y holds the outputs of cells, input and output gates
  lstm1997: (W, x, { h, c, i, o }, perBlock) => {
    const list = (v: Vector): number[] => (v.toArray() as number[][]).map(([value]) => value);
    const gatesOf = (v: Vector): number[] => list(v).filter((_, cell) => cell % perBlock === 0);
    const y = column([...list(h), ...gatesOf(i), ...gatesOf(o)]);
    const yIn = list(squash(net(W, "inputGate", x, y)));
    const yOut = list(squash(net(W, "outputGate", x, y)));
    const g = list(net(W, "candidate", x, y)).map((v) => 4 / (1 + Math.exp(-v)) - 2);
    const block = (cell: number): number => Math.floor(cell / perBlock);
    const s = list(c).map((state, cell) => state + yIn[block(cell)] * g[cell]);
    const output = s.map((state, cell) => yOut[block(cell)] * (2 / (1 + Math.exp(-state)) - 1));
    const spread = (gate: number[]): Vector => column(s.map((_, cell) => gate[block(cell)]));
    return { h: column(output), c: column(s), i: spread(yIn), o: spread(yOut) };
  },
  ...Object.fromEntries(
    ["V", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR"].map((name) => [name, odyssey(name)]),
  ),
};

const size = (most: number) => fc.integer({ min: 1, max: most });

test.each(Object.keys(equations) as CellKind[])("%s: agrees with the paper's equations in mathjs", (kind) => {
  fc.assert(
    fc.property(size(5), size(6), size(6), fc.nat(1000), (inputSize, hiddenSize, seqLen, seed) => {
      const rng = seededRng(seed);
      const cell = cellOfKind(kind, inputSize, hiddenSize, { rng });
      const parameters = cell.parameters();
      for (const { data } of Object.values(parameters)) for (let k = 0; k < data.length; k++) data[k] = rng.normal();
      const normal = (cols: number): Tensor => tensor([Array.from({ length: cols }, () => rng.normal())]);
      const xs = Array.from({ length: seqLen }, () => normal(inputSize));
      const state: Record<string, Tensor> = {};
      for (const name of Object.keys(cell.initialState(1))) state[name] = normal(hiddenSize);

      const W: Weights = (name) => math.transpose(math.matrix(parameters[name].tolist()));
      const steps = unroll(cell, xs, state);
      const perBlock = hiddenSize % 2 === 0 ? 2 : 1;
      let past: Values = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, column(value.data)]));
      for (const [t, step] of steps.entries()) {
        past = equations[kind]!(W, column(xs[t].data), past, perBlock);
        for (const [name, value] of Object.entries(past)) {
          const theirs = (value.toArray() as number[][]).flat();
          expect([name, disagreement(step[name].data, theirs) < 1e-12]).toEqual([name, true]);
        }
      }
    }),
    { numRuns: 12, seed: 3 },
  );
});
