import katex from "katex";
import MarkdownIt, { type BlockState, type InlineState, type Token } from "markdown-it";
import { escapeHtml } from "../notebook/bundle.js";
import { sanitize } from "./sanitize.js";

/** A heading of a page, to be linked to. */
export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly text: string;
}

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** The first paragraph asks for a prediction, or another one does. */
  readonly predicts: boolean;
}

export interface MarkdownOptions {
  /** Where a link leads in the book; undefined: it leads out of the book and its text stands alone. */
  readonly link?: (href: string) => string | undefined;
  /** Ids that the page has used already. */
  readonly ids?: Set<string>;
}

const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false });
markdown.inline.ruler.before("escape", "math", inlineMath);
markdown.block.ruler.before("fence", "math-block", blockMath, { alt: ["paragraph", "blockquote", "list"] });
markdown.renderer.rules.math = (tokens, at) => placeholder(tokens[at]);
markdown.renderer.rules["math-block"] = (tokens, at) =>
  `<div class="formula" tabindex="0">${placeholder(tokens[at])}</div>\n`;
markdown.renderer.rules.table_open = () => '<div class="wide" tabindex="0"><table>\n';
markdown.renderer.rules.table_close = () => "</table></div>\n";

/** Formulas stand aside while the rest is sanitized: what KaTeX makes of them is known to be safe. */
const placeholder = ({ content, type }: Token): string =>
  `<span data-formula="${escapeHtml(content)}"${type === "math-block" ? ' data-display="true"' : ""}></span>`;

/** Markdown of a notebook or a page as HTML: formulas set, links turned to pages of the book, headings with anchors. */
export function renderMarkdown(
  text: string,
  { link = (href) => href, ids = new Set() }: MarkdownOptions = {},
): Rendered {
  const tokens = markdown.parse(text, {});
  const headings = tokens.flatMap((token, at) =>
    token.type === "heading_open" ? [anchor(token, tokens[at + 1], ids)] : [],
  );
  for (const { children } of tokens) turnLinks(children ?? [], link);
  const predicts = markPredictions(tokens);
  const html = sanitize(
    markdown.renderer.render(tokens, markdown.options, {}).replaceAll("<pre>", '<pre tabindex="0">'),
  );
  return { html: setFormulas(html), headings, predicts };
}

/** A name of letters, digits and hyphens, as GitHub makes it. */
export function slug(text: string): string {
  const plain = text.toLowerCase().replace(/[^\p{L}\p{N}\s-]/gu, "");
  return plain.trim().replace(/\s+/g, "-") || "section";
}

function anchor(heading: Token, inline: Token, ids: Set<string>): Heading {
  const parts = (inline.children ?? []).filter(({ type }) => ["text", "code_inline", "math"].includes(type));
  const text = parts.map(({ content }) => content).join("");
  const name = slug(text);
  let id = name;
  for (let again = 2; ids.has(id); again++) id = `${name}-${again}`;
  ids.add(id);
  heading.attrSet("id", id);
  return { level: Number(heading.tag.slice(1)), id, text };
}

function turnLinks(children: Token[], link: (href: string) => string | undefined): void {
  let dropped = 0;
  for (const token of children) {
    if (token.type === "link_open") {
      const target = link(token.attrGet("href") ?? "");
      if (target === undefined) {
        token.hidden = true;
        [token.type, token.tag] = ["text", ""];
        token.content = "";
        dropped += 1;
      } else token.attrSet("href", target);
    } else if (token.type === "link_close" && dropped > 0) {
      [token.type, token.content] = ["text", ""];
      dropped -= 1;
    }
  }
}

/** A paragraph that begins *Before you …* asks for a prediction. */
function markPredictions(tokens: Token[]): boolean {
  let found = false;
  tokens.forEach((token, at) => {
    if (token.type !== "paragraph_open") return;
    const [first, second] = (tokens[at + 1].children ?? []).filter(({ type, content }) => type !== "text" || content);
    if (first?.type !== "em_open" || !/^Before you /.test(second?.content ?? "")) return;
    token.attrSet("class", "predict");
    found = true;
  });
  return found;
}

function inlineMath(state: InlineState, silent: boolean): boolean {
  const { src, pos } = state;
  if (src[pos] !== "$") return false;
  const display = src[pos + 1] === "$";
  const mark = display ? "$$" : "$";
  const from = pos + mark.length;
  let to = src.indexOf(mark, from);
  while (to > 0 && src[to - 1] === "\\") to = src.indexOf(mark, to + 1);
  const formula = src.slice(from, to);
  if (to < 0 || formula.trim() === "" || (!display && /^\s|\s$/.test(formula))) return false;
  if (!silent) state.push(display ? "math-block" : "math", "span", 0).content = formula;
  state.pos = to + mark.length;
  return true;
}

function blockMath(state: BlockState, start: number, end: number, silent: boolean): boolean {
  const lineAt = (line: number): string => state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
  const first = lineAt(start).trim();
  if (!first.startsWith("$$")) return false;
  let last = start;
  const ends = (line: number): boolean => /\$\$\s*[.,;]?\s*$/.test(line === start ? first.slice(2) : lineAt(line));
  while (!ends(last)) {
    last += 1;
    if (last >= end) return false;
  }
  const text = state.getLines(start, last + 1, 0, false).trim();
  const [, formula, stop] = /^\$\$([\s\S]*?)\$\$\s*([.,;]?)$/.exec(text) ?? [];
  if (formula === undefined || formula.includes("$$")) return false; // two formulas on a line: the inline rule reads them
  if (silent) return true;
  state.push("math-block", "div", 0).content = stop ? `${formula.trimEnd()}\\,${stop}` : formula;
  state.line = last + 1;
  return true;
}

const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function setFormulas(html: string): string {
  return html.replace(/<span ([^>]*?)data-formula="([^"]*)"([^>]*)><\/span>/g, (_, before, escaped, after) => {
    const formula = escaped.replace(/&(amp|lt|gt|quot|#39);/g, (entity: string) => entities[entity]);
    const displayMode = /data-display/.test(before + after);
    return katex.renderToString(formula, { displayMode, output: "htmlAndMathml", strict: "ignore", trust: false });
  });
}
