import { sigmoid as sigmoidOf, tanh as tanhOf, tensor } from "unrolled";
import type { Made } from "unrolled/exercise/suite";
import { mul, sigmoid, tanh, type Vector } from "./vectors.js";

type Pre = Record<"f" | "o" | "g", Vector>;
type Gradients = Record<"f" | "o" | "g" | "cPrev", Vector>;

export const coupledSlips = {
  assigned: "the gradient that comes through h replaced dc: the two are added",
  deaf: "the gradient that comes through h is missing: only dc was used",
  atC: "tanh's slope was taken at c: it is 1 − tanh²(c)",
  keepOnly: "f stands in the equation twice: it also holds back g",
  plus: "what is written makes room: f enters with c_{t−1} − g, not with their sum",
  bare: "the gradients stop at the gates and the candidate: at the pre-activations each slope comes in, too",
  openGate: "the candidate comes in with 1 − f, not with f",
  noSlope: "the sigmoids' slopes are missing in f and o",
  whole: "cPrev's gradient is scaled by f",
} as const;
export type CoupledSlip = (typeof coupledSlips)[keyof typeof coupledSlips];

/** The backward step of a cell with coupled gates, by formula; with the slips that are made. */
export function coupledBackward(
  pre: Pre,
  cPrev: Vector,
  { dh, dc }: { dh: Vector; dc: Vector },
  made: Made<CoupledSlip> = () => false,
): Gradients {
  const [f, o, g] = [sigmoid(pre.f), sigmoid(pre.o), tanh(pre.g)];
  const c = cPrev.map((value, k) => f[k] * value + (1 - f[k]) * g[k]);
  const slope = c.map((value) => 1 - (made(coupledSlips.atC) ? value : Math.tanh(value)) ** 2);
  const throughH = dh.map((d, k) => (made(coupledSlips.deaf) ? 0 : d * o[k] * slope[k]));
  const all = throughH.map((d, k) => (made(coupledSlips.assigned) ? 0 : dc[k]) + d);
  const gateSlope = (gate: Vector): Vector =>
    gate.map((a) => (made(coupledSlips.noSlope) || made(coupledSlips.bare) ? 1 : a * (1 - a)));
  const matters = cPrev.map(
    (value, k) => value - (made(coupledSlips.keepOnly) ? 0 : made(coupledSlips.plus) ? -g[k] : g[k]),
  );
  const opens = f.map((gate) => (made(coupledSlips.openGate) ? gate : 1 - gate));
  return {
    f: mul(mul(all, matters), gateSlope(f)),
    o: mul(mul(dh, tanh(c)), gateSlope(o)),
    g: all.map((d, k) => d * opens[k] * (made(coupledSlips.bare) ? 1 : 1 - g[k] ** 2)),
    cPrev: made(coupledSlips.whole) ? all : mul(all, f),
  };
}

/** The same gradients from the tape. */
export function coupledTape(pre: Pre, cPrev: Vector, { dh, dc }: { dh: Vector; dc: Vector }): Gradients {
  const leaf = (row: Vector) => tensor([row], { requiresGrad: true });
  const [pf, po, pg, before] = [leaf(pre.f), leaf(pre.o), leaf(pre.g), leaf(cPrev)];
  const [f, g] = [sigmoidOf(pf), tanhOf(pg)];
  const c = f.mul(before).add(g.sub(f.mul(g)));
  const h = sigmoidOf(po).mul(tanhOf(c));
  h.mul(tensor([dh]))
    .add(c.mul(tensor([dc])))
    .sum()
    .backward();
  const [df, dO, dg, dBefore] = [pf, po, pg, before].map(({ grad }) => Array.from(grad));
  return { f: df, o: dO, g: dg, cPrev: dBefore };
}
