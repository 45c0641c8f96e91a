import { inspect } from "node:util";
import { Figure } from "../figures/figure.js";
import { DISPLAY, escapeHtml, isDisplayable, type MimeBundle } from "./bundle.js";
import { figureBundle } from "./figure-bundle.js";
import { Output, showInspected } from "./output.js";
import { publish } from "./publish.js";

/** Displays values in the notebook, one below the other; outside a kernel prints them as text. */
export function show(...values: unknown[]): void {
  for (const value of values) {
    const bundle = bundleOf(value);
    if (!publish(bundle)) console.log(bundle["text/plain"]);
  }
}

/** How a value is displayed: by its own hook, else as text. */
export function bundleOf(value: unknown): MimeBundle {
  if (isDisplayable(value)) return value[DISPLAY]();
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}

/** An SVG picture; `alt` says what it shows to those who cannot see it. */
export function svg(text: string, alt: string): Output {
  const source = `data:image/svg+xml;base64,${Buffer.from(text).toString("base64")}`;
  return new Output({ "text/html": `<img alt="${escapeHtml(alt)}" src="${source}">`, "text/plain": alt });
}

/** Text in Markdown, formulas between dollar signs. */
export function markdown(text: string): Output {
  return new Output({ "text/markdown": text, "text/plain": text });
}

/** Figures are pure data and know no front end; here they learn to display themselves. */
Object.defineProperties(Figure.prototype, {
  [DISPLAY]: {
    configurable: true,
    value(this: Figure): MimeBundle {
      return figureBundle(this);
    },
  },
  [inspect.custom]: {
    configurable: true,
    value(this: Figure, depth: number): string {
      return showInspected(figureBundle(this), depth);
    },
  },
});
