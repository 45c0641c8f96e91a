import { Figure, type PlotlyObject } from "./figure.js";
import { baseLayout, brief, frameSlider, lineStyles } from "./style.js";

/** A measured error surface: loss[row][column] at (x[column], y[row]). */
export interface Surface {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly loss: readonly (readonly number[])[];
}

/** Where a descent went, step by step. */
export interface Descent {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * An error surface from above, with the ways that descents took on it. A slider and a play button follow them step by
 * step. A step that leaves the picture is drawn to its edge; the alt text says where it went.
 *
 * @see Pascanu, Mikolov & Bengio (2013), fig. 6.
 */
export function cliffFigure(
  surface: Surface,
  descents: Record<string, Descent>,
  { title = "The cliff in the error surface", x = "recurrent weight w", y = "bias b" } = {},
): Figure {
  const ways = Object.values(descents);
  const length = Math.max(...ways.map((way) => way.x.length));
  const steps = Array.from({ length }, (_, step) => String(step));
  const said = Object.entries(descents).map(
    ([name, way]) =>
      `${name} from (${brief(way.x[0])}, ${brief(way.y[0])}) to (${brief(way.x[way.x.length - 1])}, ${brief(way.y[way.y.length - 1])})`,
  );
  const losses = surface.loss.flat();
  return new Figure({
    data: [heights(surface), ...paths(descents)],
    frames: steps.map((name, step) => ({
      name,
      traces: ways.map((_, k) => k + 1),
      data: ways.map((way) => ({ x: way.x.slice(0, step + 1), y: way.y.slice(0, step + 1) })),
    })),
    layout: baseLayout(
      { title, x, y },
      {
        xaxis: { range: ends(surface.x) },
        yaxis: { range: ends(surface.y) },
        hovermode: "closest",
        height: 600,
        legend: { x: 0.99, xanchor: "right", y: 0.99 },
        ...frameSlider(steps, { prefix: "step of the descent: ", active: length - 1, milliseconds: 120 }),
      },
    ),
    alt: `${title}. The loss over ${x} and ${y}, from ${brief(Math.min(...losses))} to ${brief(Math.max(...losses))}. Descents: ${said.join("; ")}.`,
  });
}

const ends = (values: readonly number[]): number[] => [values[0], values[values.length - 1]];

const heights = ({ x, y, loss }: Surface): PlotlyObject => ({
  type: "heatmap",
  x,
  y,
  z: loss,
  colorscale: "Greys",
  reversescale: true,
  colorbar: { title: { text: "loss" } },
  hovertemplate: "w %{x:.2f}, b %{y:.2f}: loss %{z:.3f}<extra></extra>",
});

function paths(descents: Record<string, Descent>): PlotlyObject[] {
  const symbols = ["circle", "x", "diamond"];
  const styles = lineStyles(Object.keys(descents));
  return Object.entries(descents).map(([name, way], index) => {
    const { color, dash } = styles[index];
    return {
      type: "scatter",
      mode: "lines+markers",
      name,
      x: way.x,
      y: way.y,
      line: { color, dash, width: 2 },
      marker: { color, symbol: symbols[index % symbols.length], size: 6, line: { color: "#ffffff", width: 0.5 } },
      hovertemplate: `${name}, step %{pointNumber}: (%{x:.2f}, %{y:.2f})<extra></extra>`,
    };
  });
}
