import { Figure } from "./figure.js";
import { baseLayout, brief, type FrameText, lineStyles, logAxis } from "./style.js";

export interface Line {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface LinesOptions extends FrameText {
  /** A logarithmic y axis. */
  log?: boolean;
  /** A logarithmic x axis, with a tick at every x of the first line. */
  logX?: boolean;
}

/** Measured curves on shared axes, for whatever has no figure of its own. */
export function linesFigure(lines: Record<string, Line>, { log = false, logX = false, ...text }: LinesOptions): Figure {
  const said = Object.entries(lines).map(
    ([name, { x, y }]) =>
      `${name} from ${brief(y[0])} at ${brief(x[0])} to ${brief(y[y.length - 1])} at ${brief(x[x.length - 1])}`,
  );
  const styles = lineStyles(Object.keys(lines));
  const tickvals = Object.values(lines)[0].x;
  const xaxis = { type: "log", tickvals, ticktext: tickvals.map(String) };
  return new Figure({
    data: Object.entries(lines).map(([name, { x, y }], index) => ({
      type: "scatter",
      mode: "lines",
      name,
      x,
      y,
      line: { ...styles[index], width: 2 },
    })),
    layout: baseLayout(text, { ...(log && { yaxis: logAxis }), ...(logX && { xaxis }) }),
    alt: `${text.title}. ${text.y} against ${text.x}: ${said.join("; ")}.`,
  });
}
