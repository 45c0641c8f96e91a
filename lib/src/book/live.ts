import type { FigureParts } from "../figures/figure.js";
import { escapeHtml, scriptJson } from "../notebook/bundle.js";
import { withoutElementScript } from "../notebook/page-script.js";

export type LiveKind = "figure" | "widget" | "quiz";

/** Something in a page that a script brings to life, and what it starts from. */
export interface LivePart {
  readonly kind: LiveKind;
  /** Its name in the page and in its data file; equal content has an equal key. */
  readonly key: string;
  readonly data: unknown;
}

export interface LiveHtml {
  /** What is seen without scripts; its outermost element has `data-live` and `data-key`. */
  readonly html: string;
  readonly part: LivePart;
}

/** Reads what a notebook's output holds: HTML whose script brings a figure, a widget or a quiz to life. */
export function readLive(html: string): LiveHtml | undefined {
  const found = withoutElementScript(html);
  if (!found) return undefined;
  const { key, data } = found;
  const kind = kindOf(data);
  if (!kind) return undefined;
  const start = kind === "figure" ? (data as { figure: object }).figure : data;
  const marked = found.html.replace(`data-unrolled="${key}"`, `data-live="${kind}" data-key="${key}"`);
  return { html: marked, part: { kind, key, data: start } };
}

function kindOf(data: unknown): LiveKind | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  if ("figure" in data) return "figure";
  if ("questions" in data) return "quiz";
  return "kind" in data ? "widget" : undefined;
}

/** A part's data as a script of its own, which a page can load from a file too. */
export const dataScript = ({ key, data }: LivePart): string =>
  `unrolledBook.data(${scriptJson(key)}, ${scriptJson(data)});\n`;

/** A figure where no script runs: its picture, then its words. */
export function withStill({ html, part }: LiveHtml, still: string): string {
  const { layout } = part.data as FigureParts;
  const height = (layout?.height as number | undefined) ?? 420;
  const picture = `<span class="still"><img src="${escapeHtml(still)}" alt="" width="704" height="${height}" loading="lazy"></span>`;
  return html.replace(
    /<figure ([^>]*?) data-lm-suppress-shortcuts="true" style="margin: 0">/,
    `<figure class="plot" $1>${picture}`,
  );
}
