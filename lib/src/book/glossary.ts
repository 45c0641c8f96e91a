import { readNotebook, sourceOf } from "../notebook/notebook-file.js";
import { type MarkdownOptions, renderMarkdown } from "./markdown.js";
import type { Page } from "./page.js";

/** A word of the course, from the table in lesson 00. */
export interface Term {
  /** The names under which lessons link to it; the first is its own. */
  readonly ids: readonly string[];
  readonly term: string; // Markdown
  readonly meaning: string; // Markdown
  readonly lessons: readonly string[];
}

/** The terms that a notebook's glossary explains, in its order. */
export function readTerms(file: string): Term[] {
  const rows = readNotebook(file).cells.flatMap((cell) => sourceOf(cell).match(/^\| <a id="term-.*$/gm) ?? []);
  return rows.map((row) => {
    const [term, meaning, lessons] = row.split(" | ");
    return {
      ids: [...term.matchAll(/id="([^"]+)"/g)].map(([, id]) => id),
      term: term.replace(/^\| |<a id="[^"]*"><\/a>/g, "").trim(),
      meaning: meaning.trim(),
      lessons: (lessons ?? "")
        .replace(/\|\s*$/, "")
        .split(",")
        .map((lesson) => lesson.trim())
        .filter(Boolean),
    };
  });
}

/** The glossary, from A to Z. */
export function glossaryPage(
  terms: readonly Term[],
  lessons: ReadonlyMap<string, string>,
  link: MarkdownOptions["link"],
): Page {
  const inline = (text: string): string => renderMarkdown(text, { link }).html.replace(/^<p>|<\/p>\s*$/g, "");
  const sorted = [...terms].sort((a, b) => a.term.localeCompare(b.term, "en"));
  const entries = sorted.map(({ ids: [id, ...others], term, meaning, lessons: where }) => {
    const also = others.map((other) => `<span id="${other}"></span>`).join("");
    const links = where.map((number) => {
      const path = lessons.get(number);
      return path ? `<a href="${path}">lesson ${number}</a>` : `lesson ${number}`;
    });
    return `<dt id="${id}">${also}${inline(term)}</dt><dd>${inline(meaning)} <small>${links.join(", ")}</small></dd>`;
  });
  return {
    path: "glossary.html",
    group: "Look up",
    title: "Glossary",
    description: `${terms.length} words of the course, each in one sentence.`,
    headings: [],
    html: `<h1>Glossary</h1><p class="lead">${terms.length} words, each in one sentence, with the lesson that explains it.</p><dl class="glossary">${entries.join("\n")}</dl>`,
  };
}

/** What is said where a reader points at a link to a term: plain words by id. */
export function termWords(terms: readonly Term[]): Record<string, string> {
  const plain = (text: string): string =>
    text.replace(/[`*]/g, "").replace(/\$([^$]*)\$/g, (_, formula) => formula.replace(/\\(\w+)/g, "$1"));
  return Object.fromEntries(
    terms.flatMap(({ ids, term, meaning }) => ids.map((id) => [id, `${plain(term)}: ${plain(meaning)}`])),
  );
}
