import type { FigureParts } from "../figures/figure.js";
import { escapeHtml, type MimeBundle, toPlain } from "./bundle.js";
import { contentKey, DRAW_FIGURE, elementScript, type PlotlySource, plotlySource } from "./page-script.js";

export interface FigureBundleOptions {
  /** Where the page may load plotly.js from. */
  readonly plotly?: PlotlySource;
  /** A static picture (SVG text) for where scripts do not run. */
  readonly still?: string;
}

/** A figure in every form that front ends know: a Plotly object, HTML that reads well without scripts, text. */
export function figureBundle(figure: FigureParts, options: FigureBundleOptions = {}): MimeBundle {
  const { data, layout, config, frames } = plainFigure(figure);
  return { "application/vnd.plotly.v1+json": { data, layout, config, frames }, ...figureHtml(figure, options) };
}

export interface FigureHtmlOptions extends FigureBundleOptions {
  /** Name of a plot that is drawn again and again while a cell runs. */
  readonly live?: string;
}

/** The figure as HTML and as text only, as it is sent many times a second while it grows. */
export function figureHtml(figure: FigureParts, options: FigureHtmlOptions = {}): MimeBundle {
  const { plotly = plotlySource(), still, live } = options;
  const plain = plainFigure(figure);
  const key = live ?? contentKey(plain);
  const title = figureTitle(figure);
  const rest = figure.alt.startsWith(title) ? figure.alt.slice(title.length).replace(/^[.,:;\s]+/, "") : figure.alt;
  const text = [title, rest].filter(Boolean).join(". ").replace(/\.\. /g, ". ");
  const picture = still ? `<img alt="" src="data:image/svg+xml;base64,${Buffer.from(still).toString("base64")}">` : "";
  const caption = `<figcaption>${title ? `<strong>${escapeHtml(title)}</strong> ` : ""}${escapeHtml(rest)}</figcaption>`;
  const attributes = `data-unrolled="${key}" role="img" aria-label="${escapeHtml(text)}" tabindex="0" data-lm-suppress-shortcuts="true"`;
  const html = `<figure ${attributes} style="margin: 0">${picture}${caption}</figure>`;
  const script = elementScript(key, { figure: plain, live, plotly }, DRAW_FIGURE);
  return { "text/html": html + script, "text/plain": `Figure: ${text}` };
}

/** The title without Plotly's markup. */
export function figureTitle({ layout }: FigureParts): string {
  const title = layout?.title as string | { text?: string } | undefined;
  const text = typeof title === "string" ? title : (title?.text ?? "");
  return text.replace(/<br ?\/?>/g, " ").replace(/<[^>]*>/g, "");
}

/** Typed arrays become arrays and what JSON cannot hold becomes null: a gap in the line. */
function plainFigure({ data, layout = {}, config = {}, frames = [] }: FigureParts) {
  return toPlain({ data, layout, config, frames }) as Required<Omit<FigureParts, "alt">>;
}
