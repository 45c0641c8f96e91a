import type { GateTraces } from "../measure/gate-traces.js";
import { Figure, type PlotlyObject } from "./figure.js";
import { baseLayout, brief, faded, palette } from "./style.js";

export interface GateMicroscopeOptions {
  readonly title?: string;
  /** Which values to show, one panel each. Default: forget, input and output gate, and the cell state. */
  readonly show?: readonly string[];
  /** What was read, one text per time step. */
  readonly inputs?: readonly string[];
  /** Which steps are events: nonzero entries, one per time step. */
  readonly marked?: readonly number[];
}

const titles: Record<string, string> = { f: "forget f", i: "input i", o: "output o", g: "candidate g", c: "cell c" };
const isShare = (name: string): boolean => !["c", "h", "g", "n"].includes(name);

/**
 * Every gate of every unit at every step, one panel below the other, for several networks that read the same sequence:
 * a slider changes from one to the next. Events are framed.
 *
 *     figures.gateMicroscope({ untrained: gateTraces(before, xs), trained: gateTraces(after, xs) }, { marked })
 *
 * @param networks by name, all with the same values, units and steps
 * @throws RangeError for a value that is not there, or texts and marks of another length
 */
export function gateMicroscopeFigure(
  networks: Readonly<Record<string, GateTraces>>,
  options: GateMicroscopeOptions = {},
): Figure {
  const { title = "Gates under the microscope", show = ["f", "i", "o", "c"], inputs, marked = [] } = options;
  const names = Object.keys(networks);
  for (const name of show) {
    if (names.every((network) => networks[network][name])) continue;
    const known = Object.keys(networks[names[0]]).join(", ");
    throw new RangeError(`figures.gateMicroscope: show must be of ${known}, got "${name}"`);
  }
  const seqLen = networks[names[0]][show[0]][0].length;
  for (const [what, list] of Object.entries({ inputs, marked: marked.length > 0 ? marked : undefined })) {
    if (!list || list.length === seqLen) continue;
    throw new RangeError(`figures.gateMicroscope: ${what} must have ${seqLen} entries, got ${list.length}`);
  }
  const active = names.length - 1;
  const data = names.flatMap((network, at) => panels(networks, network, show, at === active));
  const steps = names.map((network, at) => ({
    label: network,
    method: "restyle",
    args: [{ visible: data.map((_, k) => Math.floor(k / show.length) === at) }],
  }));
  const ticks = inputs ? { tickvals: inputs.map((_, t) => t + 1), ticktext: [...inputs] } : {};
  return new Figure({
    data,
    layout: baseLayout(
      { title, x: inputs ? "what was read, step by step" : "time step t", y: "" },
      {
        ...Object.fromEntries(show.map((name, k) => axisOf(name, k, show.length))),
        xaxis: { ...ticks, anchor: `y${show.length === 1 ? "" : show.length}` },
        shapes: framed(marked),
        sliders: [{ active, currentvalue: { prefix: "network: " }, pad: { t: 56 }, steps }],
        hovermode: "closest",
        height: 180 + 120 * show.length,
      },
    ),
    alt: `${title}: ${names.join(" and ")}, over ${seqLen} steps. ${names.map((network) => spoken(network, networks[network], show)).join("; ")}.`,
  });
}

const axisOf = (name: string, k: number, count: number): [string, PlotlyObject] => {
  const height = 1 / count;
  const domain = [1 - (k + 1) * height + 0.015, 1 - k * height - 0.015];
  const axis = { domain, title: { text: titles[name] ?? name }, zeroline: false, dtick: 1, tickformat: "d" };
  return [`yaxis${k === 0 ? "" : k + 1}`, axis];
};

function panels(
  networks: Readonly<Record<string, GateTraces>>,
  network: string,
  show: readonly string[],
  visible: boolean,
): PlotlyObject[] {
  return show.map((name, k) => {
    const z = networks[network][name];
    // one scale per value for all networks, so that moving the slider compares them
    const most = Math.max(...Object.values(networks).flatMap((traces) => traces[name].flat().map(Math.abs)));
    const scale = isShare(name)
      ? { zmin: 0, zmax: 1, colorscale: "Cividis" }
      : { zmin: -most, zmax: most, colorscale: "RdBu", reversescale: true };
    return {
      type: "heatmap",
      x: z[0].map((_, t) => t + 1),
      z,
      yaxis: `y${k === 0 ? "" : k + 1}`,
      ...scale,
      visible,
      colorbar: { len: 1 / show.length, y: 1 - (k + 0.5) / show.length, thickness: 10 },
      hovertemplate: `${network}, unit %{y}, step %{x}: ${name} = %{z:.3f}<extra></extra>`,
    };
  });
}

const framed = (marked: readonly number[]): PlotlyObject[] =>
  marked.flatMap((mark, t) =>
    mark
      ? [
          {
            type: "rect",
            x0: t + 0.5,
            x1: t + 1.5,
            yref: "paper",
            y0: 0,
            y1: 1,
            line: { color: palette.vermilion, width: 2 },
            fillcolor: faded(palette.vermilion, 0),
          },
        ]
      : [],
  );

function spoken(network: string, traces: GateTraces, show: readonly string[]): string {
  const ranges = show.map((name) => {
    const flat = traces[name].flat();
    return `${name} from ${brief(Math.min(...flat))} to ${brief(Math.max(...flat))}`;
  });
  return `${network}: ${ranges.join(", ")}`;
}
