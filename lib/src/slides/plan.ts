import { type Block, blocksOf, countWords, leadOf } from "./blocks.js";
import { codeLines, heightOf, PAGE, tableParts } from "./height.js";

/** What a cell's metadata may say, as Jupyter's slide tool writes it. https://nbconvert.readthedocs.io */
export type SlideType = "slide" | "subslide" | "fragment" | "skip" | "notes" | "-";

/** A cell of an executed notebook, as far as slides care. */
export interface CellView {
  readonly id: string;
  readonly kind: "markdown" | "code";
  readonly source: string;
  readonly slideType?: SlideType;
  readonly shows: "nothing" | "text" | "figure" | "widget" | "quiz";
  /** How many lines of text, or pixels of a figure, or questions of a quiz. */
  readonly size: number;
}

/** Something that stands on a slide. */
export type Piece =
  | { readonly show: "markdown"; readonly cell: string; readonly text: string; readonly fragment: boolean }
  | { readonly show: "code" | "output"; readonly cell: string; readonly fragment: boolean }
  | { readonly show: "question"; readonly cell: string; readonly index: number; readonly fragment: boolean };

export interface Slide {
  /** The cell that began it, and a number where it began several. */
  readonly id: string;
  /** Whether it stands below the slide before, within a section. */
  readonly below: boolean;
  /** The heading of its section, in Markdown. */
  readonly title: string;
  readonly pieces: Piece[];
  /** What the speaker reads, in Markdown. */
  readonly notes: string[];
}

/** Most words of a paragraph that stand on a slide; the whole of it is in the notes. */
const LEAD = 40;
/** Most words of what was seen, below a figure. */
const SEEN = 32;
/** Most words of a list on one slide, and of an item where it had more. */
const LIST = 95;
const ITEM = 18;
const unseen = /^#+ (References|Glossary|\d+ · Glossary)/m;

/**
 * The slides of a lesson. Headings begin them; formulas, tables, lists, predictions, code and figures stand on them;
 * of other prose the first sentences do, and all of it is in the notes. A cell's slide type overrides the rule.
 */
export function planSlides(cells: readonly CellView[]): Slide[] {
  const planner = new Planner();
  for (const cell of cells) planner.take(cell);
  return planner.slides.filter(({ pieces }) => pieces.length > 0);
}

class Planner {
  readonly slides: Slide[] = [];
  private height = 0;
  /** A prediction waits on this slide: no answer may stand below it. */
  private asked = false;
  /** A heading stands on this slide. */
  private headed = false;
  private last?: "output" | "code" | "markdown";

  private get now(): Slide {
    return this.slides.at(-1) as Slide;
  }

  take(cell: CellView): void {
    const { slideType } = cell;
    if (slideType === "skip") return;
    if (slideType === "notes" && this.slides.length > 0) this.now.notes.push(asNote(cell));
    else if (slideType && slideType !== "notes") this.asTold(cell, slideType);
    else if (cell.kind === "code") this.code(cell);
    else this.markdown(cell);
  }

  private asTold(cell: CellView, type: SlideType): void {
    if (type === "slide" || type === "subslide" || this.slides.length === 0)
      this.begin(cell, type !== "slide", cell.kind === "markdown" ? titleOf(blocksOf(cell.source)) : undefined);
    const fragment = type === "fragment";
    if (cell.kind === "code") this.codeHere(cell, fragment);
    else for (const block of blocksOf(cell.source)) this.put(cell, block, fragment);
  }

  private begin(cell: CellView, below: boolean, title?: string): void {
    if (this.slides.at(-1)?.pieces.length === 0) this.slides.pop();
    const again = this.slides.filter(({ id }) => id === cell.id || id.startsWith(`${cell.id}--`)).length;
    const id = again === 0 ? cell.id : `${cell.id}--${again + 1}`;
    this.slides.push({
      id,
      below: below && this.slides.length > 0,
      title: title ?? this.slides.at(-1)?.title ?? "",
      pieces: [],
      notes: [],
    });
    this.height = title === undefined || below ? PAGE.kicker : 0;
    this.asked = false;
    this.headed = false;
    this.last = undefined;
  }

  private markdown(cell: CellView): void {
    if (unseen.test(cell.source)) return;
    const blocks = blocksOf(cell.source);
    const heading = blocks.findIndex(({ kind }) => kind === "heading");
    if (this.slides.length === 0) this.section(cell, blocks);
    else if (heading < 0) this.goesOn(cell, blocks);
    else {
      this.goesOn(cell, blocks.slice(0, heading));
      this.section(cell, blocks.slice(heading));
    }
  }

  private section(cell: CellView, blocks: readonly Block[]): void {
    const depth = /^#*/.exec(blocks[0]?.text ?? "")?.[0].length ?? 0;
    this.begin(cell, depth > 2, titleOf(blocks));
    this.headed = true;
    this.lay(cell, blocks);
  }

  /** A cell without a heading: comments on what was shown just now, then what wants a slide of its own. */
  private goesOn(cell: CellView, blocks: readonly Block[]): void {
    const stop = blocks.findIndex(({ kind }) => !["saw", "prose"].includes(kind));
    const label = blocks[0]?.kind === "saw" && countWords(blocks[0].text) <= 3; // what was seen is the list below it
    const comments = this.last === "output" && !label && (stop === -1 || blocks[0]?.kind === "saw");
    const before = comments ? this.readings(blocks, stop) : 0;
    if (before > 0) this.reading(cell, blocks.slice(0, before));
    const rest = blocks.slice(before);
    if (stop === -1) for (const { text } of rest) this.now.notes.push(text);
    else {
      this.begin(cell, true);
      this.lay(cell, rest);
    }
  }

  /** How many first blocks comment on what was just shown: all prose, but for what leads to a formula or a list. */
  private readings(blocks: readonly Block[], stop: number): number {
    if (stop === -1) return blocks.length;
    const leads = blocks[stop].kind !== "predict" && stop > 1;
    return leads ? stop - 1 : stop;
  }

  /** What was seen, in a sentence or two below the output, when the speaker is ready for it. */
  private reading(cell: CellView, blocks: readonly Block[]): void {
    const [first, ...rest] = blocks;
    const lead = leadOf(first.text, SEEN);
    const crowded = this.height + heightOf(lead) > PAGE.height + PAGE.tolerance;
    if (crowded) this.begin(cell, true);
    this.add(cell, lead, !crowded);
    for (const { text } of [first, ...rest]) this.now.notes.push(text);
  }

  /** Of prose, what leads to the first formula, list, … of a slide, and short words that lead to another one. */
  private lay(cell: CellView, blocks: readonly Block[]): void {
    let open = true;
    blocks.forEach(({ kind, text }, at) => {
      if (kind !== "prose" && kind !== "saw") {
        this.put(cell, blocks[at], false);
        open &&= kind === "heading";
        return;
      }
      const introduces = ["formula", "list", "table", "quote"].includes(blocks[at + 1]?.kind);
      const shown = open || (introduces && countWords(text) <= 14) ? leadOf(text, LEAD) : undefined;
      open = false;
      if (shown !== undefined) this.add(cell, shown, false);
      if (shown !== text) this.now.notes.push(text);
    });
  }

  /** A block as it is; a long list with its items cut to their first sentences. */
  private put(cell: CellView, { kind, text }: Block, fragment: boolean): void {
    const long = kind === "list" && countWords(text) > LIST;
    if (long) this.now.notes.push(text);
    const parts = kind === "table" ? tableParts(text, PAGE.height - PAGE.kicker) : [long ? shortList(text) : text];
    for (const part of parts) this.add(cell, part, fragment);
    this.asked ||= kind === "predict";
  }

  private add(cell: CellView, text: string, fragment: boolean): void {
    const height = heightOf(text);
    const stands = this.now.pieces.some((piece) => piece.show !== "markdown" || !piece.text.startsWith("#"));
    const full = this.height + height > PAGE.height && stands && !fragment;
    if (full) this.begin(cell, true);
    this.now.pieces.push({ show: "markdown", cell: cell.id, text, fragment });
    this.height += height;
    this.last = "markdown";
  }

  private code(cell: CellView): void {
    const joins = this.headed && !this.asked;
    const begins = this.last === "markdown" && (!joins || this.height + this.heightsOf(cell).both > PAGE.height);
    if (begins || this.slides.length === 0) this.begin(cell, true);
    this.codeHere(cell, false);
  }

  /** Code and what it showed, together where a slide holds both. A widget stands without its code. */
  private codeHere(cell: CellView, fragment: boolean): void {
    if (cell.shows === "quiz") {
      this.quiz(cell);
      return;
    }
    const { code, output, both } = this.heightsOf(cell);
    if (PAGE.kicker + both <= PAGE.height) this.room(cell, both);
    if (code > 0) this.piece(cell, "code", code, fragment);
    if (cell.shows !== "nothing") this.piece(cell, "output", output, fragment);
    if (cell.shows === "widget") this.now.notes.push(asNote(cell));
  }

  private heightsOf({ source, shows, size }: CellView): { code: number; output: number; both: number } {
    const lines = codeLines(source).length;
    const code = lines > 0 && shows !== "widget" ? PAGE.codeLine * lines + PAGE.gap : 0;
    const output = shows === "text" ? PAGE.codeLine * size + PAGE.gap : size;
    return { code, output, both: code + output };
  }

  private room(cell: CellView, height: number): void {
    if (this.height + height > PAGE.height && this.now.pieces.length > 0) this.begin(cell, true);
  }

  private piece(cell: CellView, show: "code" | "output", height: number, fragment: boolean): void {
    this.room(cell, height);
    this.now.pieces.push({ show, cell: cell.id, fragment });
    this.height += height;
    this.last = show;
  }

  /** One question a slide. */
  private quiz(cell: CellView): void {
    for (let index = 0; index < cell.size; index++) {
      this.begin(cell, index > 0, "Quiz");
      this.now.pieces.push({ show: "question", cell: cell.id, index, fragment: false });
    }
  }
}

/** Prose as it is, code in a fence. */
const asNote = ({ kind, source }: CellView): string => (kind === "code" ? `\`\`\`ts\n${source}\n\`\`\`` : source);

/** The first heading without its marks. */
function titleOf(blocks: readonly Block[]): string | undefined {
  return blocks.find(({ kind }) => kind === "heading")?.text.replace(/^#+ /, "");
}

function shortList(list: string): string {
  return list
    .split(/\n(?=[-*] |\d+\. )/)
    .map((item) => {
      const [, mark, text] = /^([-*] |\d+\. )([\s\S]*)$/.exec(item) ?? ["", "", item];
      return `${mark}${leadOf(text.replace(/\n\s+/g, " "), ITEM)}`;
    })
    .join("\n");
}
