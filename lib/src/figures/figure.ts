/** A Plotly trace, layout or frame as plain data: what `Plotly.newPlot` takes. See https://plotly.com/javascript/reference/ */
export type PlotlyObject = Record<string, unknown>;

export interface FigureParts {
  readonly data: readonly PlotlyObject[];
  readonly layout?: PlotlyObject;
  readonly config?: PlotlyObject;
  readonly frames?: readonly PlotlyObject[];
  /** What a reader who cannot see the picture is told: the finding and the numbers that carry it. */
  readonly alt: string;
}

/**
 * A picture as data. It knows nothing of any front end: `show(figure)`, or leaving it as a cell's last value,
 * displays it in Jupyter; the book draws the same data without a kernel.
 */
export class Figure implements FigureParts {
  readonly data: readonly PlotlyObject[];
  readonly layout: PlotlyObject;
  readonly config: PlotlyObject;
  readonly frames: readonly PlotlyObject[];
  readonly alt: string;

  constructor({ data, layout = {}, config = {}, frames = [], alt }: FigureParts) {
    this.data = data;
    this.layout = layout;
    this.config = config;
    this.frames = frames;
    this.alt = alt;
  }
}
