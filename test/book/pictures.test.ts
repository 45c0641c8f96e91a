import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import type { Browser, Locator, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, openPage, reason, root, urlOf } from "./browser.js";

// Pictures of a few representative figures, to be held against those in test/book/reference. After a wanted change:
//   UPDATE_PICTURES=1 npx vitest run --project book test/book/pictures.test.ts
// then look at each of them before committing. Fonts differ between machines, hence the tolerance: letters may move, a
// curve, a bar or an arrow may not be missing.

const folder = join(root, "test/book/reference");
const update = process.env.UPDATE_PICTURES === "1";
/** Share of the cells with ink in them that may differ. */
const tolerance = 0.2;
const cell = 12;

/** The mean colour of each square of pixels: a letter that moved leaves it nearly alone, a curve that is gone does not. */
function pooled({ width, height, data }: PNG, [columns, rows]: readonly [number, number]): PNG {
  const small = new PNG({ width: columns, height: rows });
  for (let at = 0; at < columns * rows; at++) {
    const [left, top] = [(at % columns) * cell, Math.floor(at / columns) * cell];
    for (const channel of [0, 1, 2]) {
      let sum = 0;
      for (let y = top; y < top + cell; y++)
        for (let x = left; x < left + cell; x++)
          sum += data[4 * (Math.min(y, height - 1) * width + Math.min(x, width - 1)) + channel];
      small.data[4 * at + channel] = sum / cell ** 2;
    }
    small.data[4 * at + 3] = 255;
  }
  return small;
}

/** Of the squares with ink in them, in either picture, the share that differs; 1 where the sizes do by more than a line. */
function difference(a: PNG, b: PNG): { share: number; diff: PNG } {
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  const size = [Math.floor(width / cell), Math.floor(height / cell)] as const;
  const diff = new PNG({ width: size[0], height: size[1] });
  if (Math.abs(a.height - b.height) > 24 || Math.abs(a.width - b.width) > 24) return { share: 1, diff };
  const [small, other] = [pooled(a, size), pooled(b, size)];
  const options = { threshold: 0.05, includeAA: true };
  const differing = pixelmatch(small.data, other.data, diff.data, ...size, options);
  const blank = new PNG({ width: size[0], height: size[1] });
  for (let at = 0; at < size[0] * size[1]; at++) small.data.copy(blank.data, 4 * at, 0, 4); // the ground, as in a corner
  const inked = Math.max(...[small, other].map((one) => pixelmatch(one.data, blank.data, undefined, ...size, options)));
  return { share: differing / Math.max(1, inked), diff };
}

function compare(name: string, picture: Buffer): void {
  const file = join(folder, `${name}.png`);
  if (update || !existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, picture);
    expect(update, `${file} was not there and has been written: look at it`).toBe(true);
    return;
  }
  const { share, diff } = difference(PNG.sync.read(readFileSync(file)), PNG.sync.read(picture));
  if (share > tolerance) {
    const seen = join(root, "test-results");
    mkdirSync(seen, { recursive: true });
    writeFileSync(join(seen, `${name}.png`), picture);
    writeFileSync(join(seen, `${name}-difference.png`), PNG.sync.write(diff));
  }
  expect(share, `${name}: pictures in test-results`).toBeLessThanOrEqual(tolerance);
}

const card = (hero: string): string => `<!doctype html><meta charset="utf-8"><style>
body{margin:0;width:1200px;height:630px;background:#fdfcf9;color:#22262b;font-family:Georgia,"DejaVu Serif",serif;display:grid;align-content:center;justify-items:center;gap:36px}
h1{font-size:76px;line-height:1;margin:0}p{font-size:30px;margin:0;color:#565d66}svg{width:1040px;height:auto}</style>
<h1>Unrolled</h1>${hero}<p>Learn LSTMs by unrolling them: a book whose figures are alive</p>`;

describe.skipIf(reason)("figures look as they did", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    ({ page } = await openPage(browser, { reducedMotion: "reduce", deviceScaleFactor: 1 }));
    await page.addInitScript("try { localStorage.setItem('unrolled-predict', 'off') } catch {}");
  });
  afterAll(() => browser?.close());

  async function ready(box: Locator): Promise<Locator> {
    await box.scrollIntoViewIfNeeded();
    await box.and(page.locator("[data-ready]")).waitFor({ state: "attached" });
    await page.waitForTimeout(400);
    return box;
  }

  test.each([
    ["hero", "index.html", ".hero .scroll"],
    ["drawing", "lessons/05-gates.html", "#cell-candidate-figure .output"],
    ["half-life", "lessons/05-gates.html", "#cell-half-life [data-live]"],
    ["counter", "lessons/05-gates.html", "#cell-trained-figure [data-live]"],
    ["live-cell", "lessons/05-gates.html", "#cell-forced-live [data-live]"],
  ])("%s", async (name, path, selector) => {
    await page.goto(urlOf(path));
    const box = page.locator(selector).first();
    if (selector.includes("data-live")) await ready(box);
    compare(name, await box.screenshot({ animations: "disabled" }));
  });

  test("the first still of lesson 02, dark, as a reader without scripts sees it", async () => {
    const { page: plain } = await openPage(browser, { javaScriptEnabled: false, colorScheme: "dark" });
    await plain.goto(urlOf("lessons/02-vanishing-gradients.html"));
    const still = plain.locator(".still img").first();
    await still.scrollIntoViewIfNeeded();
    await plain.waitForTimeout(500);
    compare("still-dark", await still.screenshot());
    await plain.context().close();
  });

  test("the card that other sites show of a link", async () => {
    await page.setViewportSize({ width: 1200, height: 630 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.setContent(card(readFileSync(join(root, "docs/hero.svg"), "utf8")));
    const picture = await page.screenshot();
    if (update) writeFileSync(join(root, "docs/card.png"), picture);
    const { share } = difference(PNG.sync.read(readFileSync(join(root, "docs/card.png"))), PNG.sync.read(picture));
    expect(share).toBeLessThanOrEqual(tolerance);
  });

  test("a figure that lost a curve is seen", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(urlOf("lessons/05-gates.html"));
    const box = await ready(page.locator("#cell-trained-figure [data-live]"));
    await page.evaluate(
      "Plotly.restyle(document.querySelector('#cell-trained-figure .js-plotly-plot'), { visible: false }, [0, 1, 2])",
    );
    const { share } = difference(
      PNG.sync.read(readFileSync(join(folder, "counter.png"))),
      PNG.sync.read(await box.screenshot()),
    );
    expect(share).toBeGreaterThan(tolerance);
  });
});
