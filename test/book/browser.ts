import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findProgram } from "../../lib/src/notebook/system.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const book = join(root, "dist/book");

const program = ["chromium", "chromium-browser", "google-chrome"].map((name) => findProgram(name)).find(Boolean);

/** Why these tests cannot run here; undefined where they can. */
export const reason = program ? undefined : "Skipped: Chromium not found. On Debian: apt-get install chromium";
if (reason) console.error(reason);

/** All pages of the book but those of the API reference. */
export const pages: readonly string[] = ["", "lessons", "exercises", "teaching"].flatMap((folder) => {
  const names = existsSync(join(book, folder)) ? readdirSync(join(book, folder)) : [];
  return names.filter((name) => name.endsWith(".html")).map((name) => (folder ? `${folder}/${name}` : name));
});

export const urlOf = (path: string): string => pathToFileURL(join(book, path)).href;

export function openBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: program, args: ["--disable-gpu", "--no-first-run", ...asRoot] });
}

/** What went wrong in a page, and what it asked for. */
export interface Watched {
  readonly page: Page;
  readonly problems: string[];
  /** Files of the book, from its root. */
  readonly asked: Set<string>;
}

/** A page that is watched: errors, and requests that leave the book's own folder. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const [problems, asked]: [string[], Set<string>] = [[], new Set()];
  const home = pathToFileURL(book).href;
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith(`${home}/`)) asked.add(decodeURIComponent(url.slice(home.length + 1).replace(/[?#].*/, "")));
    else if (!/^(data|blob):/.test(url)) problems.push(`asked for ${url}`);
  });
  return { page, problems, asked };
}

/** Shows what waits for predictions, and brings everything to life. */
export async function wakeAll(page: Page): Promise<void> {
  const waiting = page.locator('#predict[aria-pressed="true"]:visible');
  if (await waiting.count()) await waiting.click();
  const live = await page.locator("[data-live]").all();
  for (const part of live) {
    await part.scrollIntoViewIfNeeded();
    await part.and(page.locator("[data-ready]")).waitFor({ state: "attached", timeout: 60_000 });
  }
}
