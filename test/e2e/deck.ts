import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { executed } from "../../lib/src/book/executed.js";
import { readNotebook } from "../../lib/src/notebook/notebook-file.js";
import { withSlideTypes, writeDeck } from "../../lib/src/slides/deck.js";
import { root } from "./jupyter.js";

/** Makes the deck of a lesson, from the outputs that the tests' run of all notebooks left, if it did. */
export async function makeDeck(lesson: string, folder: string): Promise<number> {
  const file = join(root, "notebooks", `${lesson}.ipynb`);
  const [notebook] = (await executed([file], { root })).values();
  return writeDeck(withSlideTypes(notebook, readNotebook(file)), folder);
}

/** A page in a browser, and what went wrong in it. */
export interface DeckPage {
  readonly page: Page;
  readonly faults: string[];
}

/** Opens a deck from its folder, without a network. Whatever it asks for from elsewhere is a fault. */
export async function openDeck(browser: Browser, folder: string): Promise<DeckPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, offline: true });
  const page = await context.newPage();
  const own = pathToFileURL(folder).href;
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(data|blob|about):/.test(url)) faults.push(`asks for ${url}`);
  });
  await page.goto(`${own}/index.html`);
  await page.waitForFunction("window.Reveal && Reveal.isReady()");
  return { page, faults };
}

/** What one slide is like once it is shown. */
export interface ShownSlide {
  readonly id: string;
  readonly scale: number;
  readonly overflow: boolean;
  readonly figures: number;
  readonly drawn: number;
}

/** Shows every slide in turn, and says what each is like. */
export function showAll(page: Page): Promise<ShownSlide[]> {
  return page.evaluate(`(async () => {
    const shown = [];
    for (const slide of Reveal.getSlides()) {
      const { h, v } = Reveal.getIndices(slide);
      Reveal.slide(h, v, 99);
      while (slide.dataset.shown !== 'done') await new Promise((next) => setTimeout(next, 5));
      shown.push({ id: slide.id, scale: Number(slide.dataset.scale), overflow: slide.dataset.overflow === 'true',
        figures: slide.querySelectorAll('[data-live=figure]').length,
        drawn: slide.querySelectorAll('[data-live=figure] :is(.trace path, .hm image, .contour path)').length });
    }
    return shown;
  })()`);
}

/** The slides that nobody could read, or whose figure is empty. */
export const faultsOf = (slides: readonly ShownSlide[]): string[] =>
  slides.flatMap(({ id, overflow, figures, drawn }) => [
    ...(overflow ? [`${id} does not fit`] : []),
    ...(figures > 0 && drawn === 0 ? [`${id} has an empty figure`] : []),
  ]);
