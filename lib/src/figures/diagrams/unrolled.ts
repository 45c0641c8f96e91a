import { checkCount } from "../../tensor/refuse.js";
import type { Diagram } from "./diagram.js";
import { cellBox, circle, drawing, group, label, layerBox, type Point, wire } from "./parts.js";

const cell = { width: 84, height: 56 };
const gap = 64; // between two cells
const ending = 60; // from the last cell to the loss
const middle = 130; // the height on which the cells stand
const [top, bottom] = [middle - cell.height / 2, middle + cell.height / 2];
const forward = middle - 8; // the height of the states' way, a little above that of the gradients
const back = middle + 12;

const centreOf = (t: number): number => 120 + t * (cell.width + gap);
const said = (value: number): string => String(Number(value.toPrecision(4))).replace("-", "−");

/** A layer that has no past beside one that has: its own output comes back to it. */
export function selfLoop(): Diagram {
  return drawing([...feedForwardLayer(130), ...loop(380)], {
    width: 560,
    height: 285,
    alt: "Left, a feed-forward layer: the input x goes in from below, the answer h leaves at the top, nothing comes back. Right, a recurrent cell: the input x at time t goes in from below, the hidden state h at time t leaves at the top, and a loop brings h back into the cell, one step later, as h at time t minus 1.",
  });
}

function feedForwardLayer(x: number): string[] {
  return [
    ...throughput(x, { input: "x", output: "h", name: "layer" }),
    label({ x, y: middle + 134 }, "feed-forward", { role: "note" }),
  ];
}

function loop(x: number): string[] {
  const right = x + 95;
  return [
    wire("state", [
      { x, y: middle - 44 },
      { x: right, y: middle - 44 },
      { x: right, y: middle },
      { x: x + cell.width / 2, y: middle },
    ]),
    label({ x: right + 8, y: middle - 32 }, "h_{t-1}", { role: "state", anchor: "start" }),
    label({ x: right + 8, y: middle - 10 }, "one step", { role: "note", anchor: "start" }),
    label({ x: right + 8, y: middle + 6 }, "later", { role: "note", anchor: "start" }),
    ...throughput(x, { input: "x_t", output: "h_t" }),
    label({ x, y: middle + 134 }, "recurrent", { role: "note" }),
  ];
}

/** A cell with its input from below and its output at the top. */
function throughput(
  x: number,
  { input, output, name = "cell" }: Record<"input" | "output", string> & { name?: string },
) {
  return [
    wire("input", [
      { x, y: middle + 92 },
      { x, y: bottom },
    ]),
    label({ x, y: middle + 106 }, input, { role: "input" }),
    wire("state", [
      { x, y: top },
      { x, y: middle - 92 },
    ]),
    label({ x, y: middle - 104 }, output, { role: "state" }),
    cellBox({ x, y: middle, ...cell }),
    label({ x, y: middle }, name),
  ];
}

/** Numbers to write on an unrolled network, one per time step, all of them measured. */
export interface UnrolledNumbers {
  readonly x?: readonly number[];
  readonly h?: readonly number[];
  /** ∂L/∂hₜ: draws the way back. */
  readonly gradient?: readonly number[];
}

/**
 * The same cell once per time step, each fed the state of the one before; with gradients, also the way back.
 *
 *     figures.unrolled(3)                                    the picture
 *     figures.unrolled(3, { x, h, gradient })                the picture with measured numbers on its wires
 *     figures.unrolled(3, {}, { animate: true })             the picture, built up step by step, twice
 *
 * @throws RangeError unless there is one number per step
 */
export function unrolledNetwork(
  steps: number,
  numbers: UnrolledNumbers = {},
  { animate = false }: { animate?: boolean } = {},
): Diagram {
  checkCount("figures.unrolled", "steps", steps);
  for (const [name, values] of Object.entries(numbers) as [string, readonly number[]][]) {
    if (values.length === steps) continue;
    throw new RangeError(`figures.unrolled: ${name} must have ${steps} entries, got ${values.length}`);
  }
  const parts = Array.from({ length: steps }, (_, t) =>
    group(oneStep({ t, last: t === steps - 1, numbers }), animate ? t : undefined),
  );
  const start = label({ x: 52, y: forward - 16 }, "h_0", { role: "state" });
  const width = centreOf(steps - 1) + cell.width / 2 + (numbers.gradient ? ending + 50 : 48);
  return drawing([start, ...parts], {
    width,
    height: 260,
    alt: told(steps, numbers),
    turns: animate ? parts.map((_, t) => move(t + 1)) : [],
  });
}

const move = (t: number): string =>
  t === 1
    ? "Step 1: the cell reads x₁ and an empty state, h₀, and makes h₁."
    : `Step ${t}: the same cell, with the same weights, reads x${lowered(t)} and the state of the step before.`;

const lowered = (t: number): string => String(t).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

interface StepPlace {
  readonly t: number;
  readonly last: boolean;
  readonly numbers: UnrolledNumbers;
}

function oneStep({ t, last, numbers: { x: inputs, h, gradient } }: StepPlace): string[] {
  const value = (values: readonly number[] | undefined): string => (values ? ` = ${said(values[t])}` : "");
  const parts = [
    handover(t),
    ...throughput(centreOf(t), { input: `x_${sub(t)}${value(inputs)}`, output: `h_${sub(t)}${value(h)}` }),
  ];
  return gradient ? [...parts, ...wayBack(centreOf(t) + cell.width / 2, { last, gradient: gradient[t] })] : parts;
}

/** "{12}": the number of a step, counted from 1, as a subscript. */
const sub = (t: number): string => `{${t + 1}}`;

/** The arrow that brings a state into the cell of step t. */
function handover(t: number): string {
  const left = centreOf(t) - cell.width / 2;
  return wire("state", [
    { x: t === 0 ? 34 : left - gap, y: forward },
    { x: left, y: forward },
  ]);
}

/** The arrow that brings ∂L/∂h into a cell from its right, with the number it carries. */
function wayBack(right: number, { last, gradient }: { last: boolean; gradient: number }): string[] {
  const from = right + (last ? ending : gap);
  const parts = [
    wire("gradient", [
      { x: from, y: back },
      { x: right, y: back },
    ]),
    label({ x: right + (last ? ending : gap) / 2, y: back + 20 }, said(gradient), { role: "gradient number" }),
  ];
  return last ? [...parts, label({ x: from + 14, y: back }, "L", { role: "gradient" })] : parts;
}

function told(steps: number, { x, h, gradient }: UnrolledNumbers): string {
  const row = (name: string, values: readonly number[] | undefined): string =>
    values ? ` ${name}: ${values.map(said).join(", ")}.` : "";
  return `The network unrolled over ${steps} time steps: ${steps} drawings of the same cell side by side, each fed its own input from below and the hidden state of the one before from the left.${row("Inputs", x)}${row("Hidden states", h)}${row("Gradients of the loss with respect to the hidden states, flowing from right to left", gradient)}`;
}

/**
 * One weight, used at every step, and what each use adds to its gradient.
 *
 *     figures.sharedWeight("W_x", [-0.09, -0.28, 0.77])
 *
 * @param terms ∂L/∂W through each step alone, measured
 */
export function sharedWeight(name: string, terms: readonly number[]): Diagram {
  checkCount("figures.sharedWeight", "terms.length", terms.length);
  const centre = (centreOf(0) + centreOf(terms.length - 1)) / 2;
  const plus: Point = { x: centre, y: 240 };
  const total = terms.reduce((sum, term) => sum + term, 0);
  const steps = terms.flatMap((term, t) => [
    handover(t),
    ...throughput(centreOf(t), { input: "", output: `h_${sub(t)}` }).slice(2),
    oneTerm({ x: centreOf(t), y: bottom }, plus),
    label({ x: centreOf(t) + 8, y: 190 }, said(term), { role: "gradient number", anchor: "start" }),
  ]);
  const weight = [
    circle(plus, "+"),
    wire("gradient", [
      { x: centre, y: 254 },
      { x: centre, y: 292 },
    ]),
    label({ x: centre + 10, y: 272 }, said(total), { role: "gradient number", anchor: "start" }),
    layerBox({ x: centre, y: 312, width: 84, height: 40 }, name),
  ];
  const words = terms.map((term, t) => `step ${t + 1} adds ${said(term)}`).join(", ");
  return drawing([...steps, ...weight], {
    width: centreOf(terms.length - 1) + cell.width / 2 + 78,
    height: 350,
    alt: `The unrolled network and below it the one weight ${name.replace(/_/g, " ")} that all its steps use. To the gradient of that weight ${words}; the sum is ${said(total)}.`,
  });
}

/** From a cell down to the sum, around one corner unless it stands right above. */
function oneTerm(from: Point, plus: Point): string {
  const side = Math.sign(from.x - plus.x);
  if (side === 0) return wire("gradient", [from, { x: plus.x, y: plus.y - 14 }]);
  return wire("gradient", [from, { x: from.x, y: plus.y }, { x: plus.x + side * 14, y: plus.y }]);
}
