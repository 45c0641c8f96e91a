import { LSTMCell } from "../cells/lstm.js";

/** An LSTM cell of one unit with its weights set, and what it is given to read. Plain data: it travels into the page. */
export interface Machine {
  readonly name: string;
  /** By parameter name; what is not named is 0. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /** One input per time step. */
  readonly xs: readonly (readonly number[])[];
  /** What it does, in a sentence. */
  readonly says?: string;
}

/** The cell that a machine describes. */
export function cellOf({ weights, xs }: Pick<Machine, "weights" | "xs">): LSTMCell {
  const cell = new LSTMCell(xs[0].length, 1);
  for (const [name, parameter] of Object.entries(cell.parameters())) parameter.data.fill(0).set(weights[name] ?? []);
  return cell;
}

const pulses = [0, 1, 0, 0, 1, 0, 1, 0];
const values = [0.6, 0.8, -0.9, 0.3, -0.7, 0.5, 0.4, -0.6];
const xs = pulses.map((pulse, t) => [pulse, values[t]]);

/** 10 is open, −10 is shut, ±20 on the pulse turns a gate round. */
const open = { "forgetGate.b": [10], "inputGate.b": [10], "outputGate.b": [10] };
const replaceAtPulse = {
  ...open,
  "forgetGate.Wx": [-20, 0],
  "inputGate.Wx": [20, 0],
  "inputGate.b": [-10],
};

/** What one unit becomes when its gates are forced; the inputs are a pulse (0 or 1) and a value. */
export const machines: readonly Machine[] = [
  {
    name: "latch",
    weights: { ...replaceAtPulse, "candidate.Wx": [0, 2] },
    xs,
    says: "At a pulse it takes the value of the moment, and holds it until the next.",
  },
  {
    name: "erase",
    weights: { ...open, "forgetGate.Wx": [-20, 0], "inputGate.Wx": [-20, 0], "candidate.Wx": [0, 1] },
    xs,
    says: "It piles the values up; a pulse wipes them out.",
  },
  {
    name: "count",
    weights: { ...open, "candidate.Wx": [10, 0] },
    xs,
    says: "It adds one at each pulse and never forgets.",
  },
  {
    name: "toggle",
    weights: { ...replaceAtPulse, "candidate.Wh": [-8], "candidate.b": [3] },
    xs,
    says: "At a pulse it turns over: it must read its own h to know where it stands.",
  },
];
