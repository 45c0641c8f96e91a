import type { Diagram } from "../figures/diagrams/diagram.js";
import { said } from "../figures/diagrams/lstm-cell.js";
import { at, drawing, label, type Point } from "../figures/diagrams/parts.js";
import type { StepNumbers } from "./lstm-player.js";

const [left, right, top, bottom] = [96, 724, 18, 138];
const rowHeight = 20;

/** What is read along the whole sequence, and what its numbers are called. */
export interface Reading {
  readonly xs: readonly (readonly number[])[];
  readonly inputs: readonly string[];
}

/**
 * What the states of one unit did so far: c as a line with dots, h dashed; below, what comes in at each step.
 *
 * @param steps those taken and the one that is shown, the last
 */
export function trace(steps: readonly StepNumbers[], { xs, inputs }: Reading): Diagram {
  const seen = steps.flatMap(({ c, h }) => [c, h]);
  const [low, high] = [Math.min(-1, ...seen), Math.max(1, ...seen)];
  const x = (t: number): number => left + ((t + 0.5) * (right - left)) / xs.length;
  const y = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top);
  const points = (of: "c" | "h"): Point[] => steps.map((step, t) => ({ x: x(t), y: y(step[of]) }));
  const now = steps.length - 1;
  const height = bottom + rowHeight * (inputs.length + 2);
  const parts = [
    `<rect class="cell" style="stroke:none" x="${at(x(now - 0.5))}" y="${top}" width="${at(x(1) - x(0))}" height="${at(height - top - rowHeight - 8)}"/>`,
    ...[low, 0, high].flatMap((value) => level(value, y(value))),
    line("state", points("c")),
    line("output", points("h"), "4 4"),
    ...points("c").map((p) => `<circle class="tip state" cx="${at(p.x)}" cy="${at(p.y)}" r="4"/>`),
    ...inputs.flatMap((name, k) =>
      row(
        inputName(name),
        xs.map((numbers, t) => ({
          x: x(t),
          text: String(Number(numbers[k].toFixed(xs.length > 10 ? 1 : 2)) + 0).replace("-", "−"),
        })),
        bottom + rowHeight * (k + 0.8),
      ),
    ),
    label(
      { x: (left + right) / 2, y: height - 16 },
      "one column per time step; solid: cell state c, dashed: hidden state h",
      {
        role: "note",
      },
    ),
  ];
  return drawing(parts, {
    width: 740,
    height,
    alt: `Cell state c so far: ${steps.map(({ c }) => said(c)).join(", ")}.`,
  });
}

/** What an entry of x is called on a wire or a slider. */
export const inputName = (name: string): string => (/^x\d*$/.test(name) ? name : `x: ${name}`);

const row = (name: string, numbers: readonly { x: number; text: string }[], y: number): string[] => [
  label({ x: 12, y }, name, { role: "note", anchor: "start" }),
  ...numbers.map(({ x, text }) => label({ x, y }, text, { role: "note" })),
];

const level = (value: number, y: number): string[] => [
  `<path class="wire quiet" stroke-width="1" opacity="0.5" d="M${left} ${at(y)} L${right} ${at(y)}"/>`,
  label({ x: left - 8, y }, said(value), { role: "note", anchor: "end" }),
];

const line = (role: string, points: readonly Point[], dash = ""): string =>
  `<path class="wire ${role}" stroke-width="2.5"${dash ? ` stroke-dasharray="${dash}"` : ""} d="M${points.map((p) => `${at(p.x)} ${at(p.y)}`).join(" L")}"/>`;
