import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Notebook } from "../../lib/src/notebook/notebook-file.js";
import { writeDeck } from "../../lib/src/slides/deck.js";
import { type DeckPage, faultsOf, makeDeck, openDeck, showAll } from "./deck.js";
import { openBrowser, pictures, reason } from "./jupyter.js";

const folder = mkdtempSync(join(tmpdir(), "unrolled-slides-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(reason)("a deck, opened from its folder, without a network", () => {
  let browser: Browser;
  let deck: DeckPage;
  let count: number;

  beforeAll(async () => {
    count = await makeDeck("05-gates", join(folder, "05-gates"));
    browser = await openBrowser();
    deck = await openDeck(browser, join(folder, "05-gates"));
  }, 300_000);
  afterAll(() => browser?.close());

  test("every slide fits, every figure is drawn, and nothing is asked of the network", async () => {
    const slides = await showAll(deck.page);
    expect(slides).toHaveLength(count);
    expect(faultsOf(slides)).toEqual([]);
    expect(slides.reduce((sum, { figures }) => sum + figures, 0)).toBeGreaterThan(3);
    expect(deck.faults).toEqual([]);
  });

  test("a widget runs, a question answers, D turns dark", async () => {
    const { page } = deck;
    await page.evaluate("location.hash = '#/forced-live'");
    const widget = page.locator("section.present [data-ready=lstm]");
    await widget.waitFor();
    await widget.getByRole("button", { name: "Step" }).click();
    await widget.locator("[role=status]", { hasText: /Step 2 of/ }).waitFor();
    await page.screenshot({ path: join(pictures, "slide-widget.png") });

    await page.evaluate("location.hash = '#/quiz'");
    await page.locator("section.present").getByLabel("forget 1, input 0").check();
    await page.locator("section.present [role=status]", { hasText: "Right" }).first().waitFor();
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press("d");
    const painted = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(painted).toBe("rgb(20, 24, 31)");
    await page.screenshot({ path: join(pictures, "slide-dark.png") });
    expect(deck.faults).toEqual([]);
  });

  test("S opens the speaker's view, with what is not on the slide", async () => {
    const { page } = deck;
    await page.evaluate("location.hash = '#/forget'");
    const opened = page.waitForEvent("popup");
    await page.keyboard.press("s");
    const speaker = await opened;
    await speaker.locator(".speaker-controls-notes .value", { hasText: "nobody's subject" }).waitFor();
    await speaker.close();
  });

  test("a slide that holds too much is found out", async () => {
    const rows = Array.from({ length: 60 }, (_, k) => `a_{${k}} &= ${k}`).join(" \\\\ ");
    const source = `# Much\n\n$$\\begin{aligned} ${rows} \\end{aligned}$$`;
    const cells = [{ id: "much", cell_type: "markdown", metadata: {}, source }];
    await writeDeck({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 } as Notebook, join(folder, "much"));
    const { page } = await openDeck(browser, join(folder, "much"));
    expect(faultsOf(await showAll(page))).toEqual(["much does not fit"]);
  });
});
