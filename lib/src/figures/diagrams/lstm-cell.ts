import { checkChoice, checkNumber, checkOptions } from "../../tensor/refuse.js";
import type { Diagram } from "./diagram.js";
import { above, below, belt, box, bus, column, layers, product } from "./lstm-plan.js";
import { at, cellBox, circle, drawing, group, label, layerBox, type Point, type Role, wire } from "./parts.js";

/** Numbers to write on the wires of a cell of one unit, or of one unit of a larger cell; all of them measured. */
export interface LSTMNumbers {
  /** Several numbers for an input of several features. */
  readonly x?: number | readonly number[];
  readonly hPrev?: number;
  readonly cPrev?: number;
  readonly f?: number;
  readonly i?: number;
  readonly g?: number;
  readonly o?: number;
  readonly c?: number;
  readonly h?: number;
}

export interface LSTMCellDrawing {
  /** Which gate to show alone; the other three are faint. */
  readonly highlight?: "forget" | "input" | "candidate" | "output";
  /** Build the picture up gate by gate, twice. */
  readonly animate?: boolean;
  /** Draw round each × a ring, as far closed as its gate is open. */
  readonly rings?: boolean;
}

const gates = ["forget", "input", "candidate", "output"] as const;
const names = ["x", "hPrev", "cPrev", "f", "i", "g", "o", "c", "h"] as const;

/**
 * An LSTM cell: the cell state runs along the top, h and x arrive at the bottom, four layers between them decide.
 *
 *     figures.lstmCell()                                       the picture
 *     figures.lstmCell({ x: 1, f: 0.27 })                      with measured numbers on its wires
 *     figures.lstmCell({}, { highlight: "forget" })            one gate alone
 *     figures.lstmCell({}, { animate: true })                  built up gate by gate
 *
 * What is kept (f c), what is written (i g) and tanh(c) are worked out from the numbers given.
 * @throws RangeError for a name, a gate or a number that makes no sense
 */
export function lstmCell(numbers: LSTMNumbers = {}, options: LSTMCellDrawing = {}): Diagram {
  checkOptions("figures.lstmCell", options, ["highlight", "animate", "rings"]);
  checkOptions("figures.lstmCell: numbers", numbers, names);
  for (const name of names) {
    for (const value of [numbers[name] ?? []].flat()) checkNumber("figures.lstmCell", name, value);
  }
  const { highlight, animate = false, rings = false } = options;
  if (highlight !== undefined) checkChoice("figures.lstmCell", "highlight", highlight, gates);
  const part = { forget, input, candidate, output };
  const turns = [
    [cellBox({ x: 370, y: 192, width: 560, height: 266 }), ...arrivals(numbers, column[highlight ?? "forget"])],
    conveyor(numbers),
    ...gates.map((gate) => faint(part[gate](numbers), highlight !== undefined && gate !== highlight)),
    ...(rings ? [openings(numbers)] : []),
  ];
  return drawing(
    turns.map((parts, turn) => group(parts, animate ? turn : undefined)),
    { width: 740, height: 390, alt: told(numbers, highlight), turns: animate ? moves : [] },
  );
}

const moves = [
  "Two things arrive: what the cell showed one step ago, h, and what is new, x. They join and go to every layer.",
  "The memory c comes in at the left and leaves at the right. So far nothing touches it.",
  "The forget gate gives a share between 0 and 1; the memory is multiplied by it.",
  "The input gate gives another share: how much may be written.",
  "The candidate is what would be written, with a sign. Gate times candidate is added to the memory.",
  "The output gate decides how much of the new memory, squashed by tanh, is shown: the new h.",
];

/** Three decimals, or three digits from 10 on: what fits beside a wire. */
export const said = (value: number): string =>
  String(Number(Math.abs(value) < 10 ? value.toFixed(3) : value.toPrecision(3)) + 0).replace("-", "−");
const listed = (value: number | readonly number[]): string => [value].flat().map(said).join(", ");
const named = (name: string, value: number | readonly number[] | undefined): string =>
  value === undefined ? name : `${name} = ${listed(value)}`;
const times = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a * b;
const faint = (parts: string[], hide: boolean): string[] =>
  hide ? [`<g opacity="0.16">${parts.join("")}</g>`] : parts;

/** A wire through alternating x and y: way("quiet", [x0, y0], [x1, y1]). */
export const way = (role: Role, ...points: [number, number][]): string =>
  wire(
    role,
    points.map(([x, y]) => ({ x, y })),
  );
export const line = (role: Role, ...points: [number, number][]): string =>
  wire(
    role,
    points.map(([x, y]) => ({ x, y })),
    { tip: false },
  );
export const dot = ({ x, y }: Point): string => `<circle class="tip output" cx="${at(x)}" cy="${at(y)}" r="4"/>`;

/** h from the left and x from below: one bus that all four layers read. */
export const arrivals = ({ x, hPrev }: LSTMNumbers, end: number): string[] => [
  line("state", [22, bus], [column.join, bus]),
  way("input", [column.join, 360], [column.join, bus + 4]),
  line("quiet", [column.join, bus], [end, bus]),
  dot({ x: column.join, y: bus }),
  label({ x: 16, y: below }, named("h_{t-1}", hPrev), { role: "state", anchor: "start" }),
  label({ x: column.join, y: 372 }, named("x_t", x), { role: "input" }),
];

/** The cell state's own way, from left to right. */
export const conveyor = ({ cPrev, c }: LSTMNumbers): string[] => [
  way("state", [22, belt], [718, belt]),
  label({ x: 16, y: above }, named("c_{t-1}", cPrev), { role: "state", anchor: "start" }),
  label({ x: 724, y: above }, named("c_t", c), { role: "state", anchor: "end" }),
];

/** The layer of a gate on its tap from the bus, with the gate's name below. */
const layer = (gate: (typeof gates)[number], text: string): string[] => {
  const x = column[gate];
  const before = { forget: column.forget, input: column.forget, candidate: column.input, output: column.candidate };
  return [
    ...(gate === "forget" ? [] : [line("quiet", [before[gate], bus], [x, bus])]),
    way("quiet", [x, bus], [x, layers + box.height / 2]),
    layerBox({ x, y: layers, ...box }, text),
    label({ x, y: bus + 20 }, gate, { role: "note" }),
  ];
};

export const forget = ({ f, cPrev }: LSTMNumbers): string[] => [
  ...layer("forget", "σ"),
  way("quiet", [column.forget, layers - box.height / 2], [column.forget, belt + 14]),
  circle({ x: column.forget, y: belt }, "×"),
  label({ x: column.forget + 8, y: 150 }, named("f_t", f), { anchor: "start" }),
  kept(times(f, cPrev)),
];

const kept = (value: number | undefined): string =>
  value === undefined ? "" : label({ x: 300, y: belt - 16 }, said(value), { role: "state number" });

export const input = ({ i }: LSTMNumbers): string[] => [
  ...layer("input", "σ"),
  way("quiet", [column.input, layers - box.height / 2], [column.input, product], [column.candidate - 14, product]),
  circle({ x: column.candidate, y: product }, "×"),
  label({ x: column.input - 8, y: product + 26 }, named("i_t", i), { anchor: "end" }),
];

export const candidate = ({ g, i }: LSTMNumbers): string[] => [
  ...layer("candidate", "tanh"),
  way("quiet", [column.candidate, layers - box.height / 2], [column.candidate, product + 14]),
  way("quiet", [column.candidate, product - 14], [column.candidate, belt + 14]),
  circle({ x: column.candidate, y: product }, "×"),
  circle({ x: column.candidate, y: belt }, "+"),
  label({ x: column.candidate + 8, y: 197 }, named("g_t", g), { anchor: "start" }),
  written(times(i, g)),
];

const written = (value: number | undefined): string =>
  value === undefined
    ? ""
    : label({ x: column.candidate + 8, y: 133 }, said(value), { role: "number", anchor: "start" });

export const output = ({ o, c, h }: LSTMNumbers): string[] => [
  ...layer("output", "σ"),
  dot({ x: column.show, y: belt }),
  way("quiet", [column.show, belt], [column.show, 122]),
  layerBox({ x: column.show, y: 138, width: 56, height: 30 }, "tanh"),
  way("quiet", [column.show, 153], [column.show, 190]),
  way("quiet", [column.output, layers - box.height / 2], [column.output, 204], [column.show - 14, 204]),
  circle({ x: column.show, y: 204 }, "×"),
  way("state", [column.show, 218], [column.show, bus], [718, bus]),
  label({ x: column.output + 40, y: 174 }, named("o_t", o)),
  c === undefined ? "" : label({ x: column.show + 6, y: 170 }, said(Math.tanh(c)), { role: "number", anchor: "start" }),
  label({ x: 724, y: below }, named("h_t", h), { role: "state", anchor: "end" }),
];

/** A ring round each × that a gate drives: closed where the gate is open, gone where it is shut. */
const openings = ({ f = 0, i = 0, o = 0 }: LSTMNumbers): string[] => [
  ring({ x: column.forget, y: belt }, f),
  ring({ x: column.candidate, y: product }, i),
  ring({ x: column.show, y: 204 }, o),
];

const ring = ({ x, y }: Point, share: number): string =>
  `<circle class="ring" cx="${at(x)}" cy="${at(y)}" r="17" pathLength="1" stroke-dasharray="${at(share)} 2" transform="rotate(-90 ${at(x)} ${at(y)})"/>`;

const spoken: Record<(typeof names)[number], string> = {
  x: "x",
  hPrev: "previous h",
  cPrev: "previous c",
  f: "forget gate",
  i: "input gate",
  g: "candidate",
  o: "output gate",
  c: "new c",
  h: "new h",
};

function told(numbers: LSTMNumbers, highlight: LSTMCellDrawing["highlight"]): string {
  const values = names.filter((name) => numbers[name] !== undefined);
  const read = values
    .map((name) => `${spoken[name]} ${listed(numbers[name] as number | readonly number[])}`)
    .join(", ");
  const alone = highlight ? ` Only the ${highlight} layer is in full ink.` : "";
  return `Inside an LSTM cell. The cell state runs along the top from c at t minus 1 to c at t: it is multiplied by the forget gate, then the product of input gate and candidate is added. The hidden state h at t minus 1 and the input x at t come in at the bottom and feed all four layers, three sigmoids and one tanh. The new h at t is the output gate times tanh of the new c.${alone}${read ? ` Numbers: ${read}.` : ""}`;
}
