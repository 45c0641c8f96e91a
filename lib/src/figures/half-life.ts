import { forgetGateAt, halfLife } from "../measure/memory.js";
import { Figure } from "./figure.js";
import { baseLayout, brief, lineStyles, logAxis } from "./style.js";

/** How long a cell state lasts when only the forget gate's bias speaks: half-life against bias, both computed by the lib. */
export function halfLifeFigure(
  biases: readonly number[],
  { title = "How long a memory lasts, by the forget gate's bias" }: { title?: string } = {},
): Figure {
  const gates = biases.map(forgetGateAt);
  const lives = gates.map(halfLife);
  const last = biases.length - 1;
  return new Figure({
    data: [
      {
        type: "scatter",
        mode: "lines+markers",
        name: "half-life",
        x: biases,
        y: lives,
        customdata: gates.map((f) => [f, f ** 100]),
        line: lineStyles(["LSTM"])[0],
        hovertemplate:
          "bias %{x}: f = %{customdata[0]:.3f}, half-life %{y:.1f} steps, left after 100 steps %{customdata[1]:.1e}<extra></extra>",
      },
    ],
    layout: baseLayout(
      { title, x: "forget-gate bias", y: "half-life, in time steps" },
      { yaxis: logAxis, hovermode: "closest", showlegend: false },
    ),
    alt: `${title}. From ${brief(lives[0])} steps at bias ${brief(biases[0])} to ${brief(lives[last])} steps at bias ${brief(biases[last])}, on a logarithmic axis.`,
  });
}
