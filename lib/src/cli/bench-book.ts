import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { findProgram } from "../notebook/system.js";

/** `npm run bench:book`: how long the book takes to build and to open, and how much a reader loads. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  if (args.length > 0) {
    console.error(`bench:book: takes no arguments, got ${args.join(" ")}`);
    return 2;
  }
  const course = copyOf(root);
  const results: boolean[] = [];
  const say = (what: string, value: number, unit: string, target: number): void => {
    results.push(value <= target);
    const shown = unit === "KB" ? value.toFixed(0) : value.toFixed(1);
    console.log(
      `${what.padEnd(64)} ${shown.padStart(8)} ${unit.padEnd(2)}  target ${target}  ${value <= target ? "ok" : "MISSED"}`,
    );
  };
  try {
    await measure(course, say);
  } finally {
    rmSync(course, { recursive: true, force: true });
  }
  return results.every(Boolean) ? 0 : 1;
}

type Say = (what: string, value: number, unit: string, target: number) => void;

async function measure(course: string, say: Say): Promise<void> {
  const { buildBook } = await import("../book/site.js");
  const out = join(course, "dist/book");
  const timed = async (): Promise<number> => {
    const start = performance.now();
    await buildBook({ root: course, out, log: console.error });
    return (performance.now() - start) / 1000;
  };
  say("full build, from the outputs that npm test keeps", await timed(), "s", 420);
  const lesson = join(course, "notebooks/05-gates.ipynb");
  const change = (from: string, to: string): void =>
    writeFileSync(lesson, readFileSync(lesson, "utf8").replace(from, to));
  change("Follow the top line", "Now follow the top line");
  say("again, after a sentence of lesson 05 was changed", await timed(), "s", 15);
  change("[losses[0], losses.at(-1)", "[losses[0], losses[losses.length - 1]");
  say("again, after its code was changed, which executes it", await timed(), "s", 60);

  const kilobytes = (file: string): number => gzipSync(readFileSync(join(out, file))).length / 1000;
  const lessons = readdirSync(join(out, "lessons")).map((name) => `lessons/${name}`);
  const pages = await opened(out, ["index.html", ...lessons]);
  say("plotly.js, gzipped, once", kilobytes("assets/plotly.js"), "KB", 1500);
  const sizes = pages.map(({ files }) =>
    files.filter((file) => file !== "assets/plotly.js").reduce((sum, file) => sum + kilobytes(file), 0),
  );
  say("largest lesson with all that its first sight loads, gzipped", Math.max(0, ...sizes), "KB", 300);
  const all = readdirSync(out, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(out, name)));
  const whole = all.filter((entry) => entry.isFile()).reduce((sum, { size }) => sum + size, 0);
  console.log(`the whole book: ${(whole / 1e6).toFixed(1)} MB in ${all.length} files`);
  if (pages.length > 0) say("first page interactive, from disk, in a fresh browser", pages[0].seconds, "s", 1.5);
  else console.log("There is no Chromium here: how fast pages open was not measured.");
}

/** A copy that may be changed; what is large is linked. */
function copyOf(root: string): string {
  const course = mkdtempSync(join(tmpdir(), "unrolled-book-"));
  for (const name of [
    "node_modules",
    "lib",
    "exercises",
    "solutions",
    "docs",
    "README.md",
    "typedoc.json",
    "package.json",
    "tsconfig.base.json",
  ]) {
    symlinkSync(join(root, name), join(course, name));
  }
  cpSync(join(root, "notebooks"), join(course, "notebooks"), { recursive: true });
  cpSync(join(root, ".unrolled/outputs"), join(course, ".unrolled/outputs"), { recursive: true });
  return course;
}

interface Opened {
  /** From the click to a page that answers. */
  readonly seconds: number;
  /** What it loaded, from the book's root. */
  readonly files: readonly string[];
}

interface Browser {
  newPage(): Promise<{
    on(event: "request", listener: (request: { url(): string }) => void): void;
    goto(url: string): Promise<unknown>;
    waitForSelector(selector: string, options: object): Promise<unknown>;
    waitForTimeout(ms: number): Promise<void>;
    close(): Promise<void>;
  }>;
  close(): Promise<void>;
}

/** Opens pages in Chromium, without scrolling; the first one in a browser that has just started. */
async function opened(out: string, paths: readonly string[]): Promise<Opened[]> {
  const executablePath = ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => findProgram(name))
    .find(Boolean);
  if (!executablePath) return [];
  const { chromium } = createRequire(import.meta.url)("playwright-core") as {
    chromium: { launch(options: object): Promise<Browser> };
  };
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  const home = `${pathToFileURL(out).href}/`;
  const seen: Opened[] = [];
  for (const path of paths) {
    const page = await browser.newPage();
    const files = new Set<string>();
    page.on(
      "request",
      (request) =>
        request.url().startsWith(home) &&
        files.add(
          request
            .url()
            .slice(home.length)
            .replace(/[?#].*/, ""),
        ),
    );
    const start = performance.now();
    await page.goto(home + path);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    const seconds = (performance.now() - start) / 1000;
    await page.waitForTimeout(500);
    seen.push({ seconds, files: [...files] });
    await page.close();
  }
  await browser.close();
  return seen;
}
