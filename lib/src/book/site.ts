import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { scoreboard } from "../experiments/scoreboard.js";
import { replaceFile } from "../notebook/kernelspec.js";
import { type Notebook, readNotebook } from "../notebook/notebook-file.js";
import { apiNames, writeApi } from "./api.js";
import { writeAssets } from "./assets.js";
import { docFiles, docPage, docPath } from "./docs.js";
import { executed } from "./executed.js";
import { fragments } from "./fragments.js";
import { glossaryPage, readTerms, termWords } from "./glossary.js";
import { homePage } from "./home.js";
import { laboratoryPage } from "./laboratory.js";
import type { LivePart } from "./live.js";
import { liveCell } from "./live-cell.js";
import { notebookPage } from "./notebook-page.js";
import { linkFrom, type Page, relativePath } from "./page.js";
import { PartWriter } from "./part-writer.js";
import { referencesPage } from "./references.js";
import { scoreboardPage } from "./scoreboard.js";
import { searchIndex } from "./search-index.js";
import { Store } from "./store.js";
import { wholePage } from "./template.js";
import { notebookTypes } from "./types-of-notebook.js";
import { typistScript } from "./typist.js";

export interface BookOptions {
  readonly root: string;
  /** The folder to write into. */
  readonly out: string;
  /** Where it will be published: makes the sitemap and the social cards. */
  readonly baseUrl?: string;
  readonly signal?: AbortSignal;
  readonly log?: (text: string) => void;
}

/** What the pages are made in: paths, what exists, what is kept from earlier. */
interface Workshop extends BookOptions {
  readonly store: Store;
  readonly parts: PartWriter;
  /** The paths of all pages. */
  readonly paths: ReadonlySet<string>;
  /** The character model is there. */
  readonly typist: boolean;
}

const lessonPath = (file: string): string => `lessons/${basename(file, ".ipynb")}.html`;
const exercisePath = (file: string): string => `exercises/${basename(file, ".ipynb")}.html`;

/** Builds the book: a folder of pages that opens from a file or from any static host. */
export async function buildBook(options: BookOptions): Promise<{ pages: number }> {
  const { root, out, baseUrl } = options;
  mkdirSync(out, { recursive: true });
  const api = writeApi(options);
  const lessonFiles = notebooksIn(root, "notebooks");
  const exerciseFiles = notebooksIn(root, "exercises");
  const paths = new Set(["index.html", "glossary.html", "references.html", "laboratory.html", "scoreboard.html"]);
  for (const file of lessonFiles) paths.add(lessonPath(file));
  for (const file of exerciseFiles) paths.add(exercisePath(file));
  for (const file of docFiles(root)) paths.add(docPath(file));
  const store = new Store(join(root, ".unrolled/book"));
  const typist = typistScript(root);
  if (typist) replaceFile(join(out, "assets/typist.js"), typist);
  const shop: Workshop = {
    ...options,
    typist: typist !== undefined,
    store,
    paths,
    parts: new PartWriter(join(out, "assets"), store),
  };

  await writeAssets(root, join(out, "assets"));
  const lessons = await executed(lessonFiles, options);
  const pages = await allPages(shop, lessons, exerciseFiles);
  if (!(await api)) throw new Error("the API reference could not be made");
  for (const page of pages) replaceFile(join(out, page.path), wholePage(page, { pages, baseUrl }));
  replaceFile(join(out, "404.html"), wholePage(lostPage(baseUrl), { pages, baseUrl }));
  replaceFile(join(out, "assets/search-index.js"), searchIndex(pages, apiNames(out)));
  const terms = readTerms(join(root, "notebooks/00-start-here.ipynb"));
  replaceFile(join(out, "assets/terms.js"), `unrolledTerms = ${JSON.stringify(termWords(terms))};\n`);
  if (baseUrl) replaceFile(join(out, "sitemap.xml"), sitemap(pages, baseUrl));
  copyNotebooks([...lessonFiles, ...exerciseFiles], options);
  shop.parts.removeOthers();
  removeOtherPages(out, new Set([...pages.map(({ path }) => path), "404.html"]));
  return { pages: pages.length };
}

function notebooksIn(root: string, folder: string): string[] {
  const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
  const files = names.filter((name) => name.endsWith(".ipynb")).sort();
  return files.map((name) => join(root, folder, name));
}

async function allPages(
  shop: Workshop,
  lessons: ReadonlyMap<string, Notebook>,
  exerciseFiles: string[],
): Promise<Page[]> {
  const { root, paths } = shop;
  const lessonPages: Page[] = [];
  for (const [file, notebook] of lessons) lessonPages.push(await fromNotebook(shop, file, notebook));
  const exercisePages: Page[] = [];
  for (const file of exerciseFiles) exercisePages.push(await fromNotebook(shop, file, readNotebook(file)));
  const byNumber = new Map([...lessons.keys()].map((file) => [basename(file).slice(0, 2), lessonPath(file)]));
  const byName = new Map([...lessons].map(([file, notebook]) => [basename(file, ".ipynb"), notebook]));
  const terms = readTerms(join(root, "notebooks/00-start-here.ipynb"));
  const cell = liveCell("A live LSTM cell");
  shop.parts.write(cell.part);
  return [
    homePage(root, lessonPages, exercisePages.length, cell.html),
    ...lessonPages,
    ...exercisePages,
    laboratoryPage({ typist: shop.typist, lesson12: paths.has("lessons/12-language.html") }),
    glossaryPage(terms, byNumber, linkFrom("notebooks/00-start-here.ipynb", "glossary.html", paths)),
    scoreboardPage(scoreboard()),
    referencesPage(byName, (lesson) => `lessons/${lesson}.html`),
    ...docFiles(root).map((file) => docPage(file, root, paths)),
    apiEntry,
  ];
}

/** The API reference has pages of its own; the book's contents lead there. */
const apiEntry: Page = {
  path: "api.html",
  group: "Look up",
  title: "API reference",
  description: "Every public name of the library, with equation, shapes and source.",
  headings: [],
  html: `<h1>API reference</h1><p class="lead">Every public name of the library: its equation, its shapes, what it refuses, and the paper it follows.</p><p class="actions"><a class="button first" href="api/index.html">Open the reference</a></p>`,
};

async function fromNotebook(shop: Workshop, file: string, notebook: Notebook): Promise<Page> {
  const { root, paths, parts, store } = shop;
  const isLesson = basename(join(file, "..")) === "notebooks";
  const path = isLesson ? lessonPath(file) : exercisePath(file);
  const name = relative(root, file).split(sep).join("/");
  const types = await notebookTypes(notebook, { root, store });
  const stillOf = async (part: LivePart): Promise<string> => relativePath(path, `assets/${await parts.still(part)}`);
  const made = await fragments(notebook, { link: linkFrom(name, path, paths), stillOf, types });
  for (const part of made.flatMap((fragment) => fragment.parts)) parts.write(part);
  const partner = isLesson ? exercisePath(file) : lessonPath(file);
  return notebookPage(made, {
    file: name,
    path,
    group: isLesson ? "Lessons" : "Exercises",
    types: types.texts,
    partner: paths.has(partner) ? partner : undefined,
  });
}

/** A static host shows it at any address, so its links must be whole. */
const lostPage = (baseUrl = ""): Page => ({
  path: "404.html",
  group: "Start",
  title: "Not here",
  description: "There is no such page.",
  headings: [],
  html: `<h1>Forgotten</h1><p class="lead">The forget gate was shut for this address: there is no such page.</p><p class="actions"><a class="button first" href="${baseUrl || ""}index.html">To the first page</a></p>`,
});

const sitemap = (pages: readonly Page[], baseUrl: string): string => {
  const urls = pages.map(({ path }) => `<url><loc>${baseUrl}${path === "index.html" ? "" : path}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join("\n")}</urlset>\n`;
};

function copyNotebooks(files: readonly string[], { root, out }: BookOptions): void {
  for (const file of files) {
    const to = join(out, relative(root, file));
    mkdirSync(join(to, ".."), { recursive: true });
    writeFileSync(to, readFileSync(file));
  }
}

/** Pages of lessons that are no more. */
function removeOtherPages(out: string, paths: ReadonlySet<string>): void {
  for (const folder of ["", "lessons", "exercises", "teaching"]) {
    const names = existsSync(join(out, folder)) ? readdirSync(join(out, folder)) : [];
    const pages = names.filter((name) => name.endsWith(".html")).map((name) => (folder ? `${folder}/${name}` : name));
    for (const page of pages) if (!paths.has(page)) rmSync(join(out, page));
  }
}
