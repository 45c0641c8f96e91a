import { quantile } from "../measure/quantile.js";
import { Figure, type PlotlyObject } from "./figure.js";
import { baseLayout, brief, faded, lineStyles } from "./style.js";

/** The loss of one kind of network against the training step, for several seeds. */
export interface LearningCurve {
  readonly step: readonly number[];
  /** loss[seed][k] at step[k]. */
  readonly loss: readonly (readonly number[])[];
}

export interface LearningCurvesOptions {
  title?: string;
  /** Horizontal reference lines by label, e.g. { "predict the mean": 1/6 }. */
  lines?: Record<string, number>;
  /** What the loss is measured in. */
  y?: string;
  log?: boolean;
  /** The least and the greatest loss to show; curves beyond it leave the picture. Default: all of them. */
  range?: readonly [number, number];
}

/**
 * Learning curves with their seed bands: the line is the median over the seeds, the band runs from the best to the
 * worst of them.
 */
export function learningCurvesFigure(
  curves: Record<string, LearningCurve>,
  options: LearningCurvesOptions = {},
): Figure {
  const { title = "Learning curves", lines = {}, y = "loss", log = false, range } = options;
  const onAxis = (value: number): number => (log ? Math.log10(value) : value); // a logarithmic axis counts in exponents
  const styles = lineStyles(Object.keys(curves));
  const data = Object.entries(curves).flatMap(([name, curve], index) => band(name, curve, styles[index]));
  const spoken = Object.entries(curves).map(([name, { loss }]) => {
    const last = loss.map((seed) => seed[seed.length - 1]);
    return `${name} ends at ${brief(quantile(last, 0.5))} (${last.length} seeds, ${brief(Math.min(...last))} to ${brief(Math.max(...last))})`;
  });
  const reference = Object.entries(lines).map(([label, value]) => `${label} at ${brief(value)}`);
  return new Figure({
    data,
    layout: baseLayout(
      { title, x: "training step, one batch each", y },
      {
        yaxis: {
          ...(log ? { type: "log", exponentformat: "power", dtick: 1 } : { rangemode: "tozero" }),
          ...(range && { range: range.map(onAxis) }),
        },
        ...referenceLines(lines, onAxis),
      },
    ),
    alt: `${title}. ${spoken.join("; ")}.${reference.length > 0 ? ` Reference lines: ${reference.join(", ")}.` : ""}`,
  });
}

function band(
  name: string,
  { step, loss }: LearningCurve,
  { color, dash }: { color: string; dash: string },
): PlotlyObject[] {
  const at = (q: number): number[] =>
    step.map((_, k) =>
      quantile(
        loss.map((seed) => seed[k]),
        q,
      ),
    );
  const edge = {
    type: "scatter",
    mode: "lines",
    x: step,
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
    legendgroup: name,
  };
  const median = {
    type: "scatter",
    mode: "lines",
    name,
    x: step,
    y: at(0.5),
    line: { color, dash, width: 2 },
    legendgroup: name,
    hovertemplate: "%{y:.4f}",
  };
  if (loss.length < 2) return [median];
  return [{ ...edge, y: at(0) }, { ...edge, y: at(1), fill: "tonexty", fillcolor: faded(color, 0.2) }, median];
}

function referenceLines(lines: Record<string, number>, onAxis: (value: number) => number): PlotlyObject {
  const entries = Object.entries(lines);
  return {
    shapes: entries.map(([, value]) => ({
      type: "line",
      xref: "paper",
      x0: 0,
      x1: 1,
      y0: value,
      y1: value,
      line: { color: "#7F7F7F", width: 1, dash: "dot" },
    })),
    annotations: entries.map(([text, value]) => ({
      text,
      xref: "paper",
      x: 1,
      xanchor: "right",
      y: onAxis(value), // unlike a shape, an annotation on a logarithmic axis is placed by its exponent
      yanchor: "bottom",
      showarrow: false,
      font: { size: 12 },
    })),
  };
}
