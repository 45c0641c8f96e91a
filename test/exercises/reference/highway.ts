import { sigmoid as sigmoidOf, tanh as tanhOf, tensor } from "unrolled";
import type { Made } from "unrolled/exercise/suite";
import { add, mul, sigmoid, tanh, type Vector } from "./vectors.js";

type Slip<Slips extends Readonly<Record<string, string>>> = Slips[keyof Slips];
const never = () => false;
const oneMinus = (v: Vector): Vector => v.map((x) => 1 - x);
const squared = (v: Vector): Vector => mul(v, v);

export type Pre = Record<"i" | "f" | "o" | "g", Vector>;
export interface Step extends Pre {
  readonly c: Vector;
  readonly cPrev: Vector;
}

/** What a step computed, from its pre-activations. */
export function stepOf(pre: Pre, cPrev: Vector): Step {
  const [i, f, o, g] = [sigmoid(pre.i), sigmoid(pre.f), sigmoid(pre.o), tanh(pre.g)];
  return { i, f, o, g, c: add(mul(f, cPrev), mul(i, g)), cPrev };
}

export const backSlips = {
  assigned: "dc was assigned, not accumulated: what comes from the step after is lost",
  atC: "tanh's slope was taken at the wrong value: it is 1 − tanh²(c), not 1 − c²",
  tanhTwice: "g went through tanh a second time: its slope is 1 − g²",
  noSlope: "these are the gradients at the gates; at their sums the sigmoid's slope comes in, too",
  noOutput: "on the way from h to c the output gate's factor o is missing",
  onlyG: "the candidate's slope was taken as 1 − g: the square is missing",
  bare: "the gradients stop at the gates and the candidate: at their sums each slope comes in, too",
  shownC: "the output gate's gradient reads c: o scaled tanh(c)",
  throughC: "the output gate's gradient is made from what reaches c: o stands behind c, it feels dh alone",
  onlyDc: "dcPrev is made from dc alone: what comes through h goes on to cPrev, too",
  newC: "the forget gate's gradient reads the new c: f scaled cPrev",
  swapped: "the gradients of i and f are swapped",
  whole: "dcPrev was passed on whole: f scales it",
} as const;

/** One step back, by formula: [i, f, o, g, cPrev]; with the slips that are made. */
export function stepBack(
  { i, f, o, g, c, cPrev }: Step,
  dh: Vector,
  dc: Vector,
  made: Made<Slip<typeof backSlips>> = never,
): Vector[] {
  const shown = tanh(c);
  const open = made(backSlips.noOutput) ? o.map(() => 1) : o;
  const fromH = mul(mul(dh, open), oneMinus(squared(made(backSlips.atC) ? c : shown)));
  const all = made(backSlips.assigned) ? fromH : add(dc, fromH);
  const slope = (gate: Vector): Vector =>
    gate.map((a) => (made(backSlips.noSlope) || made(backSlips.bare) ? 1 : a * (1 - a)));
  const toI = mul(mul(all, g), slope(i));
  const toF = mul(mul(all, made(backSlips.newC) ? c : cPrev), slope(f));
  const slopeG = made(backSlips.onlyG) ? oneMinus(g) : oneMinus(squared(made(backSlips.tanhTwice) ? tanh(g) : g));
  const toG = mul(mul(all, i), made(backSlips.bare) ? g.map(() => 1) : slopeG);
  const toO = mul(mul(made(backSlips.throughC) ? all : dh, made(backSlips.shownC) ? c : shown), slope(o));
  const onward = mul(made(backSlips.onlyDc) ? dc : all, f);
  const [first, second] = made(backSlips.swapped) ? [toF, toI] : [toI, toF];
  return [first, second, toO, toG, made(backSlips.whole) ? all : onward];
}

/** The same five gradients from the tape. */
export function stepTape(pre: Pre, cPrev: Vector, dh: Vector, dc: Vector): Vector[] {
  const leaf = (row: Vector) => tensor([row], { requiresGrad: true });
  const leaves = [pre.i, pre.f, pre.o, pre.g, cPrev].map(leaf);
  const [i, f, o, g, before] = leaves;
  const c = sigmoidOf(f)
    .mul(before)
    .add(sigmoidOf(i).mul(tanhOf(g)));
  const h = sigmoidOf(o).mul(tanhOf(c));
  h.mul(tensor([dh]))
    .add(c.mul(tensor([dc])))
    .sum()
    .backward();
  return leaves.map(({ grad }) => Array.from(grad));
}

export const nudgeSlips = {
  oneSided: "one-sided: the loss was looked at above x and at x, not below",
  notHalved: "divided by ε: the two looks are 2ε apart",
  kept: "earlier nudges were not taken back, so that entry after entry stays moved",
  signed: "the worst entry was chosen by its sign: a difference of −3 is larger than one of 2",
} as const;

/** Σ aₖ xₖ³ + bₖ xₖ xₖ₊₁, as the fixture "cubic". */
const cubic = (a: Vector, b: Vector, x: Vector): number =>
  x.reduce((sum, value, k) => sum + a[k] * value ** 3 + b[k] * value * x[(k + 1) % x.length], 0);

/** [gradient by central differences, worst entry], with the slips that are made. */
export function nudged(
  { a, b }: { a: Vector; b: Vector },
  x: Vector,
  claimed: Vector,
  eps: number,
  made: Made<Slip<typeof nudgeSlips>> = never,
): { numeric: Vector; worst: number } {
  const numeric = x.map((_, k) => {
    const around = (by: number): number =>
      cubic(
        a,
        b,
        x.map((value, j) => (j === k ? value + by : made(nudgeSlips.kept) && j < k ? value - eps : value)),
      );
    const width = made(nudgeSlips.notHalved) || made(nudgeSlips.oneSided) ? eps : 2 * eps;
    return (around(eps) - around(made(nudgeSlips.oneSided) ? 0 : -eps)) / width;
  });
  const distances = numeric.map((value, k) =>
    made(nudgeSlips.signed) ? value - claimed[k] : Math.abs(value - claimed[k]),
  );
  return { numeric, worst: distances.indexOf(Math.max(...distances)) };
}

export const reverseSlips = {
  atC: "tanh's slope is still taken at the wrong value: c is the value before tanh",
  noSquare: "1 − tanh(c): the square is missing",
  lost: "what comes from the step after is lost",
  noF: "what goes to the step before was not scaled by f",
} as const;

export interface Moment {
  readonly f: number;
  readonly o: number;
  readonly c: number;
}

/** dc at every step along one unit's cell state, with the slips that are made. */
export function cellGradients(
  steps: readonly Moment[],
  w: Vector,
  made: Made<Slip<typeof reverseSlips>> = never,
): Vector {
  const dcs: Vector = [];
  let fromLater = 0;
  for (let t = steps.length - 1; t >= 0; t--) {
    const { f, o, c } = steps[t];
    const y = made(reverseSlips.atC) ? c : Math.tanh(c);
    const slope = 1 - (made(reverseSlips.noSquare) ? y : y ** 2);
    const dc = w[t] * o * slope + (made(reverseSlips.lost) ? 0 : fromLater);
    fromLater = made(reverseSlips.noF) ? dc : dc * f;
    dcs.unshift(dc);
  }
  return dcs;
}
