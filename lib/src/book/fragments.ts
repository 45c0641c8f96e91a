import { type Cell, type Notebook, sourceOf } from "../notebook/notebook-file.js";
import { highlighter } from "./highlight.js";
import type { LivePart } from "./live.js";
import { type Heading, type MarkdownOptions, renderMarkdown } from "./markdown.js";
import { type StillOf, showOutputs } from "./outputs.js";
import type { NotebookTypes } from "./types-at.js";

/** One cell of an executed notebook as HTML. */
export interface Fragment {
  readonly id: string;
  readonly kind: "markdown" | "code";
  /** The cell's own metadata: tags, slide type. */
  readonly metadata: Cell["metadata"];
  readonly source: string;
  /** Prose, or highlighted code in `<pre><code>`. */
  readonly html: string;
  /** What the code showed; "" where it showed nothing. */
  readonly output: string;
  /** What scripts bring to life in the output: `live.js` finds their data by key. */
  readonly parts: readonly LivePart[];
  readonly headings: readonly Heading[];
  /** A prediction is asked for. */
  readonly predicts: boolean;
}

export interface FragmentOptions {
  readonly link?: MarkdownOptions["link"];
  /** Where a figure's still picture is: an address for the page. */
  readonly stillOf: StillOf;
  /** Types of names, shown where the reader points. */
  readonly types?: NotebookTypes;
}

/** An executed notebook as HTML fragments, one a cell, with live figures: for the book's pages, and for slides. */
export async function fragments(notebook: Notebook, options: FragmentOptions): Promise<Fragment[]> {
  const paint = await highlighter();
  const ids = new Set<string>();
  const made: Fragment[] = [];
  let codeCells = 0;
  for (const cell of notebook.cells) {
    const source = sourceOf(cell);
    const rest = { id: cell.id ?? `cell-${made.length + 1}`, metadata: cell.metadata, source };
    if (cell.cell_type === "markdown") {
      const { html, headings, predicts } = renderMarkdown(source, { link: options.link, ids });
      made.push({ ...rest, kind: "markdown", html, output: "", parts: [], headings, predicts });
    } else if (cell.cell_type === "code") {
      const types = options.types?.cells[codeCells++];
      const html = `<pre class="code" tabindex="0"><code>${paint(source, types)}</code></pre>`;
      const { html: output, parts } = await showOutputs(cell.outputs ?? [], options.stillOf);
      made.push({ ...rest, kind: "code", html, output, parts, headings: [], predicts: false });
    }
  }
  return made;
}
