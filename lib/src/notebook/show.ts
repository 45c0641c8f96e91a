import { inspect } from "node:util";
import { buildUp } from "../explore/build-up.js";
import { Widget } from "../explore/widget.js";
import { Diagram } from "../figures/diagrams/diagram.js";
import { Figure } from "../figures/figure.js";
import { DISPLAY, escapeHtml, isDisplayable, type MimeBundle } from "./bundle.js";
import { figureBundle } from "./figure-bundle.js";
import { Output, showInspected } from "./output.js";
import { contentKey, elementScript, mountWidget } from "./page-script.js";
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
export const svg = (text: string, alt: string): Output => new Output(pictureBundle(new Diagram(text, alt)));

/** A drawing as it stands, or with buttons where it is built up move by move. */
const pictureBundle = (diagram: Diagram): MimeBundle =>
  diagram.turns.length > 0
    ? { ...widgetBundle(buildUp(diagram)), "text/plain": diagram.alt }
    : { "text/html": picture(diagram), "text/plain": diagram.alt };

/** An image, so that no style leaks in or out of it; as wide as drawn, and readable in a narrow page, where it scrolls. */
function picture({ svg: text, alt }: Diagram): string {
  const source = `data:image/svg+xml;base64,${Buffer.from(text).toString("base64")}`;
  const width = /viewBox="0 0 (\d+)/.exec(text)?.[1];
  const least = Math.min(Number(width ?? 0), 560);
  const size = `${width ? ` width="${width}"` : ""} style="max-width: 100%; min-width: ${least}px; height: auto"`;
  return `<div style="overflow-x: auto" tabindex="0"><img alt="${escapeHtml(alt)}" src="${source}"${size}></div>`;
}

/** A live thing; where no script runs, its picture and its words. */
function widgetBundle({ kind, data, title, still, words }: Widget): MimeBundle {
  const key = contentKey({ kind, title, data });
  const paragraphs = words.map((text) => `<p>${escapeHtml(text)}</p>`).join("");
  const html = `<div data-unrolled="${key}" data-lm-suppress-shortcuts="true"><strong>${escapeHtml(title)}</strong>${picture(still)}${paragraphs}</div>`;
  return {
    "text/html": html + elementScript(key, { kind, title, data }, mountWidget()),
    "text/plain": [title, still.alt, ...words].join("\n"),
  };
}

/** Text in Markdown, formulas between dollar signs. */
export function markdown(text: string): Output {
  return new Output({ "text/markdown": text, "text/plain": text });
}

/** Figures and diagrams are pure data and know no front end; here they learn to display themselves. */
function teach<T extends object>(kind: { prototype: T }, bundle: (value: T) => MimeBundle): void {
  Object.defineProperties(kind.prototype, {
    [DISPLAY]: {
      configurable: true,
      value(this: T): MimeBundle {
        return bundle(this);
      },
    },
    [inspect.custom]: {
      configurable: true,
      value(this: T, depth: number): string {
        return showInspected(bundle(this), depth);
      },
    },
  });
}
teach(Figure, figureBundle);
teach(Diagram, pictureBundle);
teach(Widget, widgetBundle);
