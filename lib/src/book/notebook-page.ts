import { basename } from "node:path";
import { escapeHtml } from "../notebook/bundle.js";
import type { Fragment } from "./fragments.js";
import { type Page, relativePath } from "./page.js";

export interface NotebookPageOptions {
  /** From the root of the course: "notebooks/05-gates.ipynb". */
  readonly file: string;
  readonly path: string;
  readonly group: "Lessons" | "Exercises";
  readonly types?: readonly string[];
  /** The page of this lesson's exercises, or of these exercises' lesson. */
  readonly partner?: string;
}

/** A lesson or a set of exercises as a page: prose, code, what it showed, and where its predictions are answered. */
export function notebookPage(parts: readonly Fragment[], options: NotebookPageOptions): Page {
  const { file, path, group, types } = options;
  const asking = new Asking();
  const [first, ...rest] = parts.map((part) => asking.html(part));
  const title = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(first);
  const headings = parts.flatMap((part) => part.headings);
  const whole = headings.find(({ level }) => level === 1)?.text ?? basename(file, ".ipynb");
  const [number, ...words] = whole.split(" · ");
  const plain = words.join(" · ") || number;
  const head = first.replace(title?.[0] ?? "", "");
  return {
    path,
    group,
    number: words.length ? number : undefined,
    title: plain,
    name: plain.split(": ")[0],
    description: describe(parts, plain),
    headings,
    types,
    predicts: asking.count > 0,
    html: `${heading(number, plain, title?.[0])}${facts(parts, options)}${head}\n${rest.join("\n")}`,
  };
}

function heading(number: string, title: string, original = ""): string {
  const id = /id="([^"]*)"/.exec(original)?.[1] ?? "title";
  const inner = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(original)?.[1].replace(/^\s*[^<·]*·\s*/, "") ?? escapeHtml(title);
  return `<h1 id="${id}"><span class="number">${escapeHtml(number)}</span>${inner}</h1>`;
}

function describe(parts: readonly Fragment[], title: string): string {
  const points = /^- (.+)/m.exec(parts[0]?.source ?? "")?.[1].replace(/[*_`$;]|\[|\]\([^)]*\)/g, "");
  return points ? `${title} You will be able to ${points}.` : title;
}

function facts(parts: readonly Fragment[], { file, path, group, partner }: NotebookPageOptions): string {
  const minutes = /About (\d+) minutes/.exec(parts[0]?.source ?? "")?.[1];
  const download = `<a class="button" download href="${escapeHtml(relativePath(path, file))}">Download the notebook</a>`;
  const other = partner
    ? `<a class="button" href="${escapeHtml(relativePath(path, partner))}">${group === "Lessons" ? "Its exercises" : "Its lesson"}</a>`
    : "";
  const time = minutes ? `<span>About ${minutes} minutes</span>` : "";
  const why =
    group === "Lessons"
      ? "to change the code and run it yourself"
      : "to solve these, with a check that names the mistake";
  return `<div class="facts">${time}${other}${download}</div>
<details class="how"><summary>Open in Jupyter, ${why}</summary>
<p>You need <a href="https://nodejs.org">Node.js</a> 20.19 or newer and a copy of the course. In its folder:</p>
<pre><code>npm start</code></pre>
<p>That sets up what is missing and opens Jupyter; choose <code>${escapeHtml(file)}</code> there. In VS Code no Jupyter is needed: <code>npm run kernel:install</code>, open the file, choose the kernel “Unrolled (TypeScript)”. A downloaded notebook runs when it lies in the folder <code>${escapeHtml(file.split("/")[0])}</code> of the course.</p></details>`;
}

/** Follows predictions to their answers: what the next cells show, and the first paragraph after them. */
class Asking {
  count = 0;
  private open: "run" | "think" | undefined;
  private shown = false;

  html(part: Fragment): string {
    return part.kind === "markdown" ? this.prose(part) : this.code(part);
  }

  private prose({ id, html }: Fragment): string {
    const answered =
      this.open && this.shown ? html.replace(/^<p(?! class="predict")>([\s\S]*?)<\/p>/, this.answer) : html;
    if (this.shown) this.open = undefined;
    const asked = answered.replace(/<p class="predict">(<em>Before you (\w+))?/g, (_, start = "", verb = "") => {
      this.count += 1;
      this.open = verb === "run" ? "run" : "think";
      this.shown = false;
      return `<p class="predict" data-asks="${this.count}">${start}`;
    });
    return `<section class="prose" id="cell-${escapeHtml(id)}">${asked}</section>`;
  }

  private readonly answer = (paragraph: string): string => `<div data-answer="${this.count}">${paragraph}</div>`;

  private code({ id, html, output, parts }: Fragment): string {
    const live = parts.some(({ kind }) => kind !== "figure");
    const waits = this.open === "run" && output !== "" && !live;
    if (output !== "") this.shown = true;
    const answer = waits ? ` data-answer="${this.count}"` : "";
    const shown = output ? `<div class="output"${answer}>${output}</div>` : "";
    return `<div class="cell" id="cell-${escapeHtml(id)}">${html}${shown}</div>`;
  }
}
