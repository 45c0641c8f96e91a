import { checkChoice } from "../../tensor/refuse.js";
import type { Diagram } from "./diagram.js";
import { arrivals, candidate, conveyor, dot, forget, input, line, output, way } from "./lstm-cell.js";
import { above, belt, box, bus, column, layers, product } from "./lstm-plan.js";
import { oneStateCell } from "./one-state-cell.js";
import { cellBox, circle, drawing, label, layerBox, missingBox, standingBack } from "./parts.js";

const kinds = ["peephole", "coupled", "1997", "gru", "gru, reset after", "mgu", "janet"] as const;
export type Variant = (typeof kinds)[number];

/**
 * A relative of the LSTM, drawn where `figures.lstmCell()` draws the LSTM: what both have is faint, what is different
 * is in full ink, and a dashed box stands where something is missing.
 *
 *     figures.variant("peephole")
 *
 * @throws RangeError for a name that is not one of them
 */
export function variant(kind: Variant): Diagram {
  checkChoice("figures.variant", "kind", kind, kinds);
  const parts = {
    peephole,
    coupled,
    "1997": first,
    gru: () => oneStateCell("gru"),
    "gru, reset after": () => oneStateCell("gru, reset after"),
    mgu: () => oneStateCell("mgu"),
    janet: () => oneStateCell("janet"),
  };
  const outline = cellBox({ x: 370, y: 192, width: 560, height: 266 });
  return drawing([outline, ...parts[kind]()], { width: 740, height: 390, alt: `${alts[kind]} ${legend}` });
}

const legend = "What it shares with the LSTM is faint; the difference is in full ink.";
const alts: Record<Variant, string> = {
  peephole:
    "An LSTM cell with peepholes: the cell state c at t minus 1 also goes into the forget gate and the input gate, and the new cell state c at t into the output gate.",
  coupled:
    "An LSTM cell with coupled gates: there is no input gate; one minus the forget gate multiplies the candidate.",
  "1997":
    "The LSTM of 1997: there is no forget gate, nothing multiplies the cell state on its way; the candidate is squashed by four sigma minus two, the cell state on its way out by two sigma minus one, and the gates of the step before come in beside h.",
  gru: "A gated recurrent unit: one state h instead of two. The update gate z keeps the old h, one minus z lets in the candidate n, and the reset gate r multiplies the old h before the matrix of the candidate. There is no output gate.",
  "gru, reset after":
    "A gated recurrent unit with the reset gate after the product: the old h goes through the matrix of the candidate first, then the reset gate r multiplies what came out.",
  mgu: "A minimal gated unit: one gate f. It multiplies the old h before the matrix of the candidate and lets in the candidate n; one minus f keeps the old h. There is no output gate.",
  janet:
    "JANET: one state h and one gate. The forget gate keeps the old h; one minus the sigma of the same sum, less beta, lets in the candidate g. There is no output gate.",
};

const common = (...parts: string[][]): string => standingBack(parts.flat());

const peephole = (): string[] => {
  const [early, side] = [162, box.width / 2];
  return [
    common(arrivals({}, column.forget), conveyor({}), forget({}), input({}), candidate({}), output({})),
    dot({ x: early, y: belt }),
    way("state", [early, belt], [early, layers], [column.forget - side, layers]),
    way("state", [early, 128], [column.input - 44, 128], [column.input - 44, layers], [column.input - side, layers]),
    dot({ x: 452, y: belt }),
    way("state", [452, belt], [452, layers], [column.output - side, layers]),
    label({ x: early - 8, y: 190 }, "p_f", { anchor: "end" }),
    label({ x: column.input - 52, y: 190 }, "p_i", { anchor: "end" }),
    label({ x: 460, y: 150 }, "p_o", { anchor: "start" }),
    label({ x: early - 4, y: belt - 20 }, "old c", { role: "note" }),
    label({ x: 452, y: belt - 20 }, "new c", { role: "note" }),
  ];
};

const coupled = (): string[] => {
  const branch = { x: column.forget, y: product };
  const write = { x: column.candidate, y: product };
  return [
    common(arrivals({}, column.forget), conveyor({}), forget({}), candidate({}), output({})),
    common([line("quiet", [column.forget, bus], [column.input, bus])]),
    missingBox({ x: column.input, y: layers }, "no input gate"),
    dot(branch),
    way("quiet", [branch.x, branch.y], [column.input - 18, product]),
    circle({ x: column.input, y: product }, "1−", 18),
    way("quiet", [column.input + 18, product], [write.x - 14, product]),
    circle(write, "×"),
    label({ x: 350, y: product - 16 }, "1−f_t"),
  ];
};

const first = (): string[] => [
  common(arrivals({}, column.forget), conveyor({}), input({}), candidate({}), output({})),
  missingBox({ x: column.forget, y: layers }, "no forget gate"),
  way("state", [column.join, belt], [column.candidate - 14, belt]),
  layerBox({ x: column.candidate, y: layers, ...box }, "4σ−2"),
  layerBox({ x: column.show, y: 138, width: 56, height: 30 }, "2σ−1"),
  label({ x: 16, y: 372 }, "and i_{t-1}, o_{t-1}", { role: "state", anchor: "start" }),
  label({ x: 266, y: above }, "a factor of exactly 1", { role: "note" }),
];
