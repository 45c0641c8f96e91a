import MiniSearch from "minisearch";
import { scriptJson } from "../notebook/bundle.js";
import type { Page } from "./page.js";
import { searchOptions } from "./search-options.js";

interface Section {
  readonly id: number;
  readonly title: string;
  readonly heading: string;
  readonly url: string;
  /** All of its words. */
  readonly body: string;
  /** The first of them, to be shown. */
  readonly text: string;
}

/** The script that hands the search its index: one entry for each section of each page, and for each name of the API. */
export function searchIndex(pages: readonly Page[], names: readonly { name: string; url: string }[]): string {
  const sections = [
    ...pages.flatMap(sectionsOf),
    ...names.map(({ name, url }) => ({ title: "API", heading: name, url, body: "", text: "" })),
  ];
  const index = new MiniSearch(searchOptions);
  index.addAll(sections.map((section, id): Section => ({ ...section, id })));
  return `unrolledIndex = ${scriptJson(index.toJSON())};\n`;
}

function sectionsOf({ path, title, html }: Page): Omit<Section, "id">[] {
  const parts = html.split(/(?=<h[1-4] id=)|(?=<dt id=)/);
  return parts.flatMap((part) => {
    const [, id, inner] = /^<(?:h[1-4]|dt) id="([^"]*)">([\s\S]*?)<\/(?:h[1-4]|dt)>/.exec(part) ?? [];
    const body = plainText(part.replace(/^<h[1-4][\s\S]*?<\/h[1-4]>/, ""));
    if (!body && !inner) return [];
    return [
      {
        title,
        heading: inner ? plainText(inner) : "",
        url: id ? `${path}#${id}` : path,
        body,
        text: `${body.slice(0, 140)}`,
      },
    ];
  });
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

/** The words of a piece of HTML; formulas as they are read, not as they are written. */
export function plainText(html: string): string {
  return html
    .replace(/<span class="katex-mathml">[\s\S]*?<\/math><\/span>/g, "")
    .replace(/<details class="how">[\s\S]*?<\/details>|<a class="anchor"[^>]*>[\s\S]*?<\/a>/g, "")
    .replace(/<(\/?)(p|li|td|th|h\d|pre|div|tr|dt|dd|summary|figcaption)[^>]*>/g, " ")
    .replace(/<[^>]+>/g, "")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name) => entities[name])
    .replace(/[\u200b\s]+/g, " ")
    .trim();
}
