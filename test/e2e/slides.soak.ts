import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, makeDeck, openDeck, showAll } from "./deck.js";
import { openBrowser, root } from "./jupyter.js";

const lessons = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => basename(name, ".ipynb"));
const folder = mkdtempSync(join(tmpdir(), "unrolled-decks-"));

describe("every slide of every deck", { timeout: 900_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(lessons)("%s", async (lesson) => {
    await makeDeck(lesson, join(folder, lesson));
    const { page, faults } = await openDeck(browser, join(folder, lesson));
    expect(faultsOf(await showAll(page))).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
});
