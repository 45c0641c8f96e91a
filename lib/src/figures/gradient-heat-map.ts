import type { GradientFlow } from "../measure/gradient-flow.js";
import { Figure, type PlotlyObject } from "./figure.js";
import { baseLayout, brief } from "./style.js";

/** The gradient flow of one network, measured again and again while it trains. */
export interface FlowHistory {
  readonly step: readonly number[];
  readonly flow: readonly GradientFlow[];
}

/** The histories of some networks at one setting of a parameter. */
export interface HistoriesAt {
  readonly value: number;
  readonly histories: Record<string, FlowHistory>;
}

/**
 * The gradient over the whole of training: lag down, training step across, colour log₁₀ ‖∂L/∂hₜ‖. All networks are
 * drawn on one colour scale, side by side.
 */
export function gradientHeatMapFigure(
  histories: Record<string, FlowHistory>,
  { title = "The gradient at each lag while training" }: { title?: string } = {},
): Figure {
  return new Figure({
    data: panels(histories, rangeOf([histories]), true),
    layout: layoutOf(Object.keys(histories), title),
    alt: `${title}. ${spoken(histories)}.`,
  });
}

/**
 * The same with a slider for a parameter. Every setting was trained and measured; the slider chooses which is seen, so
 * it works without a kernel. All settings share one colour scale.
 *
 * @param settings in rising order of value, all with the same networks; `parameter` names what the slider moves
 */
export function gradientHeatMapSliderFigure(
  settings: readonly HistoriesAt[],
  { title, parameter, start = 0 }: { title: string; parameter: string; start?: number },
): Figure {
  const names = Object.keys(settings[0].histories);
  const range = rangeOf(settings.map(({ histories }) => histories));
  const data = settings.flatMap(({ histories }, at) => panels(histories, range, at === start));
  const steps = settings.map(({ value }, at) => ({
    label: brief(value),
    method: "restyle",
    args: [{ visible: data.map((_, k) => Math.floor(k / names.length) === at) }],
  }));
  const sliders = [{ active: start, currentvalue: { prefix: `${parameter}: ` }, pad: { t: 64 }, steps }];
  return new Figure({
    data,
    layout: { ...layoutOf(names, title), sliders, height: 520 },
    alt: `${title}, with a slider for ${parameter}. ${settings.map(({ value, histories }) => `${brief(value)}: ${spoken(histories)}`).join(". ")}.`,
  });
}

const magnitudes = ({ flow }: FlowHistory): number[][] =>
  flow[0].lag.map((_, k) => flow.map(({ norm }) => (norm[k] > 0 ? Math.log10(norm[k]) : Number.NaN)));

function rangeOf(all: readonly Record<string, FlowHistory>[]): [number, number] {
  const seen = all
    .flatMap((histories) => Object.values(histories).flatMap(magnitudes))
    .flat()
    .filter(Number.isFinite);
  return [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
}

const axis = (k: number): string => (k === 0 ? "" : String(k + 1));

/** One heat map per network, each on its own x axis. */
const panels = (
  histories: Record<string, FlowHistory>,
  [zmin, zmax]: readonly [number, number],
  visible: boolean,
): PlotlyObject[] =>
  Object.entries(histories).map(([name, history], k) => ({
    type: "heatmap",
    name,
    x: history.step,
    y: history.flow[0].lag,
    z: magnitudes(history),
    xaxis: `x${axis(k)}`,
    zmin,
    zmax,
    visible,
    colorscale: "Cividis",
    showscale: k === 0,
    colorbar: { title: { text: "log₁₀ ‖∂L/∂hₜ‖" } },
    hovertemplate: `${name}, training step %{x}, lag %{y}: 10^%{z:.1f}<extra></extra>`,
  }));

function layoutOf(names: readonly string[], title: string): PlotlyObject {
  const gap = 0.04;
  const width = (1 - gap * (names.length - 1)) / names.length;
  const across = names.map((name, k) => [
    `xaxis${axis(k)}`,
    { title: { text: `${name}: training step` }, domain: [k * (width + gap), k * (width + gap) + width] },
  ]);
  const base = baseLayout(
    { title, x: "training step", y: "lag T − t, in time steps" },
    { yaxis: { autorange: "reversed" }, hovermode: "closest" },
  );
  return { ...base, ...Object.fromEntries(across) };
}

const spoken = (histories: Record<string, FlowHistory>): string =>
  Object.entries(histories)
    .map(([name, { step, flow }]) => {
      const far = (k: number): string => brief(flow[k].norm[flow[k].norm.length - 1]);
      return `${name}: at the greatest lag the norm is ${far(0)} at step ${step[0]} and ${far(flow.length - 1)} at step ${step[step.length - 1]}`;
    })
    .join("; ");
