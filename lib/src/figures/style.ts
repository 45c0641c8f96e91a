import type { PlotlyObject } from "./figure.js";

/** Okabe & Ito (2008): eight colours that colour-blind readers can tell apart. The same thing has the same colour in every figure. */
export const palette = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  vermilion: "#D55E00",
  purple: "#CC79A7",
  sky: "#56B4E9",
  yellow: "#F0E442",
  grey: "#7F7F7F",
} as const;

const order = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.grey,
];
const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid"];
const known: Record<string, number> = { LSTM: 0, RNN: 1, GRU: 2 };

/**
 * Colour and dash of each named curve, so that neither alone has to carry it. LSTM, RNN and GRU look the same in every
 * figure; the other names share what they leave.
 */
export function lineStyles(names: readonly string[]): { color: string; dash: string }[] {
  const taken = names.flatMap((name) => (name in known ? [known[name]] : []));
  const free = order.map((_, slot) => slot).filter((slot) => !taken.includes(slot));
  let next = 0;
  return names.map((name) => {
    const slot = known[name] ?? free[next++ % free.length];
    return { color: order[slot], dash: dashes[slot] };
  });
}

/** "#0072B2" with an alpha of its own. */
export function faded(color: string, alpha: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

export interface FrameText {
  title: string;
  x: string;
  y: string;
}

/** The layout that every plot starts from: a title that says what is shown, axes with units, no background. */
export function baseLayout({ title, x, y }: FrameText, more: PlotlyObject = {}): PlotlyObject {
  const { xaxis, yaxis, ...rest } = more as { xaxis?: PlotlyObject; yaxis?: PlotlyObject };
  return {
    title: { text: title, font: { size: 16 }, x: 0, xanchor: "left", xref: "container", pad: { l: 16 } },
    xaxis: { title: { text: x }, zeroline: false, ...xaxis },
    yaxis: { title: { text: y, standoff: 12 }, zeroline: false, automargin: true, ...yaxis },
    margin: { l: 72, r: 24, t: 56, b: 56 },
    height: 420,
    hovermode: "x unified",
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    legend: { orientation: "h", y: -0.25 },
    ...rest,
  };
}

/** Ticks of a logarithmic axis as powers of ten. */
export const logAxis: PlotlyObject = { type: "log", exponentformat: "power" };

/** A number as prose shows it: 0.167, 3.2e-9, 12. */
export function brief(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A slider over the frames of a figure, and below it a button that plays them; `active` is the frame to begin with. */
export function frameSlider(
  names: readonly string[],
  { prefix, active = 0, milliseconds = 250 }: { prefix: string; active?: number; milliseconds?: number },
): PlotlyObject {
  const still = { mode: "immediate", transition: { duration: 0 }, frame: { duration: milliseconds, redraw: false } };
  const steps = names.map((name) => ({ label: name, method: "animate", args: [[name], still] }));
  const play = { label: "play", method: "animate", args: [null, { ...still, fromcurrent: active === 0 }] };
  const below = { x: 0, xanchor: "left", y: 0, yanchor: "top" };
  return {
    sliders: [{ active, currentvalue: { prefix }, pad: { t: 48 }, steps }],
    updatemenus: [{ type: "buttons", showactive: false, ...below, pad: { t: 140 }, buttons: [play] }],
  };
}
