import { Figure } from "./figure.js";
import { baseLayout } from "./style.js";

/**
 * Where attention looked: row j is what was written (or asked) at step j, column t what stands at step t, the colour
 * the share aⱼₜ. Each row adds up to 1.
 *
 * @param read what stands at each step, one text each
 * @param written what was written at each step, one text each
 * @param weights weights[j][t], one row per text in `written`
 * @throws RangeError if the weights are not [written, read]
 */
export function attentionMapFigure(
  read: readonly string[],
  written: readonly string[],
  weights: readonly (readonly number[])[],
  { title = "Where attention looks", x = "read at step t", y = "written at step j" } = {},
): Figure {
  const crooked = weights.find((row) => row.length !== read.length);
  if (weights.length !== written.length || crooked) {
    const came = `[${weights.length}, ${(crooked ?? weights[0])?.length}]`;
    throw new RangeError(`figures.attentionMap: weights must be [${written.length}, ${read.length}], got ${came}`);
  }
  const ticks = (texts: readonly string[]) => ({ tickvals: texts.map((_, k) => k), ticktext: [...texts] });
  const most = weights.map((row) => row.indexOf(Math.max(...row)));
  const said = most.map((t, j) => `${written[j]}: ${read[t]} at step ${t + 1} (${weights[j][t].toFixed(2)})`);
  return new Figure({
    data: [
      {
        type: "heatmap",
        z: weights,
        colorscale: "Cividis",
        zmin: 0,
        zmax: 1,
        colorbar: { title: { text: "share" } },
        hovertemplate: "%{y} looks at %{x}: %{z:.2f}<extra></extra>",
      },
    ],
    layout: baseLayout(
      { title, x, y },
      { xaxis: ticks(read), yaxis: { ...ticks(written), autorange: "reversed" }, hovermode: "closest" },
    ),
    alt: `${title}. In each row the largest share: ${said.join("; ")}.`,
  });
}
