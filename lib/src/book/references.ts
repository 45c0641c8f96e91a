import { type Notebook, sourceOf } from "../notebook/notebook-file.js";
import { renderMarkdown } from "./markdown.js";
import type { Page } from "./page.js";

interface Work {
  readonly text: string; // Markdown, without what a lesson remarks on it
  readonly lessons: Set<string>;
}

/** All that the lessons refer to, once each, by author. */
export function referencesPage(lessons: ReadonlyMap<string, Notebook>, pathOf: (lesson: string) => string): Page {
  const works = new Map<string, Work>();
  for (const [lesson, notebook] of lessons) {
    for (const line of referencesOf(notebook)) {
      const key = keyOf(line);
      const work = works.get(key) ?? { text: withoutRemark(line), lessons: new Set() };
      work.lessons.add(lesson);
      works.set(key, work);
    }
  }
  const surname = ({ text }: Work): string => /^(?:[A-Z][.\w-]*\.? )*(.+)/.exec(text)?.[1] ?? text;
  const sorted = [...works.values()].sort((a, b) => surname(a).localeCompare(surname(b), "en"));
  const entries = sorted.map(({ text, lessons: used }) => {
    const links = [...used].map((lesson) => `<a href="${pathOf(lesson)}">${lesson.slice(0, 2)}</a>`);
    return `<li>${renderMarkdown(text).html.replace(/^<p>|<\/p>\s*$/g, "")} <small>Lesson ${links.join(", ")}</small></li>`;
  });
  return {
    path: "references.html",
    group: "Look up",
    title: "References",
    description: `The ${works.size} papers and pages that the lessons build on.`,
    headings: [],
    html: `<h1>References</h1><p class="lead">The ${works.size} papers and pages that the lessons build on, with the lessons that use them.</p><div class="prose"><ul>${entries.join("\n")}</ul></div>`,
  };
}

function referencesOf(notebook: Notebook): string[] {
  const cell = notebook.cells.find((one) => one.cell_type === "markdown" && /^## References/m.test(sourceOf(one)));
  const part = cell ? sourceOf(cell).split(/^## References.*$/m)[1] : "";
  return [...part.matchAll(/^- (.+)$/gm)].map(([, line]) => line.trim());
}

/** The same work is the same address, or the same authors and year. */
function keyOf(line: string): string {
  const address = /\]\(([^)]+)\)/.exec(line)?.[1];
  if (address) return address.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
  return line.slice(0, line.indexOf(")") + 1).toLowerCase();
}

/** What follows the last colon after the title is said for the lesson at hand. */
const withoutRemark = (line: string): string =>
  line.replace(/^(.*\)[^:]*?(?:\d+\(\d+\)|\.[^:.]*)?):\s.*$/, "$1.").replace(/\.\.$/, ".");
