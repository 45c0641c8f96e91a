import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderMarkdown } from "./markdown.js";
import { type Group, linkFrom, type Page } from "./page.js";
import { plainText } from "./search-index.js";

/** In which part of the book the pages in docs/ stand that are not for teachers. */
const lookUp = new Set(["benchmarks.md"]);

/** The pages that are written as Markdown in docs/, as files from the root of the course. */
export function docFiles(root: string): string[] {
  const inFolder = (folder: string): string[] => {
    const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
    return names
      .filter((name) => name.endsWith(".md"))
      .sort()
      .map((name) => `${folder}/${name}`);
  };
  return [...inFolder("docs"), ...inFolder("docs/teaching")];
}

/** Where a page of docs/ stands in the book. */
export const docPath = (file: string): string =>
  file
    .replace(/^docs\//, "")
    .replace(/README\.md$/, "index.html")
    .replace(/\.md$/, ".html");

/** A page of docs/; its first paragraph describes it. */
export function docPage(file: string, root: string, pages: ReadonlySet<string>): Page {
  const path = docPath(file);
  const { html, headings } = renderMarkdown(readFileSync(join(root, file), "utf8"), {
    link: linkFrom(file, path, pages),
  });
  const title = headings.find(({ level }) => level === 1)?.text ?? path;
  const description = plainText(/<p>([\s\S]*?)<\/p>/.exec(html)?.[1] ?? title).slice(0, 200);
  return {
    path,
    group: groupOf(file),
    title,
    name: title.split(/[:,]/)[0],
    description,
    headings,
    html: `<div class="prose">${html}</div>`,
  };
}

function groupOf(file: string): Group {
  if (/^docs\/teaching\/\d/.test(file)) return "Guides";
  return lookUp.has(file.replace(/^docs\//, "")) ? "Look up" : "Teach";
}
