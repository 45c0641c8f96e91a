import { forgetGateAt, halfLife } from "../measure/memory.js";
import { Figure, type PlotlyObject } from "./figure.js";
import { baseLayout, brief, lineStyles, palette } from "./style.js";

const horizon = 100;

/**
 * How long a cell state lasts when only the forget gate's bias speaks: what is left of it after each of 100 steps, fᵗ
 * with f = σ(bias), and its half-life. A slider moves the bias.
 *
 * @param biases in rising order; `start` is the index of the one that is shown first
 */
export function halfLifeFigure(
  biases: readonly number[],
  { title = "How long a memory lasts, by the forget gate's bias", start = 0 }: { title?: string; start?: number } = {},
): Figure {
  const lives = biases.map((bias) => halfLife(forgetGateAt(bias)));
  const shown = biases.map((bias, at) => [left(bias, at === start), half(lives[at], at === start)]);
  const steps = biases.map((bias, at) => ({
    label: brief(bias),
    method: "restyle",
    args: [{ visible: shown.flat().map((_, k) => Math.floor(k / 2) === at) }],
  }));
  const said = biases.map((bias, at) => `bias ${brief(bias)}: ${brief(lives[at])} steps`).join("; ");
  return new Figure({
    data: shown.flat(),
    layout: baseLayout(
      { title, x: "steps since it was written", y: "share of it that is left" },
      {
        xaxis: { range: [0, horizon] },
        yaxis: { range: [0, 1.05], tickformat: ".0%" },
        sliders: [{ active: start, currentvalue: { prefix: "forget bias: " }, pad: { t: 48 }, steps }],
        hovermode: "closest",
        legend: { x: 1, xanchor: "right", y: 0.99 },
        height: 480,
      },
    ),
    alt: `${title}, with a slider for the bias. Half-life at ${said}.`,
  });
}

function left(bias: number, visible: boolean): PlotlyObject {
  const f = forgetGateAt(bias);
  const t = Array.from({ length: horizon + 1 }, (_, k) => k);
  return {
    type: "scatter",
    mode: "lines",
    name: `f = ${f.toFixed(4)}`,
    x: t,
    y: t.map((k) => f ** k),
    line: { ...lineStyles(["LSTM"])[0], width: 2 },
    visible,
    hovertemplate: "after %{x} steps %{y:.1%} is left<extra></extra>",
  };
}

/** Down from one half to the step at which it is reached; beyond the picture only its name tells. */
const half = (life: number, visible: boolean): PlotlyObject => ({
  type: "scatter",
  mode: "lines",
  name: `half-life ${brief(life)} steps`,
  x: [0, life, life],
  y: [0.5, 0.5, 0],
  line: { color: palette.vermilion, dash: "dot", width: 2 },
  visible,
  hoverinfo: "skip",
});
