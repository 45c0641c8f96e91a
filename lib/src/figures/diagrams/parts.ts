import { palette } from "../style.js";
import { Diagram, escapeXml } from "./diagram.js";

/**
 * The visual language of every drawing in the course. The state runs from left to right in blue, inputs rise from
 * below in green, answers leave at the top in ink, gradients come back dashed in vermilion; a layer is an orange
 * box, arithmetic is a circle, the outline of a cell is grey.
 */
export type Role = "state" | "input" | "output" | "gradient" | "quiet";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The rules of both inks. A drawing carries them; a page that holds drawings inline sets them once. */
export const ink = {
  light: `
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:15px;fill:#1f2328;text-anchor:middle}
.paper{fill:#ffffff;stroke:#d0d7de}.cell{fill:#f3f5f7;stroke:#8c959f;stroke-width:1.5}
.layer{fill:#fbe3b5;stroke:#b57600;stroke-width:1.5}.round{fill:#ffffff;stroke:#1f2328;stroke-width:1.5}.ring{fill:none;stroke:#b57600;stroke-width:5}
.note{font-size:13px;fill:#57606a}.number{font-size:13px;font-variant-numeric:tabular-nums}
.wire{fill:none}.state{stroke:#0072B2}.input{stroke:#00805d}.output{stroke:#1f2328}.gradient{stroke:#C24E00}.quiet{stroke:#8c959f}
.tip.state{fill:#0072B2}.tip.input{fill:#00805d}.tip.output{fill:#1f2328}.tip.gradient{fill:#C24E00}.tip.quiet{fill:#8c959f}.tip{stroke:none}
text.state{fill:#00639b;stroke:none}text.input{fill:#007051;stroke:none}text.gradient{fill:#b04700;stroke:none}`,
  dark: `
text{fill:#e6edf3}.paper{fill:#161b22;stroke:#3d444d}.cell{fill:#22272e;stroke:#768390}
.layer{fill:#5a4210;stroke:${palette.orange}}.round{fill:#161b22;stroke:#e6edf3}.ring{stroke:${palette.orange}}.note{fill:#adbac7}
.state{stroke:${palette.sky}}.input{stroke:#2cc79b}.output{stroke:#e6edf3}.gradient{stroke:#ff8a4c}
.tip.state{fill:${palette.sky}}.tip.input{fill:#2cc79b}.tip.output{fill:#e6edf3}.tip.gradient{fill:#ff8a4c}
text.state{fill:#7cc4f0}text.input{fill:#4fd6ae}text.gradient{fill:#ffa477}`,
};
const style = `${ink.light}\n@media (prefers-color-scheme:dark){${ink.dark}}`;

export interface DrawingOptions {
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  /** What each group with a turn adds to a build-up, one sentence each. */
  readonly turns?: readonly string[];
}

/** Puts the parts on paper. */
export function drawing(parts: readonly string[], { width, height, alt, turns = [] }: DrawingOptions): Diagram {
  const css = turns.length > 0 ? buildUp(turns.length) : "";
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(alt)}</title><style>${style}${css}</style>`,
    `<rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
  return new Diagram(`${svg}\n`, alt, turns);
}

/** A coordinate with at most two decimals: the same text on every machine. */
export const at = (value: number): string => String(Math.round(value * 100) / 100 + 0);

/** Text with subscripts as TeX writes them: "h_{t-1}", "W_x". */
export function label(
  { x, y }: Point,
  text: string,
  { role = "", anchor = "middle" }: { role?: string; anchor?: string } = {},
): string {
  const pieces = text.split(/_(\{[^}]*\}|\S)/).map((piece, k) => (k % 2 === 0 ? escapeXml(piece) : subscript(piece)));
  const style = anchor === "middle" ? "" : ` style="text-anchor:${anchor}"`;
  return `<text class="${role}" x="${at(x)}" y="${at(y + 5)}"${style}>${pieces.join("")}</text>`;
}

/** Lower and smaller, then back up by an empty step of the line. */
function subscript(piece: string): string {
  const text = escapeXml(piece.replace(/[{}]/g, "")).replace(/-/g, "−");
  return `<tspan dy="4" font-size="75%">${text}</tspan><tspan dy="-4">\u200b</tspan>`;
}

export interface WireOptions {
  readonly width?: number;
  /** An arrow's head at the end. Default true. */
  readonly tip?: boolean;
  readonly dashed?: boolean;
}

/** A line through points, with rounded corners and a head at its end. */
export function wire(
  role: Role,
  points: readonly Point[],
  { width = 2.5, tip = true, dashed = role === "gradient" }: WireOptions = {},
): string {
  const end = points[points.length - 1];
  const before = points[points.length - 2];
  const size = 5 + width;
  const length = Math.hypot(end.x - before.x, end.y - before.y);
  const along = { x: (end.x - before.x) / length, y: (end.y - before.y) / length };
  const neck = tip ? { x: end.x - along.x * size, y: end.y - along.y * size } : end;
  const line = `<path class="wire ${role}" stroke-width="${at(width)}"${dashed ? ' stroke-dasharray="6 4"' : ""} d="${rounded([...points.slice(0, -1), neck])}"/>`;
  if (!tip) return line;
  const half = { x: (-along.y * size) / 1.7, y: (along.x * size) / 1.7 };
  const corners = [end, { x: neck.x + half.x, y: neck.y + half.y }, { x: neck.x - half.x, y: neck.y - half.y }];
  return `${line}<polygon class="tip ${role}" points="${corners.map(({ x, y }) => `${at(x)},${at(y)}`).join(" ")}"/>`;
}

/** A path whose inner corners are rounded by quadratic curves. */
function rounded(points: readonly Point[], radius = 10): string {
  const toward = (from: Point, to: Point): Point => {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const share = Math.min(radius, length / 2) / (length || 1);
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  };
  const text = ({ x, y }: Point): string => `${at(x)} ${at(y)}`;
  const corners = points
    .slice(1, -1)
    .map((corner, k) => `L${text(toward(corner, points[k]))} Q${text(corner)} ${text(toward(corner, points[k + 2]))}`);
  return `M${text(points[0])} ${corners.join(" ")} L${text(points[points.length - 1])}`;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The outline of a cell, centred on x, y. */
export const cellBox = ({ x, y, width, height }: Box): string =>
  `<rect class="cell" x="${at(x - width / 2)}" y="${at(y - height / 2)}" width="${at(width)}" height="${at(height)}" rx="12"/>`;

/** A layer or a squashing: what it computes stands in the box. */
export const layerBox = ({ x, y, width, height }: Box, text: string): string =>
  `<rect class="layer" x="${at(x - width / 2)}" y="${at(y - height / 2)}" width="${at(width)}" height="${at(height)}" rx="5"/>${label({ x, y }, text)}`;

/** Arithmetic on whole vectors: "+", "×". */
export const circle = ({ x, y }: Point, text: string, radius = 14): string =>
  `<circle class="round" cx="${at(x)}" cy="${at(y)}" r="${at(radius)}"/>${label({ x, y }, text)}`;

/** Parts that appear together; `turn` is their place in a build-up. */
export const group = (parts: readonly string[], turn?: number): string =>
  `<g${turn === undefined ? "" : ` class="turn turn${turn}"`}>${parts.join("")}</g>`;

/** A dashed box where something is missing, and what it is. */
export const missingBox = ({ x, y }: Point, text: string): string =>
  `<rect class="wire quiet" x="${at(x - 28)}" y="${at(y - 18)}" width="56" height="36" rx="5" stroke-width="1.5" stroke-dasharray="4 4"/>${label({ x, y: y + 30 }, text, { role: "note" })}`;

/** Parts that stand back: there to compare with, not to look at. */
export const standingBack = (parts: readonly string[]): string => `<g opacity="0.33">${parts.join("")}</g>`;

/** The style of a build-up: turn after turn appears, all stay; twice, then it rests. Still on paper and where motion is unwelcome. */
function buildUp(turns: number, { secondsEach = 1.2, rest = 2 } = {}): string {
  const total = turns * secondsEach + rest;
  const rules = Array.from({ length: turns }, (_, k) => {
    const start = (100 * k * secondsEach) / total;
    const hidden = k === 0 ? "" : `0%,${at(start)}%{opacity:0}`;
    return `@keyframes turn${k}{${hidden}${at(start + 4)}%,100%{opacity:1}}.turn${k}{animation:turn${k} ${at(total)}s 2}`;
  });
  return `@media screen and (prefers-reduced-motion:no-preference){${rules.join("")}}`;
}
