import type { Fragment } from "../book/fragments.js";
import { renderMarkdown } from "../book/markdown.js";
import { escapeHtml } from "../notebook/bundle.js";
import { codeLines, FIGURE } from "./height.js";
import type { CellView, Piece, Slide, SlideType } from "./plan.js";

/** What a plan needs to know of a cell. */
export function viewOf({ id, kind, source, output, parts, metadata }: Fragment): CellView {
  const slideType = (metadata as { slideshow?: { slide_type?: SlideType } }).slideshow?.slide_type;
  return { id, kind, source, slideType, ...shown(withoutWarnings(output), parts) };
}

/** What a kernel grumbled while it ran is not for an audience. */
const withoutWarnings = (output: string): string => output.replace(/<pre class="shown stderr"[\s\S]*?<\/pre>\n?/g, "");

function shown(output: string, [part]: Fragment["parts"]): Pick<CellView, "shows" | "size"> {
  if (part?.kind === "quiz") return { shows: "quiz", size: questionsOf(part.data).length };
  if (part?.kind === "figure") return { shows: "figure", size: figureHeight(part.data) };
  if (part) return { shows: "widget", size: (part.data as { kind?: string }).kind === "lstm" ? 600 : 460 };
  if (output.trim() === "") return { shows: "nothing", size: 0 };
  if (output.includes("<img")) return { shows: "figure", size: 400 };
  const rows = output.match(/<tr/g)?.length ?? 0;
  const lines = output.match(/\n/g)?.length ?? 0;
  return { shows: "text", size: rows > 0 ? 1.4 * rows : lines + 1 };
}

const questionsOf = (data: unknown): readonly Question[] => (data as { questions: readonly Question[] }).questions;

/** A figure of usual height fills the room that is left, and needs at least this; one that was drawn higher needs it. */
function figureHeight(data: unknown): number {
  const drawn = (data as { layout?: { height?: number } }).layout?.height ?? 0;
  return drawn > FIGURE.usual ? drawn : FIGURE.least;
}

interface Question {
  readonly question: string;
  readonly options: readonly { readonly text: string }[];
}

/** Links to other lessons and to terms would lead out of the deck: their text stands alone. */
const link = (href: string): string | undefined => (/^https?:/.test(href) ? href : undefined);

const ids = (): Set<string> => new Set();
const prose = (text: string): string => renderMarkdown(text, { link, ids: ids() }).html.replace(/ id="[^"]*"/g, "");

/** The slides of a deck as reveal.js wants them: a section each, sections of one heading in a stack. */
export function slidesHtml(slides: readonly Slide[], fragments: readonly Fragment[]): string {
  const byId = new Map(fragments.map((fragment) => [fragment.id, fragment]));
  const stacks: string[][] = [];
  for (const slide of slides) {
    const html = slideHtml(slide, byId);
    if (slide.below) stacks.at(-1)?.push(html);
    else stacks.push([html]);
  }
  return stacks.map((stack) => `<section>\n${stack.join("\n")}\n</section>`).join("\n");
}

function slideHtml({ id, title, pieces, notes }: Slide, byId: ReadonlyMap<string, Fragment>): string {
  const headed = pieces.some((piece) => piece.show === "markdown" && /^#{1,6} /.test(piece.text));
  const kicker =
    headed || title === ""
      ? ""
      : `<p class="kicker">${prose(title)
          .replace(/<\/?p>/g, "")
          .trim()}</p>`;
  const body = pieces.map((piece) => pieceHtml(piece, byId.get(piece.cell) as Fragment)).join("\n");
  const said = notes.length > 0 ? `<aside class="notes">${notes.map(prose).join("\n")}</aside>` : "";
  return `<section id="${escapeHtml(id)}">${kicker}<div class="fit">${body}</div>${said}</section>`;
}

function pieceHtml(piece: Piece, cell: Fragment): string {
  const kind = piece.fragment ? " fragment" : "";
  if (piece.show === "markdown") return `<div class="prose${kind}">${prose(piece.text)}</div>`;
  if (piece.show === "question") return `<div class="output${kind}">${questionHtml(cell, piece.index)}</div>`;
  if (piece.show === "code") return `<div class="source${kind}">${shownLines(cell)}</div>`;
  return `<div class="output${kind}">${withoutWarnings(cell.output)}</div>`;
}

/** Highlighted code without its imports. */
function shownLines({ source, html }: Fragment): string {
  const [, before, code, after] = /^([\s\S]*?<code[^>]*>)([\s\S]*)(<\/code>[\s\S]*)$/.exec(html) as RegExpExecArray;
  const lines = code.split("\n");
  return `${before}${codeLines(source)
    .map((at) => lines[at])
    .join("\n")}${after}`;
}

export const questionKey = (key: string, index: number): string => `${key}-${index + 1}`;

function questionHtml({ parts: [{ key, data }] }: Fragment, index: number): string {
  const { question, options } = questionsOf(data)[index];
  const list = options.map(({ text }) => `<li>${text}</li>`).join("");
  return `<div data-live="quiz" data-key="${questionKey(key, index)}"><p>${question}</p><ul>${list}</ul></div>`;
}

/** What scripts bring to life, by key: a quiz is parted into its questions. */
export function liveData(fragments: readonly Fragment[]): Record<string, unknown> {
  const entries = fragments
    .flatMap(({ parts }) => parts)
    .flatMap((part): [string, unknown][] => {
      if (part.kind !== "quiz") return [[part.key, part.data]];
      return questionsOf(part.data).map((question, index) => {
        const key = questionKey(part.key, index);
        return [key, { key, questions: [question] }];
      });
    });
  return Object.fromEntries(entries);
}
