import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderMarkdown } from "./markdown.js";
import { type Group, linkFrom, type Page } from "./page.js";

/** Pages that are written as Markdown in docs/. */
export const docs: readonly { file: string; group: Group; description: string }[] = [
  {
    file: "docs/benchmarks.md",
    group: "Look up",
    description: "How fast the library trains, beside PyTorch and TensorFlow.js.",
  },
  { file: "docs/instructors.md", group: "Teach", description: "From zero to a graded class in ten minutes." },
  {
    file: "docs/packs.md",
    group: "Teach",
    description: "Change points, drop, add or replace exercises without a fork.",
  },
];

export const docPath = (file: string): string => file.replace(/^docs\/(.*)\.md$/, "$1.html");

export function docPage(
  { file, group, description }: (typeof docs)[number],
  root: string,
  pages: ReadonlySet<string>,
): Page {
  const path = docPath(file);
  const text = readFileSync(join(root, file), "utf8");
  const { html, headings } = renderMarkdown(text, { link: linkFrom(file, path, pages) });
  const title = headings.find(({ level }) => level === 1)?.text ?? path;
  return {
    path,
    group,
    title,
    name: title.split(":")[0],
    description,
    headings,
    html: `<div class="prose">${html}</div>`,
  };
}
