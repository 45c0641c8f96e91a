import { successRate } from "../measure/success-rate.js";
import { Figure } from "./figure.js";
import { baseLayout, brief, lineStyles } from "./style.js";

/** How many of `runs` seeds solved the task, for each difficulty x. */
export interface Successes {
  readonly x: readonly number[];
  readonly successes: readonly number[];
  readonly runs: number;
}

/** The share of seeds that solve a task, against how hard it is, with Wilson's 95 % intervals as bars. */
export function successRateFigure(
  counts: Record<string, Successes>,
  {
    title = "How often training succeeds",
    x = "sequence length T, in time steps",
  }: { title?: string; x?: string } = {},
): Figure {
  const styles = lineStyles(Object.keys(counts));
  const all = Object.values(counts).flatMap(({ x: at }) => at);
  const apart = 0.012 * (Math.max(...all) - Math.min(...all)); // side by side, so that no bar hides another
  const data = Object.entries(counts).map(([name, { x: at, successes, runs }], index) => {
    const rates = successes.map((count) => successRate(count, runs));
    const { color, dash } = styles[index];
    return {
      type: "scatter",
      mode: "lines+markers",
      name: `${name} (${runs} seeds)`,
      x: at.map((v) => v + apart * (index - (styles.length - 1) / 2)),
      customdata: at,
      y: rates.map(({ rate }) => rate),
      error_y: {
        type: "data",
        symmetric: false,
        array: rates.map(({ rate, high }) => high - rate),
        arrayminus: rates.map(({ rate, low }) => rate - low),
        color,
      },
      line: { color, dash, width: 2 },
      hovertemplate: "%{customdata}: %{y:.0%}",
    };
  });
  const said = Object.entries(counts).map(
    ([name, { x: at, successes, runs }]) =>
      `${name}: ${at.map((v, k) => `${successes[k]} of ${runs} at ${brief(v)}`).join(", ")}`,
  );
  return new Figure({
    data,
    layout: baseLayout(
      { title, x, y: "share of seeds that succeed" },
      { yaxis: { range: [-0.05, 1.05], tickformat: ".0%" }, hovermode: "closest" },
    ),
    alt: `${title}. ${said.join("; ")}. The bars are 95 % intervals.`,
  });
}
