import { checkChoice, checkNumber, checkOptions } from "../../tensor/refuse.js";
import type { Diagram } from "./diagram.js";
import { said } from "./lstm-cell.js";
import { above, below, belt, box, bus, column, layers, product, shown } from "./lstm-plan.js";
import { cellBox, circle, drawing, group, label, layerBox, wire } from "./parts.js";

/** Gradients of a loss to write on the wires, all of them measured; f, i, g, o are those at the layers' sums. */
export interface LSTMGradientNumbers {
  readonly dh?: number;
  /** What the step after sends along the cell state: dc f of that step. */
  readonly dcNext?: number;
  readonly dc?: number;
  readonly f?: number;
  readonly i?: number;
  readonly g?: number;
  readonly o?: number;
  readonly dcPrev?: number;
  readonly dhPrev?: number;
}

export interface LSTMGradientDrawing {
  /** "highway": the cell path alone, the side roads faint; "side roads": the other way round. */
  readonly highlight?: "highway" | "side roads";
  /** Build the way back up move by move. */
  readonly animate?: boolean;
}

const names = ["dh", "dcNext", "dc", "f", "i", "g", "o", "dcPrev", "dhPrev"] as const;

/**
 * The way back through an LSTM cell: the drawing of `figures.lstmCell` with every arrow turned round. Where the
 * forward pass forks, gradients add up; where it adds, they are copied.
 *
 *     figures.lstmGradients()                                  the picture
 *     figures.lstmGradients({ dh: 1, dc: 0.43 })               with measured numbers on its wires
 *     figures.lstmGradients({}, { highlight: "highway" })      the cell path alone
 *     figures.lstmGradients({}, { animate: true })             built up move by move
 *
 * @throws RangeError for a name or a number that makes no sense
 */
export function lstmGradients(numbers: LSTMGradientNumbers = {}, options: LSTMGradientDrawing = {}): Diagram {
  checkOptions("figures.lstmGradients", options, ["highlight", "animate"]);
  checkOptions("figures.lstmGradients: numbers", numbers, names);
  for (const name of names) {
    if (numbers[name] !== undefined) checkNumber("figures.lstmGradients", name, numbers[name]);
  }
  const { highlight, animate = false } = options;
  if (highlight) checkChoice("figures.lstmGradients", "highlight", highlight, ["highway", "side roads"]);
  const faintRoads = highlight === "highway";
  const turns = [
    [cellBox({ x: 370, y: 192, width: 560, height: 266 }), ...faint(arriving(numbers), faintRoads)],
    faint(throughTheOutput(), faintRoads),
    faint(meeting(numbers), highlight === "side roads"),
    faint(throughTheWriting(), faintRoads),
    [...faint(onTheBelt(numbers), highlight === "side roads"), ...faint(toTheForgetGate(), faintRoads)],
    faint(throughTheWeights(numbers), faintRoads),
  ];
  return drawing([...turns.map((parts, turn) => group(parts, animate ? turn : undefined)), ...boxes], {
    width: 740,
    height: 372,
    alt: told(numbers, highlight),
    turns: animate ? moves : [],
  });
}

const moves = [
  "dh arrives: how much the loss changes with h, from the loss itself and from the step after.",
  "At the product it goes two ways: to the output gate, times tanh(c), and up to the memory, times o and the slope of tanh.",
  "There it meets what the step after sends along the cell state. c was used twice, so the two add up: dc.",
  "A sum hands its gradient on unchanged. One copy goes down to the input gate, times g, and to the candidate, times i.",
  "The other copy goes on along the cell state. Its one factor is f: this is the highway. The forget gate gets dc times the old c.",
  "Through the slopes of the four layers and their weights on h, all side roads join and leave as dh of the step before.",
];

const named = (name: string, value: number | undefined): string =>
  value === undefined ? name : `${name} = ${said(value)}`;
const faint = (parts: string[], hide: boolean): string[] =>
  hide ? [`<g opacity="0.16">${parts.join("")}</g>`] : parts;
const back = (width: number, ...points: [number, number][]): string =>
  wire(
    "gradient",
    points.map(([x, y]) => ({ x, y })),
    { width },
  );
const road = (...points: [number, number][]): string => back(2.5, ...points);
const highway = (...points: [number, number][]): string => back(5, ...points);
const named4 = ["forget", "input", "candidate", "output"] as const;
const roof = layers - box.height / 2;

const boxes: string[] = [
  ...named4.flatMap((name) => [
    layerBox({ x: column[name], y: layers, ...box }, name === "candidate" ? "tanh" : "σ"),
    label({ x: column[name], y: bus + 20 }, name, { role: "note" }),
  ]),
  layerBox({ x: column.show, y: 138, width: 56, height: 30 }, "tanh"),
  circle({ x: column.forget, y: belt }, "×"),
  circle({ x: column.candidate, y: belt }, "+"),
  circle({ x: column.candidate, y: product }, "×"),
  circle({ x: column.show, y: shown }, "×"),
];

const arriving = ({ dh }: LSTMGradientNumbers): string[] => [
  road([718, bus], [column.show, bus], [column.show, shown + 14]),
  label({ x: 724, y: below }, named("dh_t", dh), { role: "gradient", anchor: "end" }),
];

const throughTheOutput = (): string[] => [
  road([column.show - 14, shown], [column.output, shown], [column.output, roof]),
  road([column.show, shown - 14], [column.show, 153]),
  road([column.show, 123], [column.show, belt + 12]),
  label({ x: column.output + 40, y: 184 }, "· tanh c", { role: "note" }),
  label({ x: column.show + 8, y: 172 }, "· o", { role: "note", anchor: "start" }),
];

/** A fork of the forward pass: here two gradients add up. */
const meeting = ({ dcNext, dc }: LSTMGradientNumbers): string[] => [
  highway([718, belt], [column.show + 12, belt]),
  label({ x: 724, y: above }, named("from t + 1", dcNext), { role: "gradient", anchor: "end" }),
  circle({ x: column.show, y: belt }, "+", 11),
  highway([column.show - 12, belt], [column.candidate + 14, belt]),
  label({ x: 496, y: belt - 18 }, named("dc_t", dc), { role: "gradient" }),
];

const throughTheWriting = (): string[] => [
  road([column.candidate, belt + 14], [column.candidate, product - 14]),
  road([column.candidate, product + 14], [column.candidate, roof]),
  road([column.candidate - 14, product], [column.input, product], [column.input, roof]),
  label({ x: column.candidate + 8, y: 196 }, "· i", { role: "note", anchor: "start" }),
  label({ x: 350, y: product - 14 }, "· g", { role: "note" }),
];

const onTheBelt = ({ dcPrev }: LSTMGradientNumbers): string[] => [
  highway([column.candidate - 14, belt], [column.forget + 14, belt]),
  highway([column.forget - 14, belt], [22, belt]),
  label({ x: 150, y: belt - 18 }, "· f_t", { role: "gradient" }),
  label({ x: 16, y: above }, named("to c_{t-1}", dcPrev), { role: "gradient", anchor: "start" }),
];

const toTheForgetGate = (): string[] => [
  road([column.forget, belt + 14], [column.forget, roof]),
  label({ x: column.forget + 8, y: 150 }, "· c_{t-1}", { role: "note", anchor: "start" }),
];

const throughTheWeights = (numbers: LSTMGradientNumbers): string[] => [
  ...named4.map((name) => road([column[name], layers + box.height / 2], [column[name], bus - 3])),
  road([column.output, bus], [22, bus]),
  ...(["f", "i", "g", "o"] as const).map((name, k) =>
    label({ x: column[named4[k]] + 8, y: 263 }, numbers[name] === undefined ? "" : said(numbers[name] as number), {
      role: "gradient number",
      anchor: "start",
    }),
  ),
  label({ x: 60, y: bus - 16 }, "· W_h", { role: "note" }),
  label({ x: 16, y: below }, named("dh_{t-1}", numbers.dhPrev), { role: "gradient", anchor: "start" }),
];

const spoken: Record<(typeof names)[number], string> = {
  dh: "dh",
  dcNext: "along the cell state from the step after",
  dc: "dc",
  f: "at the forget gate's sum",
  i: "at the input gate's sum",
  g: "at the candidate's sum",
  o: "at the output gate's sum",
  dcPrev: "to the previous c",
  dhPrev: "to the previous h by the weights",
};

function told(numbers: LSTMGradientNumbers, highlight?: string): string {
  const values = names.filter((name) => numbers[name] !== undefined);
  const read = values.map((name) => `${spoken[name]} ${said(numbers[name] as number)}`).join(", ");
  const alone = highlight ? ` Only the ${highlight} ${highlight === "highway" ? "is" : "are"} in full ink.` : "";
  return `The way back through an LSTM cell, all arrows from right to left. dh comes in at the bottom right and splits at the output gate's product; its upper part is added on the cell state's line to what comes from the step after, which gives dc. dc is copied at the plus: one copy goes down to input gate and candidate, the other on along the line, multiplied by the forget gate alone, to c at t minus 1. From the four layers the gradient goes through their weights to h at t minus 1.${alone}${read ? ` Gradients: ${read}.` : ""}`;
}
