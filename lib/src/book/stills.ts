import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";
import type { FigureParts } from "../figures/figure.js";
import { escapeHtml } from "../notebook/bundle.js";
import { THEMED } from "../notebook/page-script.js";
import { installCanvas } from "./canvas.js";

/** The plotly.js of the book: scatter, heat map, bar and their like are all that the figures use. */
export const plotlyFile = (): string =>
  createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js");

export const stillWidth = 704;

interface Plotly {
  toImage(figure: object, options: object): Promise<string>;
}

/** Draws figures as SVG without a browser: plotly.js in jsdom, which needs a canvas and the widths of texts. */
export class StillMaker {
  private readonly window = browserlike();
  private readonly plotly: Plotly;
  private readonly themed: (layout: object, dark: boolean) => object;

  constructor() {
    this.window.eval(readFileSync(plotlyFile(), "utf8"));
    this.plotly = this.window.Plotly;
    this.themed = this.window.eval(`(() => { ${THEMED.replace("automargin: true", "")} return themed; })()`);
  }

  /** The figure as its page first shows it; light or dark as its reader prefers. */
  async draw(figure: Pick<FigureParts, "data" | "layout">): Promise<string> {
    const { data, layout } = this.window.JSON.parse(JSON.stringify(figure));
    const size = { width: stillWidth, height: layout?.height ?? 420 };
    const drawn = { ...this.themed(withMargins(layout, data), false), ...size };
    const drawing = { data, layout: drawn, config: { staticPlot: true } };
    const svg = await this.plotly.toImage(drawing, { format: "svg", imageDataOnly: true, ...size });
    return inkOfReader(withYTitle(svg, layout));
  }
}

type Layout = Record<string, Record<string, unknown>>;

/** Room for the labels of the axes, which plotly.js itself would find by drawing again and again. */
function withMargins(layout: Layout = {}, data: readonly { y?: readonly unknown[] }[] = []): Layout {
  const plain = (axis: Layout[string]) => {
    return { ...axis, automargin: false, title: { ...(axis.title as object), standoff: undefined } }; // it asks where texts lie
  };
  const axes = Object.entries(layout).map(([name, axis]) => [name, /^[xy]axis/.test(name) ? plain(axis) : axis]);
  const names = [...data.flatMap(({ y }) => y ?? []), ...((layout.yaxis?.ticktext as string[]) ?? [])];
  const labels = names.filter((name) => typeof name === "string").map((name) => widthOf(name, 12));
  const left = Math.max(84, 56 + Math.max(0, ...labels));
  const drawn = Object.fromEntries(axes) as Layout;
  if (drawn.yaxis) drawn.yaxis.title = {};
  return { ...drawn, margin: { ...layout.margin, l: left } } as unknown as Layout;
}

/** The title of the y axis at the edge of the picture: plotly.js puts it beside the labels, wherever it believes they end. */
function withYTitle(svg: string, { yaxis, margin }: Layout = {}): string {
  const { text } = (yaxis?.title ?? {}) as { text?: string };
  if (!text) return svg;
  const height = Number(/class="plotclip"><rect [^>]*height="([\d.]+)"/.exec(svg)?.[1] ?? 300);
  const place = `transform="translate(18,${((margin?.t as number) ?? 60) + height / 2}) rotate(-90)" text-anchor="middle"`;
  const words = escapeHtml(text.replace(/<br ?\/?>/g, " ").replace(/<[^>]*>/g, ""));
  return svg.replace(/<\/svg>$/, `<text ${place} style="font-size: 14px; fill: var(--ink)">${words}</text></svg>`);
}

const inks = `<style>svg{--ink:#2a2a2a;--line:#000}@media(prefers-color-scheme:dark){svg{--ink:#e8e8e8;--line:#fff}}text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif!important}</style>`;

/** Texts and grid lines in colours that follow the reader's light or dark page. */
function inkOfReader(svg: string): string {
  return svg
    .replaceAll("rgb(42, 42, 42)", "var(--ink)")
    .replace(/(fill|stroke): rgb\(0, 0, 0\); \1-opacity: (0\.12|0\.35)/g, "$1: var(--line); $1-opacity: $2")
    .replace(/>/, `>${inks}`);
}

// biome-ignore lint/suspicious/noExplicitAny: a browser's window, whose types the library is built without
function browserlike(): any {
  const { window } = new JSDOM("<!doctype html><body></body>", { runScripts: "outside-only", pretendToBeVisual: true });
  installCanvas(window);
  window.URL.createObjectURL = () => "blob:none";
  window.URL.revokeObjectURL = () => {};
  window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {} });
  window.ResizeObserver = class {
    observe(): void {}
    disconnect(): void {}
  };
  const { prototype } = window.SVGElement;
  prototype.getBBox = function (this: TextLike) {
    return boxOf(this);
  };
  prototype.getBoundingClientRect = prototype.getBBox;
  prototype.getComputedTextLength = function (this: TextLike) {
    return boxOf(this).width;
  };
  return window;
}

interface TextLike {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly style?: { fontSize?: string };
  readonly parentNode: TextLike | null;
  getAttribute?(name: string): string | null;
  querySelectorAll(selector: string): Iterable<TextLike>;
}

/** Roughly what a sans-serif of this size takes. */
function boxOf(element: TextLike) {
  const size = fontSize(element);
  const spans = [...element.querySelectorAll("tspan.line")];
  const lines = (spans.length > 0 ? spans : [element]).map(({ textContent }) => textContent ?? "");
  const isText = /^(text|tspan|g)$/i.test(element.tagName);
  const width = isText ? Math.max(...lines.map((line) => widthOf(line, size))) : 0;
  const height = width > 0 ? size * 1.2 * lines.length : 0;
  const top = -0.9 * size;
  return { x: 0, y: top, width, height, top, left: 0, right: width, bottom: height + top };
}

function fontSize(element: TextLike): number {
  for (let at: TextLike | null = element; at; at = at.parentNode) {
    const size = at.style?.fontSize || at.getAttribute?.("font-size");
    if (size) return Number.parseFloat(size);
  }
  return 12;
}

function widthOf(text: string, size: number): number {
  const share = (letter: string): number => {
    if (/[iljtfr.,:;'|! ]/.test(letter)) return 0.3;
    if (/[mwMW@]/.test(letter)) return 0.85;
    return /[A-Z]/.test(letter) ? 0.67 : 0.55;
  };
  return [...text].reduce((sum, letter) => sum + share(letter), 0) * size;
}
