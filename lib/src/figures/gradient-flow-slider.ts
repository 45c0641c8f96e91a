import type { GradientFlow } from "../measure/gradient-flow.js";
import { Figure } from "./figure.js";
import { baseLayout, brief, lineStyles, logAxis } from "./style.js";

/** The flows of some networks at one setting of a parameter. */
export interface FlowsAt {
  readonly value: number;
  readonly flows: Record<string, GradientFlow>;
}

/**
 * Gradient flow with a slider for a parameter. Every setting was measured; the slider only chooses which measurement
 * is seen, so it works without a kernel.
 *
 * @param settings in rising order of value, all with the same networks; `parameter` names what the slider moves
 */
export function gradientFlowSliderFigure(
  settings: readonly FlowsAt[],
  { title, parameter, start = 0 }: { title: string; parameter: string; start?: number },
): Figure {
  const styles = lineStyles(Object.keys(settings[0].flows));
  const curves = settings.flatMap(({ flows }, at) =>
    Object.entries(flows).map(([name, { lag, norm }], index) => ({
      type: "scatter",
      mode: "lines",
      name,
      x: lag,
      y: norm.map((v) => (v > 0 ? v : null)),
      line: styles[index],
      visible: at === start,
      hovertemplate: "%{y:.1e}",
    })),
  );
  const each = Object.keys(settings[0].flows).length;
  const seen = settings.flatMap(({ flows }) => Object.values(flows).flatMap(({ norm }) => norm)).filter((v) => v > 0);
  const [low, high] = [Math.log10(Math.min(...seen)), Math.log10(Math.max(...seen))];
  const steps = settings.map(({ value }, at) => ({
    label: brief(value),
    method: "restyle",
    args: [{ visible: curves.map((_, k) => Math.floor(k / each) === at) }],
  }));
  const far = ({ flows }: FlowsAt): string =>
    Object.entries(flows)
      .map(([name, { lag, norm }]) => `${name} ${brief(norm[norm.length - 1])} at lag ${lag[lag.length - 1]}`)
      .join(", ");
  return new Figure({
    data: curves,
    layout: baseLayout(
      { title, x: "lag T − t, in time steps", y: "‖∂L/∂hₜ‖" },
      {
        yaxis: { ...logAxis, range: [low - 0.5, high + 0.5] },
        sliders: [{ active: start, currentvalue: { prefix: `${parameter}: ` }, pad: { t: 48 }, steps }],
        legend: { x: 1, xanchor: "right", y: 0.99 },
        height: 520,
        showlegend: each > 1,
      },
    ),
    alt: `${title}, with a slider for ${parameter}. ${settings.map((setting) => `${brief(setting.value)}: ${far(setting)}`).join("; ")}.`,
  });
}
