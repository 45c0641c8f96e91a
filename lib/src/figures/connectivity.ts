import { Figure } from "./figure.js";
import { baseLayout } from "./style.js";

/**
 * Which inputs mattered to which answer: row t, column s is how much the answer at step t moves with the input at step
 * s, each row scaled to its greatest entry. Hovering names the two and the number before scaling.
 *
 * @param inputs what was read, one text per step
 * @param mattered mattered[t] from `connectivity(model, xs, { at: t })`: t + 1 numbers
 */
export function connectivityFigure(
  inputs: readonly string[],
  mattered: readonly (readonly number[])[],
  { title = "What each answer went back to" }: { title?: string } = {},
): Figure {
  if (mattered.length !== inputs.length) {
    throw new RangeError(`figures.connectivity: mattered must have ${inputs.length} rows, got ${mattered.length}`);
  }
  const scaled = mattered.map((row) => {
    const most = Math.max(...row);
    return inputs.map((_, s) => (s < row.length && most > 0 ? row[s] / most : null));
  });
  const shown = mattered.map((row, t) =>
    inputs.map((text, s) =>
      s < row.length ? `after “${inputs[t]}”, “${text}” ${t - s} steps back: ${row[s].toExponential(1)}` : "",
    ),
  );
  const farthest = mattered.map((row, t) => t - row.indexOf(Math.max(...row)));
  const ticks = { tickvals: inputs.map((_, k) => k), ticktext: [...inputs] };
  return new Figure({
    data: [
      {
        type: "heatmap",
        z: scaled,
        text: shown,
        hovertemplate: "%{text}<extra></extra>",
        colorscale: "Cividis",
        zmin: 0,
        zmax: 1,
        colorbar: { title: { text: "share of the row's greatest" } },
      },
    ],
    layout: baseLayout(
      { title, x: "input read at step s", y: "answer after step t" },
      {
        xaxis: ticks,
        yaxis: { ...ticks, autorange: "reversed" },
        hovermode: "closest",
        height: Math.max(420, 120 + 18 * inputs.length),
      },
    ),
    alt: `${title}. ${inputs.length} steps. The input that mattered most lay ${Math.min(...farthest)} to ${Math.max(...farthest)} steps back.`,
  });
}
