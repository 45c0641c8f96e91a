import type { Saturation } from "../measure/saturation.js";
import { Figure } from "./figure.js";
import { baseLayout, lineStyles } from "./style.js";

const symbols = ["circle", "square", "diamond", "cross"];

/** One point per unit: how often its gate is shut against how often it is open. Units at the top left hold what they have. */
export function saturationFigure(
  gates: Record<string, readonly Saturation[]>,
  { title = "How often each unit's gates are shut and open" }: { title?: string } = {},
): Figure {
  const said = Object.entries(gates).map(
    ([name, units]) =>
      `${name}: ${units.filter(({ open }) => open > 0.5).length} of ${units.length} units open more than half of the time`,
  );
  const styles = lineStyles(Object.keys(gates));
  const share = { range: [-0.03, 1.03], tickformat: ".0%" };
  return new Figure({
    data: Object.entries(gates).map(([name, units], index) => ({
      type: "scatter",
      mode: "markers",
      name,
      x: units.map(({ shut }) => shut),
      y: units.map(({ open }) => open),
      marker: { color: styles[index].color, symbol: symbols[index % symbols.length], size: 8, opacity: 0.8 },
      hovertemplate: `${name}, unit %{pointNumber}: shut %{x:.0%}, open %{y:.0%}<extra></extra>`,
    })),
    layout: baseLayout(
      { title, x: "share of steps with the gate shut", y: "share of steps with the gate open" },
      { xaxis: share, yaxis: share, hovermode: "closest" },
    ),
    alt: `${title}. ${said.join("; ")}.`,
  });
}
