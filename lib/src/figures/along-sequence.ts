import { Figure, type PlotlyObject } from "./figure.js";
import { baseLayout, brief, faded, lineStyles, palette } from "./style.js";

export interface AlongSequenceOptions {
  title: string;
  /** What the values are, with their unit. */
  y: string;
  /** Which steps to shade: nonzero entries, one per time step. */
  marked?: readonly number[];
  /** What a shaded step is called. */
  markedName?: string;
  /** "bars" for data, "lines" (default) for what a network made of them. */
  draw?: "bars" | "lines";
}

/**
 * One value per time step, or several such series, along one sequence; steps 1 to T, the marked ones shaded.
 *
 *     figures.alongSequence({ value: xs.map((x) => x.data[0]) }, { marked: xs.map((x) => x.data[1]), title, y })
 *
 * @throws RangeError if the series and the marks differ in length
 */
export function alongSequenceFigure(series: Record<string, readonly number[]>, options: AlongSequenceOptions): Figure {
  const { title, y, marked = [], markedName = "marked", draw = "lines" } = options;
  const names = Object.keys(series);
  const length = series[names[0]].length;
  for (const [name, values] of [
    ...Object.entries(series),
    ...(marked.length > 0 ? [["marked", marked] as const] : []),
  ]) {
    if (values.length === length) continue;
    throw new RangeError(`figures.alongSequence: ${name} must have ${length} entries, got ${values.length}`);
  }
  const steps = Array.from({ length }, (_, t) => t + 1);
  const shaded = steps.filter((t) => marked[t - 1]);
  const said = names.map((name) => `${name}: ${spoken(series[name], marked)}`);
  const styles = lineStyles(names);
  return new Figure({
    data: names.map((name, index) => trace(name, steps, series[name], { style: styles[index], draw, marked })),
    layout: baseLayout(
      { title, x: "time step t", y },
      {
        xaxis: { dtick: length > 30 ? 10 : 2, range: [0.2, length + 0.8] },
        ...bands(shaded, markedName, length),
        showlegend: names.length > 1,
      },
    ),
    alt: `${title}. ${shaded.length > 0 ? `${shaded.length > 1 ? "Steps" : "Step"} ${shaded.join(" and ")}: ${markedName}. ` : ""}${said.join("; ")}.`,
  });
}

/** "0.31 and 0.78 at the shaded steps, 0.02 to 0.99 at the others" */
function spoken(values: readonly number[], marked: readonly number[]): string {
  const at = values.filter((_, t) => marked[t]).map(brief);
  const others = values.filter((_, t) => !marked[t]);
  const range = `${brief(Math.min(...others))} to ${brief(Math.max(...others))}`;
  if (at.length === 0) return range;
  return `${at.join(" and ")} at the shaded steps${others.length > 0 ? `, ${range} at the others` : ""}`;
}

function trace(
  name: string,
  x: readonly number[],
  y: readonly number[],
  {
    style,
    draw,
    marked,
  }: { style: { color: string; dash: string }; draw: "bars" | "lines"; marked: readonly number[] },
): PlotlyObject {
  const { color, dash } = style;
  const shared = { name, x, y, hovertemplate: "%{y:.3f}" };
  const shade = y.map((_, t) => (marked.length === 0 || marked[t] ? color : faded(color, 0.35)));
  if (draw === "bars") return { ...shared, type: "bar", marker: { color: shade } };
  return {
    ...shared,
    type: "scatter",
    mode: "lines+markers",
    line: { color, dash, width: 2 },
    marker: { color, size: 5 },
  };
}

/** The shaded steps that carry the name: none so close to the one before that the two would overlap in a narrow page. */
function named(shaded: readonly number[], length: number): number[] {
  const chosen: number[] = [];
  for (const t of shaded) if (chosen.length === 0 || t - chosen[chosen.length - 1] >= length / 5) chosen.push(t);
  return chosen;
}

function bands(shaded: readonly number[], text: string, length: number): PlotlyObject {
  const upright = {
    yref: "paper",
    y0: 0,
    y1: 1,
    layer: "below",
    line: { width: 0 },
    fillcolor: faded(palette.orange, 0.3),
  };
  return {
    shapes: shaded.map((t) => ({ type: "rect", x0: t - 0.5, x1: t + 0.5, ...upright })),
    annotations: named(shaded, length).map((t) => ({
      text,
      x: t,
      yref: "paper",
      y: 1,
      yanchor: "bottom",
      showarrow: false,
      font: { size: 12 },
    })),
  };
}
