import {
  AblatedLSTMCell,
  LSTMCell,
  type LSTMState,
  type LSTMVariant,
  lstmVariants,
  PeepholeLSTMCell,
  seededRng,
  type Tensor,
  tensor,
  unroll,
  zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { holdGradients } from "../gradients.js";
import { type AnyCell, filled } from "./kinds.js";

const xs = [tensor([[0.5, -1]]), tensor([[1, 0.25]]), tensor([[-0.5, 2]]), tensor([[1, 1]])];
const variant = (name: LSTMVariant): AblatedLSTMCell => new AblatedLSTMCell(2, 3, { rng: seededRng(5), variant: name });

/** The last step of a cell that has taken over every weight it knows from another. */
function lastWithWeightsOf(from: AnyCell, cell: AnyCell): LSTMState {
  const weights = from.parameters();
  for (const [name, { data }] of Object.entries(cell.parameters())) data.set(weights[name].data);
  return unroll(cell, xs).at(-1);
}

test("AblatedLSTMCell V is the PeepholeLSTMCell, number for number", () => {
  const [ours, theirs] = [
    new AblatedLSTMCell(2, 3, { rng: seededRng(5) }),
    new PeepholeLSTMCell(2, 3, { rng: seededRng(5) }),
  ];
  expect(unroll(ours, xs)[3].h.tolist()).toEqual(unroll(theirs, xs)[3].h.tolist());
});

test("AblatedLSTMCell NP is the LSTMCell", () => {
  const { h, c } = unroll(variant("NP"), xs)[3];
  const lstm = lastWithWeightsOf(variant("NP"), new LSTMCell(2, 3));
  expect([h.tolist(), c.tolist()]).toEqual([lstm.h.tolist(), lstm.c.tolist()]);
});

/** The gate that a variant lacks, and where the same can be had by wedging V's gate open. */
test.each([
  ["NIG", "inputGate"],
  ["NFG", "forgetGate"],
  ["NOG", "outputGate"],
] as const)("AblatedLSTMCell %s is V with its %s wedged open", (name, gate) => {
  const vanilla = variant("V");
  const { Wx, Wh, b } = vanilla[gate]!;
  for (const weights of [Wx, Wh, vanilla.parameters()[`${gate}.p`]]) weights.data.fill(0);
  b.data.fill(60);
  const ablated = lastWithWeightsOf(vanilla, variant(name));
  expect(ablated.h).toBeAllClose(unroll(vanilla, xs)[3].h.tolist());
  const value = { inputGate: "i", forgetGate: "f", outputGate: "o" }[gate] as "i" | "f" | "o";
  expect(unroll(variant(name), xs)[3][value].tolist()).toEqual([[1, 1, 1]]);
});

test("AblatedLSTMCell FGR with nothing from gate to gate is V", () => {
  const full = variant("FGR");
  const vanilla = variant("V");
  const weights = vanilla.parameters();
  for (const [name, { data }] of Object.entries(full.parameters())) data.fill(0).set(weights[name].data);
  expect(unroll(full, xs)[3].h).toBeAllClose(unroll(vanilla, xs)[3].h.tolist(), { rtol: 1e-14 });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("AblatedLSTMCell CIFG, NIAF, NOAF, FGR: one unit, worked by hand", () => {
  const weights = { inputGate: { b: 1, p: 0.5 }, candidate: { Wx: 3, b: 0.5 } };
  const one = (name: LSTMVariant, gates: Parameters<typeof filled>[1] = weights) =>
    filled(new AblatedLSTMCell(1, 1, { variant: name }), gates);
  const state = { h: tensor([[0.25]]), c: tensor([[2]]) };
  const [x, i, g] = [tensor([[1]]), sigmoid(2), Math.tanh(3.5)]; // i: 1 + 0.5·2

  const coupled = one("CIFG").step(x, state);
  expect([coupled.i.item(), coupled.f.item()]).toEqual([i, expect.closeTo(1 - i, 15)]);
  expect(coupled.c.item()).toBeCloseTo((1 - i) * 2 + i * g, 14);

  const unsquashed = one("NIAF").step(x, state);
  expect(unsquashed.g.item()).toBe(3.5);
  expect(unsquashed.c.item()).toBeCloseTo(0.5 * 2 + i * 3.5, 14);

  const bare = one("NOAF").step(x, state);
  expect(bare.h.item()).toBeCloseTo(0.5 * (0.5 * 2 + i * g), 14);

  const gates = { i: tensor([[0.1]]), f: tensor([[0.2]]), o: tensor([[0.3]]) };
  const told = one("FGR", {
    inputGate: { Wh: [1, 2, 3, 4], b: 1, p: 0.5 },
    forgetGate: { Wh: [4, 3, 2, 1] },
    outputGate: { Wh: [0, -1, 0, 1] },
  }).step(x, { ...state, ...gates });
  expect(told.i.item()).toBeCloseTo(sigmoid(0.25 + 0.2 + 0.6 + 1.2 + 2), 14);
  expect(told.f.item()).toBeCloseTo(sigmoid(1 + 0.3 + 0.4 + 0.3), 14);
  expect(told.o.item()).toBeCloseTo(sigmoid(-0.1 + 0.3), 14);
});

describe.each(lstmVariants)("AblatedLSTMCell %s: gradients equal central differences", (name) => {
  holdGradients(() => new AblatedLSTMCell(2, 3, { rng: seededRng(7), variant: name }));
});

test.each(lstmVariants)("AblatedLSTMCell %s: has the gates it has, and f starts at σ(1)", (name) => {
  const biases = Object.entries(variant(name).parameters())
    .filter(([parameter]) => parameter.endsWith(".b"))
    .map(([parameter, b]: [string, Tensor]) => [parameter.replace(".b", ""), b.data[0]]);
  const all = { inputGate: name === "CIFG" ? -1 : 0, forgetGate: 1, outputGate: 0, candidate: 0 };
  const lacking = { NIG: "inputGate", NFG: "forgetGate", CIFG: "forgetGate", NOG: "outputGate" } as Record<
    string,
    string
  >;
  expect(biases).toEqual(Object.entries(all).filter(([gate]) => gate !== lacking[name]));
  expect(new AblatedLSTMCell(1, 1, { forgetBias: 3 }).forgetGate!.b.item()).toBe(3);
  expect(new AblatedLSTMCell(1, 1, { forgetBias: 3, variant: "CIFG" }).inputGate!.b.item()).toBe(-3);
});

test("AblatedLSTMCell: refuses what does not fit", () => {
  const cell = variant("FGR");
  const state = cell.initialState(2);
  expect(() => cell.step(zeros(2, 5), state)).toThrow("x must be [batchSize, 2], got [2, 5]");
  expect(() => cell.step(zeros(2, 2), { ...state, c: zeros(1, 3) })).toThrow("c must be [2, 3], got [1, 3]");
  expect(() => cell.step(zeros(2, 2), { h: state.h, c: state.c })).toThrow(
    "AblatedLSTMCell: the state of FGR must hold h, c, i, f and o, got no i",
  );
  expect(() => cell.step(zeros(2, 2), { ...state, f: zeros(2, 1) })).toThrow("f must be [2, 3], got [2, 1]");
  // @ts-expect-error: not a variant
  expect(() => new AblatedLSTMCell(2, 3, { variant: "NOPE" })).toThrow(
    'AblatedLSTMCell: variant must be "V" or "NIG" or "NFG"',
  );
  // @ts-expect-error: a misspelt option
  expect(() => new AblatedLSTMCell(2, 3, { varient: "V" })).toThrow(
    'AblatedLSTMCell: unknown option "varient"; did you mean variant?',
  );
  expect(() => new AblatedLSTMCell(2, 3, { forgetBias: Number.NaN })).toThrow(
    "AblatedLSTMCell: forgetBias must be a finite number, got NaN",
  );
});
