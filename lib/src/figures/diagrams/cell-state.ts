import { checkChoice } from "../../tensor/refuse.js";
import type { Diagram } from "./diagram.js";
import { cellBox, circle, drawing, label, layerBox, type Point, wire } from "./parts.js";

const belt = 100; // the height at which the cell state runs
const write: Point = { x: 250, y: belt };
const leave: Point = { x: 370, y: belt };
const valve = { input: { x: write.x, y: 200 }, output: { x: 500, y: 180 } };

/** What stands round the belt: nothing, the two gates of 1997, or those and the forget gate of 2000. */
const stages = ["carousel", "gates", "forget"] as const;
export type CellStateStage = (typeof stages)[number];

const alts: Record<CellStateStage, string> = {
  carousel:
    "The constant error carousel: the cell state c runs from t minus 1 to t on a straight line with nothing on it but a plus; the candidate g, a squashing of the input, is added at the plus, and the squashed cell state is the answer h at t.",
  gates:
    "The memory cell of 1997: on the line of the cell state from c at t minus 1 to c at t there is only a plus. Before the candidate g reaches it, g is multiplied by an input gate i; the squashed cell state is multiplied by an output gate o before it leaves as h at t.",
  forget:
    "The memory cell of 2000: as in 1997 with an input gate i and an output gate o, and now there is a multiplication on the line of the cell state itself: by the forget gate f, before the plus.",
};

/** The conveyor belt, and what was built round it: bare, with the gates of 1997, with the forget gate of 2000. */
export function cellState(stage: CellStateStage = "carousel"): Diagram {
  checkChoice("figures.cellState", "stage", stage, stages);
  const gated = stage !== "carousel";
  const parts = [
    cellBox({ x: 350, y: 175, width: 500, height: 240 }),
    ...theBelt(),
    ...theWayIn(gated),
    ...theWayOut(gated),
    circle(write, "+"),
    ...(stage === "forget" ? gate({ x: 160, y: belt }, "f_t", { from: 180, turned: true }) : []),
  ];
  return drawing(parts, { width: 700, height: 365, alt: alts[stage] });
}

const theBelt = (): string[] => [
  wire(
    "state",
    [
      { x: 30, y: belt },
      { x: 670, y: belt },
    ],
    { width: 5 },
  ),
  label({ x: 62, y: belt - 22 }, "c_{t-1}", { role: "state" }),
  label({ x: 645, y: belt - 22 }, "c_t", { role: "state" }),
];

/** From the input up to the plus. */
const theWayIn = (gated: boolean): string[] => [
  wire("input", [
    { x: write.x, y: 330 },
    { x: write.x, y: 280 },
  ]),
  label({ x: write.x, y: 345 }, "x_t, h_{t-1}", { role: "input" }),
  layerBox({ x: write.x, y: 262, width: 64, height: 36 }, "squash"),
  wire("quiet", [
    { x: write.x, y: 244 },
    { x: write.x, y: belt + 14 },
  ]),
  label({ x: write.x + 20, y: gated ? 228 : 175 }, "g_t"),
  ...(gated ? gate(valve.input, "i_t", { from: 160 }) : []),
];

/** From the belt down through a squashing and out at the right. */
const theWayOut = (gated: boolean): string[] => [
  wire("quiet", [
    { x: leave.x, y: belt },
    { x: leave.x, y: valve.output.y },
    { x: 388, y: valve.output.y },
  ]),
  layerBox({ x: 420, y: valve.output.y, width: 64, height: 36 }, "squash"),
  wire("output", [
    { x: 452, y: valve.output.y },
    { x: 670, y: valve.output.y },
  ]),
  label({ x: 645, y: valve.output.y - 20 }, "h_t"),
  ...(gated ? gate(valve.output, "o_t", { from: valve.output.x, turned: true }) : []),
];

/** A multiplication on a wire and the gate that drives it, from the left or, turned, from below. */
function gate(at: Point, name: string, { from, turned = false }: { from: number; turned?: boolean }): string[] {
  const box = turned ? { x: at.x, y: at.y + 56 } : { x: from, y: at.y };
  const start = turned ? { x: box.x, y: box.y - 16 } : { x: box.x + 20, y: box.y };
  const end = turned ? { x: at.x, y: at.y + 14 } : { x: at.x - 14, y: at.y };
  return [
    wire("quiet", [start, end]),
    layerBox({ ...box, width: 40, height: 32 }, "σ"),
    label(turned ? { x: at.x + 18, y: at.y + 30 } : { x: (start.x + end.x) / 2, y: at.y - 16 }, name),
    circle(at, "×"),
  ];
}
