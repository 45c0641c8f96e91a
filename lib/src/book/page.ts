import type { Heading } from "./markdown.js";

/** One page of the book. */
export interface Page {
  /** From the site's root: "lessons/05-gates.html". */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly group: Group;
  /** "05", before the title in the contents. */
  readonly number?: string;
  /** The name in the contents, where the title is long. */
  readonly name?: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Texts of the types that names in the page's code point to. */
  readonly types?: readonly string[];
  /** Predictions are asked for. */
  readonly predicts?: boolean;
}

/** Demo guides are not in the contents: their own first page lists them. */
export type Group = "Start" | "Lessons" | "Exercises" | "Look up" | "Teach" | "Guides";

/** From one page of the site to another. */
export function relativePath(from: string, to: string): string {
  const up = "../".repeat(from.split("/").length - 1);
  return up + to || "./";
}

const folders: [folder: RegExp, page: string][] = [
  [/^notebooks\/(.+)\.ipynb$/, "lessons/$1.html"],
  [/^exercises\/(.+)\.ipynb$/, "exercises/$1.html"],
  [/^docs\/teaching\/README\.md$/, "teaching/index.html"],
  [/^docs\/((?:teaching\/)?[\w-]+)\.md$/, "$1.html"],
  [/^README\.md$/, "index.html"],
];

/** Where a link in a file of the course leads in the book: an address for the page, or undefined where it leads out. */
export function linkFrom(file: string, page: string, pages: ReadonlySet<string>): (href: string) => string | undefined {
  return (href) => {
    if (/^[a-z]+:/i.test(href)) return href;
    const [path, hash = ""] = href.split("#");
    if (path === "") return href;
    const target = new URL(path, `file:///${file}`).pathname.slice(1);
    if (hash.startsWith("term-")) return `${relativePath(page, "glossary.html")}#${hash}`;
    const found = folders.find(([pattern]) => pattern.test(target));
    const to = found && target.replace(...found);
    return to && pages.has(to) ? relativePath(page, to) + (hash && `#${hash}`) : undefined;
  };
}
