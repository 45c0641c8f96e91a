import { randomUUID } from "node:crypto";
import { Figure, type PlotlyObject } from "../figures/figure.js";
import { baseLayout, lineStyles } from "../figures/style.js";
import { figureBundle, figureHtml } from "./figure-bundle.js";
import { publish } from "./publish.js";

export interface LiveFigureOptions {
  readonly title?: string;
  readonly xTitle?: string;
  readonly yTitle?: string;
  readonly yType?: "linear" | "log";
  /** More of Plotly's layout. */
  readonly layout?: PlotlyObject;
}

const MIN_INTERVAL_MS = 100;
/** What a Jupyter server lets through is limited; large figures are sent less often. */
const BYTES_PER_MS = 300;
/** More points than this a line does not need while it grows; the final figure has all. */
const SHOWN_POINTS = 1000;

/**
 * A line plot that grows while a loop runs. Every update holds the whole figure so far, so an interrupted cell or a
 * reloaded page keeps a whole picture; `end` stores the final figure in the notebook.
 */
export class LiveFigure {
  private readonly id = `live-${randomUUID()}`;
  private readonly x: number[] = [];
  private readonly ys: number[][];
  private sentAt = -Infinity;
  private interval = MIN_INTERVAL_MS;
  private sent = false;

  constructor(
    readonly names: readonly string[],
    private readonly options: LiveFigureOptions = {},
  ) {
    this.ys = names.map(() => []);
    this.update();
  }

  /** Adds one point to each line. NaN leaves a gap. @throws RangeError if there is not one value per line */
  push(x: number, values: readonly number[]): void {
    const { length } = this.names;
    if (values.length !== length) throw new RangeError(`push: values must be ${length} numbers, got ${values.length}`);
    this.x.push(x);
    values.forEach((value, line) => {
      this.ys[line].push(value);
    });
    if (performance.now() - this.sentAt >= this.interval) this.update();
  }

  /** The figure as it stands, with all its points. */
  figure(): Figure {
    return this.drawn(this.x, this.ys);
  }

  /** Draws the final figure, which stays in the notebook. */
  end(): void {
    publish(figureBundle(this.figure()), { id: this.id, update: this.sent });
  }

  private update(): void {
    const { id } = this;
    const bundle = figureHtml(this.drawn(thinned(this.x), this.ys.map(thinned)), { live: id });
    const shown = publish(bundle, { id, update: this.sent });
    this.sent ||= shown;
    this.sentAt = performance.now();
    this.interval = Math.max(MIN_INTERVAL_MS, String(bundle["text/html"]).length / BYTES_PER_MS);
  }

  private drawn(x: readonly number[], ys: readonly (readonly number[])[]): Figure {
    const { title, xTitle = "step", yTitle, yType = "linear", layout } = this.options;
    const styles = lineStyles(this.names);
    const data = this.names.map((name, line) => ({
      type: "scatter",
      mode: "lines",
      name,
      x: [...x],
      y: [...ys[line]],
      line: { ...styles[line], width: 2 },
    }));
    const text = { title: title ?? "", x: xTitle, y: yTitle ?? "" };
    return new Figure({
      data,
      layout: baseLayout(text, { yaxis: scales[yType], showlegend: this.names.length > 1, ...layout }),
      alt: this.words(),
    });
  }

  private words(): string {
    const { xTitle = "step", yTitle = "Value" } = this.options;
    if (!this.x.length) return "No points yet.";
    const lines = this.names.map((name, line) => {
      const [first, last] = [this.ys[line][0], this.ys[line].at(-1)!].map((value) => Number(value.toPrecision(3)));
      return `${name} from ${first} to ${last}`;
    });
    return `${yTitle} for ${xTitle} ${this.x[0]} to ${this.x.at(-1)}: ${lines.join("; ")}.`;
  }
}

const scales = { linear: { type: "linear" }, log: { type: "log", dtick: 1, exponentformat: "power" } };

/** Every k-th value, and the last. */
function thinned(values: readonly number[]): readonly number[] {
  const every = Math.ceil(values.length / SHOWN_POINTS);
  return every <= 1 ? values : values.filter((_, index) => index % every === 0 || index === values.length - 1);
}

/**
 * Shows a plot with one line per name that grows as you push points:
 *
 *     const live = liveFigure(["RNN", "LSTM"], { title: "Loss", xTitle: "step", yTitle: "MSE", yType: "log" });
 *     live.push(step, [rnnLoss, lstmLoss]);
 *     live.end();
 */
export function liveFigure(names: readonly string[], options: LiveFigureOptions = {}): LiveFigure {
  return new LiveFigure(names, options);
}
