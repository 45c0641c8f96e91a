import {
  AblatedLSTMCell,
  type CellKind,
  chrono,
  GRUCell,
  LSTM1997Cell,
  LSTMCell,
  MGUCell,
  RNNCell,
  seededRng,
  type Tensor,
} from "unrolled";
import { expect, test } from "vitest";
import { cellOfKind } from "./kinds.js";

const biases = (b: Tensor): number[] => Array.from(b.data);
const turned = (values: readonly number[]): number[] => values.map((v) => -v);

test("chrono: a forget gate that starts at σ(bf) keeps for T steps, T uniform between 2 and tMax", () => {
  const rng = seededRng(2);
  const cells = Array.from({ length: 40 }, () => chrono(new LSTMCell(1, 100), { tMax: 101, rng }));
  const times = cells.flatMap(({ forgetGate }) => biases(forgetGate.b).map((b) => Math.exp(b))); // U[1, 100]
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1 - 1e-12);
  expect(Math.max(...times)).toBeLessThan(100);
  const mean = times.reduce((sum, T) => sum + T, 0) / times.length;
  expect(Math.abs(mean - 50.5)).toBeLessThan(2); // four standard errors of 99 / √(12 · 4000)
});

test("chrono: the input gate starts opposite, the others stay at 0", () => {
  const cell = chrono(new LSTMCell(2, 5), { tMax: 50 });
  expect(biases(cell.inputGate.b)).toEqual(turned(biases(cell.forgetGate.b)));
  expect([...biases(cell.outputGate.b), ...biases(cell.candidate.b)]).toEqual(Array(10).fill(0));
});

const withForgetGate: CellKind[] = [
  "lstm",
  "peephole",
  "coupled",
  "janet",
  "V",
  "NIG",
  "NOG",
  "NIAF",
  "NOAF",
  "NP",
  "FGR",
];
test.each(withForgetGate)("chrono of %s: sets the forget gate, and the input gate where there is one", (kind) => {
  const cell = chrono(cellOfKind(kind, 2, 5), { tMax: 50, rng: seededRng(3) }).parameters();
  const reference = chrono(new LSTMCell(2, 5), { tMax: 50, rng: seededRng(3) });
  expect(biases(cell["forgetGate.b"])).toEqual(biases(reference.forgetGate.b));
  if (cell["inputGate.b"]) expect(biases(cell["inputGate.b"])).toEqual(biases(reference.inputGate.b));
});

test("chrono: gates that keep the past at 1 get bf, those that keep it at 0 get −bf", () => {
  const forget = biases(chrono(new LSTMCell(2, 5), { tMax: 50 }).forgetGate.b);
  expect(biases(chrono(new GRUCell(2, 5), { tMax: 50 }).updateGate.b)).toEqual(forget);
  expect(biases(chrono(new MGUCell(2, 5), { tMax: 50 }).forgetGate.b)).toEqual(turned(forget));
  const coupled = chrono(new AblatedLSTMCell(2, 5, { variant: "CIFG" }), { tMax: 50 });
  expect(biases(coupled.inputGate!.b)).toEqual(turned(forget));
});

test("chrono: refuses cells without such a gate, and too short a time", () => {
  expect(() => chrono(new RNNCell(2, 3), { tMax: 50 })).toThrow(
    "chrono: the cell must have a forget gate or an update gate, got RNNCell",
  );
  expect(() => chrono(new LSTM1997Cell(2, 3), { tMax: 50 })).toThrow("got LSTM1997Cell");
  expect(() => chrono(new AblatedLSTMCell(2, 3, { variant: "NFG" }), { tMax: 50 })).toThrow("got AblatedLSTMCell");
  expect(() => chrono(new LSTMCell(2, 3), { tMax: 1 })).toThrow("chrono: tMax must be at least 2 steps, got 1");
  expect(() => chrono(new LSTMCell(2, 3), { tMax: Number.NaN })).toThrow(
    "chrono: tMax must be a finite number, got NaN",
  );
  expect(() => chrono(new LSTMCell(2, 3), { tmax: 5 } as never)).toThrow('unknown option "tmax"; did you mean tMax?');
  expect(biases(chrono(new LSTMCell(2, 3), { tMax: 2 }).forgetGate.b)).toEqual([0, 0, 0]);
});
