import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { explore, figures } from "unrolled";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runMachine } from "../../lib/src/explore/lstm-player.js";
import { machines } from "../../lib/src/explore/machine.js";
import { bundleOf } from "../../lib/src/notebook/show.js";
import { openBrowser, pictures, reason, root } from "./jupyter.js";

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

  /** The background of each character of the n-th text. */
  const shades = (widget: Locator, n = 0): Promise<string[]> =>
    widget
      .locator("pre")
      .nth(n)
      .locator("span")
      .evaluateAll((spans) =>
        spans.map((span) => (span as unknown as { style: { background: string } }).style.background),
      );

  test("texts: the keys choose one, and its characters are shaded by their numbers", async () => {
    const views = [
      { name: "cold", text: "the the" },
      { name: "warm", text: "<b>?", shades: [1, -0.5, 0, 0.01] },
    ];
    const widget = await open(explore.texts(views, { title: "Temperature" }));
    expect(await widget.locator("pre").textContent()).toBe("the the");
    await widget.getByRole("slider", { name: "which text" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => widget.locator("pre").textContent()).toBe("<b>?");
    expect(await widget.locator("output").textContent()).toBe("warm");
    expect(await shades(widget)).toEqual(["rgba(0, 114, 178, 0.6)", "rgba(213, 94, 0, 0.3)", "", ""]);
  });

  test("lookBack: where the reader points, every model's past is shaded, and the future is not", async () => {
    const rows = { LSTM: [[1], [4, 2], [0, 1, 1]], RNN: [[1], [0, 1], [0, 0, 1]] };
    const widget = await open(explore.lookBack("abc", rows));
    await widget.locator("pre").nth(1).locator("span").nth(1).hover();
    await said(widget, /LSTM back to 1, RNN back to 0 characters ago/);
    expect(await shades(widget, 0)).toEqual(["rgba(0, 114, 178, 0.6)", "rgba(0, 114, 178, 0.3)", ""]);
    expect(await shades(widget, 1)).toEqual(["", "rgba(0, 114, 178, 0.6)", ""]);
    await widget.getByRole("slider", { name: "after which character" }).focus();
    await page.keyboard.press("Home");
    await said(widget, /LSTM back to 0, RNN back to 0/);
    await page.screenshot({ path: join(pictures, "look-back.png"), fullPage: true });
  });

  test.each(["light", "dark"] as const)("in a narrow %s page nothing is wider than the page", async (colorScheme) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ colorScheme });
    const ground = colorScheme === "dark" ? "#111111" : "#ffffff";
    const long = explore.texts([{ name: "one long word", text: "a".repeat(200) }]);
    const widget = await open(explore.lstmCell(), figures.lstmCell({}, { animate: true }), figures.selfLoop(), long);
    await page.evaluate(`document.body.style.background = "${ground}"`);
    await said(widget, /Step 1/);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    expect(await widget.locator(".card.dark").count()).toBe(colorScheme === "dark" ? 1 : 0);
    await page.screenshot({ path: join(pictures, `narrow-${colorScheme}.png`), fullPage: true });
  });

  /** Opens a plot in a page that has plotly.js already, as the book and Jupyter's server give it. */
  async function plot(figure: object): Promise<Locator> {
    await page.setContent("<!doctype html><body></body>");
    await page.addScriptTag({ path: join(root, "node_modules/plotly.js-dist-min/plotly.min.js") });
    const [html, script] = String(bundleOf(figure)["text/html"]).split(/<script>|<\/script>/);
    await page.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(html)})`);
    await page.addScriptTag({ content: script });
    const box = page.locator("figure[data-ready]");
    await box.waitFor();
    return box;
  }
  const valley = { x: [0, 1, 2], y: [0, 1], loss: [[0, 1, 2], [2, 3, 4]] }; // biome-ignore format: a matrix
  const way = { x: [0, 1, 2, 2], y: [0, 0, 1, 0] };

  test("a plot's slider moves with the arrow keys, and Enter plays its frames", async () => {
    await page.setViewportSize({ width: 1000, height: 800 });
    const slider = await plot(figures.halfLife([0, 1, 5], { start: 1 }));
    const legend = () => slider.locator(".legendtext").allTextContents();
    expect(await legend()).toEqual(["f = 0.7311", "half-life 2.21 steps"]);
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await slider.locator(".legendtext", { hasText: "half-life 103 steps" }).waitFor();

    const cliff = await plot(figures.cliff(valley, { descent: way }));
    const drawn = () => page.evaluate("document.querySelector('.js-plotly-plot').data[1].x.length");
    await cliff.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(drawn).toBe(3);
    await page.keyboard.press("Enter");
    await expect.poll(drawn).toBe(4);
  });

  test("in a narrow page a plot's title, axis titles and slider stay inside it", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    const title = "A long title that says in a whole sentence what this picture of a descent shows";
    const box = await plot(
      figures.cliff(valley, { descent: way }, { title, x: "recurrent weight w, the one that matters most of all" }),
    );
    const frame = (await box.boundingBox())!;
    const texts = await box.locator(".gtitle, .xtitle, .ytitle, .slider-label, .legendtext").all();
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) {
      const at = (await text.boundingBox())!;
      expect(at.x, (await text.textContent()) ?? "").toBeGreaterThanOrEqual(frame.x - 1);
      expect(at.x + at.width, (await text.textContent()) ?? "").toBeLessThanOrEqual(frame.x + frame.width + 1);
      expect(at.y).toBeGreaterThanOrEqual(frame.y - 1);
    }
    await page.screenshot({ path: join(pictures, "narrow-plot.png"), fullPage: true });
  });
});
