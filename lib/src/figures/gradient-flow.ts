import type { GradientFlow } from "../measure/gradient-flow.js";
import { Figure } from "./figure.js";
import { baseLayout, brief, lineStyles } from "./style.js";

/**
 * The gradient of a loss at the last step, against how far back it has come: one curve per network, on a
 * logarithmic axis, where exponential decay is a straight line.
 *
 *     figures.gradientFlow({ RNN: gradientFlow(rnn, xs), LSTM: gradientFlow(lstm, xs) })
 *
 * @param flows by name. With `of: "c"` the gradient at the cell state is drawn where a network has one.
 */
export function gradientFlowFigure(
  flows: Record<string, GradientFlow>,
  {
    title = "How much of the last step's loss reaches each earlier step",
    of = "h",
  }: { title?: string; of?: "h" | "c" } = {},
): Figure {
  const values = (flow: GradientFlow): number[] => (of === "c" ? (flow.cellNorm ?? flow.norm) : flow.norm);
  const styles = lineStyles(Object.keys(flows));
  const data = Object.entries(flows).map(([name, flow], index) => ({
    type: "scatter",
    mode: "lines",
    name,
    x: flow.lag,
    y: values(flow).map((v) => (v > 0 ? v : null)), // zero has no logarithm: the curve ends there
    line: styles[index],
    hovertemplate: "%{y:.2e}",
  }));
  const said = Object.entries(flows).map(([name, flow]) => {
    const norms = values(flow);
    return `${name} from ${brief(norms[0])} at lag 0 to ${brief(norms[norms.length - 1])} at lag ${flow.lag[flow.lag.length - 1]}`;
  });
  return new Figure({
    data,
    layout: baseLayout(
      { title, x: "lag T − t, in time steps", y: of === "c" ? "‖∂L/∂cₜ‖" : "‖∂L/∂hₜ‖" },
      { yaxis: { type: "log", exponentformat: "power" } },
    ),
    alt: `${title}. Gradient norm on a logarithmic axis: ${said.join("; ")}.`,
  });
}
