import type { GradientFlow } from "../../measure/gradient-flow.js";
import { brief } from "../style.js";
import type { Diagram } from "./diagram.js";
import { cellBox, drawing, label, wire } from "./parts.js";

const cell = { width: 16, height: 26 };
const pitch = 34;
const rowHeight = 62;
const thickest = 24; // the width of the gradient as it leaves the last step
const left = 190;

/**
 * Networks unrolled, one below the other. The line between two steps is as thick as the gradient that was measured
 * there, ‖∂L/∂‖ at that lag as a share of what it is at the last step: a network that learns from its past has thick
 * lines far to the left.
 *
 * @param flows by name; the gradient at the cell state is drawn where a network has one
 * @param steps how many time steps to draw
 */
export function gradientWidths(flows: Record<string, GradientFlow>, steps = 20): Diagram {
  const rows = Object.entries(flows).map(([name, flow]) => ({ name, share: shares(flow, steps) }));
  const parts = rows.flatMap(({ name, share }, row) => network(name, share, 46 + row * rowHeight));
  const height = 46 + rows.length * rowHeight;
  const end = left + (steps - 1) * pitch;
  const captions = [
    label({ x: left, y: height - 14 }, `${steps - 1} steps back`, { role: "note" }),
    label({ x: end, y: height - 14 }, "loss here", { role: "note" }),
  ];
  const said = rows.map(
    ({ name, share }) => `${name}: ${brief(share[share.length - 1])} of it arrives ${share.length - 1} steps back`,
  );
  return drawing([...parts, ...captions], {
    width: end + 60,
    height,
    alt: `Unrolled networks. The line between two steps is as thick as the gradient measured there. ${said.join("; ")}.`,
  });
}

/** The gradient at each lag, as a share of the one at lag 0. */
function shares({ norm, cellNorm = norm }: GradientFlow, steps: number): number[] {
  return cellNorm.slice(0, steps).map((v) => v / cellNorm[0]);
}

function network(name: string, share: readonly number[], y: number): string[] {
  const x = (lag: number): number => left + (share.length - 1 - lag) * pitch;
  const lines = share.slice(1).map((part, k) => {
    const width = Math.min(thickest, thickest * part);
    const ends = [
      { x: x(k), y },
      { x: x(k + 1), y },
    ];
    return wire("gradient", ends, { width, tip: false, dashed: false });
  });
  const cells = share.map((_, lag) => cellBox({ x: x(lag), y, ...cell }));
  const out = wire(
    "gradient",
    [
      { x: x(0) + 40, y },
      { x: x(0) + cell.width / 2, y },
    ],
    { width: thickest, tip: false, dashed: false },
  );
  return [out, ...lines, ...cells, label({ x: 20, y }, name, { anchor: "start" })];
}
