import type { GradientFlow } from "../measure/gradient-flow.js";
import { Figure } from "./figure.js";
import { baseLayout, brief } from "./style.js";

/** The gradient flow of one network, measured again and again while it trains. */
export interface FlowHistory {
  readonly step: readonly number[];
  readonly flow: readonly GradientFlow[];
}

/**
 * The gradient over the whole of training: lag down, training step across, colour log₁₀ ‖∂L/∂hₜ‖. All networks are
 * drawn on one colour scale, side by side.
 */
export function gradientHeatMapFigure(
  histories: Record<string, FlowHistory>,
  { title = "The gradient at each lag while training" }: { title?: string } = {},
): Figure {
  const names = Object.keys(histories);
  const magnitudes = names.map((name) => {
    const { flow } = histories[name];
    return flow[0].lag.map((_, k) => flow.map(({ norm }) => (norm[k] > 0 ? Math.log10(norm[k]) : Number.NaN)));
  });
  const seen = magnitudes.flat(2).filter(Number.isFinite);
  const [low, high] = [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
  const gap = 0.04;
  const width = (1 - gap * (names.length - 1)) / names.length;
  const axis = (k: number): string => (k === 0 ? "" : String(k + 1));
  return new Figure({
    data: names.map((name, k) => ({
      type: "heatmap",
      name,
      x: histories[name].step,
      y: histories[name].flow[0].lag,
      z: magnitudes[k],
      xaxis: `x${axis(k)}`,
      zmin: low,
      zmax: high,
      colorscale: "Cividis",
      showscale: k === 0,
      colorbar: { title: { text: "log₁₀ ‖∂L/∂hₜ‖" } },
      hovertemplate: `${name}, training step %{x}, lag %{y}: 10^%{z:.1f}<extra></extra>`,
    })),
    layout: {
      ...baseLayout(
        { title, x: "training step", y: "lag T − t, in time steps" },
        { yaxis: { autorange: "reversed" }, hovermode: "closest" },
      ),
      ...Object.fromEntries(
        names.map((name, k) => [
          `xaxis${axis(k)}`,
          { title: { text: `${name}: training step` }, domain: [k * (width + gap), k * (width + gap) + width] },
        ]),
      ),
    },
    alt: `${title}. ${names.map((name) => told(name, histories[name])).join("; ")}.`,
  });
}

function told(name: string, { step, flow }: FlowHistory): string {
  const far = (k: number): string => brief(flow[k].norm[flow[k].norm.length - 1]);
  return `${name}: at the greatest lag the norm is ${far(0)} at step ${step[0]} and ${far(flow.length - 1)} at step ${step[step.length - 1]}`;
}
