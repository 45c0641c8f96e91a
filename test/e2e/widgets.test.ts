import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { explore, figures } from "unrolled";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runMachine } from "../../lib/src/explore/lstm-player.js";
import { machines } from "../../lib/src/explore/machine.js";
import { bundleOf } from "../../lib/src/notebook/show.js";
import { openBrowser, pictures, reason } from "./jupyter.js";

/** A page with nothing in it but what a cell showed, as a saved notebook or the book has it. */
const pageOf = (...values: unknown[]): string =>
  `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><body>${values.map((value) => bundleOf(value)["text/html"]).join("\n")}`;

describe.skipIf(reason)("live widgets, in a page without kernel or network", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, offline: true });
  });
  afterAll(() => browser?.close());

  async function open(...values: unknown[]): Promise<Locator> {
    await page.setContent(pageOf(...values));
    const widget = page.locator("[data-ready]").first();
    await widget.waitFor();
    return widget;
  }
  const said = (widget: Locator, text: RegExp) => widget.locator("[role=status]", { hasText: text }).waitFor();

  test("the page computes what Node computes, to the last bit", async () => {
    const [script] = /var unrolledPage=[\s\S]*?(?=\nunrolledPage\.mount)/.exec(pageOf(explore.lstmCell()))!;
    const inPage = await page.evaluate(
      `${script}; (${JSON.stringify(machines)}).map((machine) => unrolledPage.runMachine(machine))`,
    );
    expect(inPage).toEqual(machines.map(runMachine));
  });

  test("the live cell is stepped, changed and reset by keyboard, and says what it did", async () => {
    const widget = await open(explore.lstmCell());
    await said(widget, /Step 1 of 8/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight"); // latch, erase, count
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const { c, h } = runMachine(machines[2])[2];
    await said(widget, new RegExp(`Step 3 of 8.* New c = ${+c.toFixed(3)}; shown: h = ${+h.toFixed(3)} `));

    await widget.getByRole("slider", { name: "c before" }).focus();
    await page.keyboard.press("End");
    await said(widget, /Of c = 5 the forget gate keeps 5 .* New c = 5;/);
    await page.screenshot({ path: join(pictures, "live-cell.png"), fullPage: true });
    await widget.getByRole("button", { name: "Reset" }).press("Enter");
    await said(widget, /Step 1 of 8\. Of c = 0/);
  });

  test("a build-up goes forward and back, and leaves the page's own keys alone", async () => {
    const widget = await open(figures.lstmCell({}, { animate: true }));
    await page.evaluate("globalThis.heard = 0; document.addEventListener('keydown', () => { globalThis.heard++; })");
    await said(widget, /^6 of 6/);
    await widget.getByRole("button", { name: "Start" }).press("Enter");
    await widget.getByRole("button", { name: "Next" }).press("Enter");
    await said(widget, /^2 of 6\. The memory c/);
    const shown = await widget
      .locator(".turn")
      .evaluateAll((parts) => parts.map((part) => (part as unknown as { style: { opacity: string } }).style.opacity));
    expect(shown).toEqual(["1", "1", "0.08", "0.08", "0.08", "0.08"]);
    expect(await page.evaluate("globalThis.heard")).toBe(0);
  });

  test.each(["light", "dark"] as const)("in a narrow %s page nothing is wider than the page", async (colorScheme) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ colorScheme });
    const ground = colorScheme === "dark" ? "#111111" : "#ffffff";
    const widget = await open(explore.lstmCell(), figures.lstmCell({}, { animate: true }), figures.selfLoop());
    await page.evaluate(`document.body.style.background = "${ground}"`);
    await said(widget, /Step 1/);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    expect(await widget.locator(".card.dark").count()).toBe(colorScheme === "dark" ? 1 : 0);
    await page.screenshot({ path: join(pictures, `narrow-${colorScheme}.png`), fullPage: true });
  });
});
