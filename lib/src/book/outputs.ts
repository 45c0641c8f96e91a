import type { FigureParts } from "../figures/figure.js";
import { escapeHtml, type MimeBundle } from "../notebook/bundle.js";
import type { Output } from "../notebook/notebook-file.js";
import { type LivePart, readLive, withStill } from "./live.js";
import { renderMarkdown } from "./markdown.js";
import { sanitize } from "./sanitize.js";

/** What a code cell showed, as HTML that reads well without scripts, and what scripts can bring to life in it. */
export interface ShownOutput {
  readonly html: string;
  readonly parts: readonly LivePart[];
}

/** Makes the picture of a figure and says where the page finds it. */
export type StillOf = (part: LivePart) => Promise<string>;

/** All outputs of a cell, one below the other. */
export async function showOutputs(outputs: readonly Output[], stillOf: StillOf): Promise<ShownOutput> {
  const shown: ShownOutput[] = [];
  for (const output of outputs) shown.push(await show(output, stillOf));
  return { html: shown.map(({ html }) => html).join("\n"), parts: shown.flatMap(({ parts }) => parts) };
}

async function show(output: Output, stillOf: StillOf): Promise<ShownOutput> {
  if (output.output_type === "stream") return { html: text(output.text.join(""), output.name), parts: [] };
  if (output.output_type === "error") return { html: text(`${output.ename}: ${output.evalue}`, "error"), parts: [] };
  return bundle(output.data, stillOf);
}

async function bundle(data: MimeBundle, stillOf: StillOf): Promise<ShownOutput> {
  const html = data["text/html"];
  if (html !== undefined) return fromHtml(joined(html), stillOf);
  const markdown = data["text/markdown"];
  if (markdown !== undefined) return { html: renderMarkdown(joined(markdown)).html, parts: [] };
  const picture = data["image/svg+xml"];
  if (picture !== undefined) return { html: sanitize(joined(picture)), parts: [] };
  return { html: text(joined(data["text/plain"] ?? ""), "value"), parts: [] };
}

async function fromHtml(html: string, stillOf: StillOf): Promise<ShownOutput> {
  const live = readLive(html);
  if (!live) return { html: sanitize(html.replaceAll(scrolling, `${scrolling} tabindex="0"`)), parts: [] };
  const { part } = live;
  if (part.kind !== "figure") return { html: sanitize(live.html), parts: [part] };
  return { html: sanitize(withStill(live, await stillOf(part))), parts: [part] };
}

/** What scrolls must be reached by keyboard. */
const scrolling = '<div style="overflow-x: auto"';

const joined = (value: unknown): string => [value].flat().join("");

/** Text as a terminal shows it, without its colours. */
function text(content: string, kind: string): string {
  const escape = String.fromCharCode(27);
  const plain = content.replace(new RegExp(`${escape}\\[[0-9;]*m`, "g"), "");
  return plain.trim() ? `<pre class="shown ${escapeHtml(kind)}" tabindex="0">${escapeHtml(plain.trimEnd())}</pre>` : "";
}

/** The figure of a part, for whoever draws it. */
export const figureOf = (part: LivePart): Pick<FigureParts, "data" | "layout"> => part.data as FigureParts;
