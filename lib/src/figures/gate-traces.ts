import type { GateTraces } from "../measure/gate-traces.js";
import { Figure } from "./figure.js";
import { baseLayout, brief } from "./style.js";

/** One value of a cell (a gate, the state) for every unit and step, as a heat map: units down, time across. */
export function gateTracesFigure(
  traces: GateTraces,
  { name = "f", title = `Value of ${name} for every unit and time step` }: { name?: string; title?: string } = {},
): Figure {
  const z = traces[name];
  if (!z)
    throw new RangeError(`figures.gateTraces: name must be one of ${Object.keys(traces).join(", ")}, got "${name}"`);
  const gate = !["c", "h", "g", "n"].includes(name);
  const flat = z.flat();
  const [low, high] = [Math.min(...flat), Math.max(...flat)];
  const limit = Math.max(Math.abs(low), Math.abs(high));
  return new Figure({
    data: [
      {
        type: "heatmap",
        z,
        zmin: gate ? 0 : -limit,
        zmax: gate ? 1 : limit,
        colorscale: gate ? "Cividis" : "RdBu",
        reversescale: !gate,
        colorbar: { title: { text: name } },
        hovertemplate: `unit %{y}, step %{x}: ${name} = %{z:.3f}<extra></extra>`,
      },
    ],
    layout: baseLayout({ title, x: "time step t", y: "unit" }, { hovermode: "closest" }),
    alt: `${title}: ${z.length} units over ${z[0].length} steps, values from ${brief(low)} to ${brief(high)}.`,
  });
}
