import type { Browser } from "playwright-core";
import { loadCharacterModel, seededRng } from "unrolled";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retrain } from "../../lib/src/book/retrain.js";
import { openBrowser, openPage, reason, urlOf, type Watched } from "./browser.js";

const lesson = "lessons/05-gates.html";

describe.skipIf(reason)("reading the book", () => {
  let browser: Browser;
  let watched: Watched;
  beforeAll(async () => {
    browser = await openBrowser();
    watched = await openPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
  });
  const open = async (path: string) => {
    await watched.page.goto(urlOf(path));
    await watched.page.locator("html[data-ready]").waitFor({ state: "attached" });
    return watched.page;
  };

  test("the search opens with a key, finds a section, and Enter goes there", async () => {
    const page = await open(lesson);
    await page.keyboard.press("/");
    await page.keyboard.type("constant error carousel");
    const first = page.locator("#found a").first();
    await first.waitFor();
    expect(await first.textContent()).toMatch(/carousel/i);
    await page.keyboard.press("Enter");
    await page.waitForURL(/#/);
    expect(page.url()).toMatch(/glossary\.html#term-constant-error-carousel|04-cell-state\.html#/);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("zzzzqqq");
    await page.getByText("Nothing found.").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator("#searching").evaluate((dialog) => (dialog as unknown as { open: boolean }).open)).toBe(
      false,
    );
  });

  test("what a cell showed waits for a prediction, which is remembered; the switch shows everything", async () => {
    const page = await open(lesson);
    const answer = page.locator('[data-answer="1"]').first();
    expect(await answer.isVisible()).toBe(false);
    const guess = page.getByLabel("Your prediction").first();
    await guess.fill("0.1 and 128");
    await guess.press("Enter");
    await answer.waitFor({ state: "visible" });
    expect(await page.locator('[data-answer="2"]').first().isVisible()).toBe(false);
    await page.locator("#predict").click();
    await page.locator('[data-answer="2"]').first().waitFor({ state: "visible" });
    expect(await page.locator(".guess:visible").count()).toBe(0);
    await page.locator("#predict").click();
    expect(await page.locator('[data-answer="3"]').first().isVisible()).toBe(false);
    await page.reload();
    expect(await page.getByLabel("Your prediction").first().inputValue()).toBe("0.1 and 128");
  });

  test("light and dark follow the system until the reader chooses; pictures and plots follow too", async () => {
    const page = await open(lesson);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.locator("#theme").click();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    expect(await ground()).toBe(light);
    expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("light");
    await page.reload();
    expect(await ground()).toBe(light);
    await page.locator("#theme").click();
    await page.locator("#theme").click();
    await page.emulateMedia({ colorScheme: "light" });
  });

  test("a name in the code says its type, a linked word what it means", async () => {
    const page = await open(lesson);
    const name = page.locator("[data-t]", { hasText: /^parameterCount$/ }).first();
    await name.hover();
    expect(await page.locator("#tip").textContent()).toMatch(/^function parameterCount\(.*\): number/);
    await page.keyboard.press("Escape");
    await page.locator('main a[href*="#term-gate"]').first().focus();
    await page.locator("#tip", { hasText: /^Gate: / }).waitFor();
  });

  test("Tab reaches everything that can be pressed, and shows where it is", async () => {
    const page = await open(lesson);
    await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)");
    const all = (await page.evaluate(`[...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
      .filter((el) => el.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !el.disabled)
      .map((el, k) => { el.dataset.stop = k; return k; }).length`)) as number;
    const reached = new Set<string>();
    for (let press = 0; press < all + 40; press++) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate("document.activeElement?.dataset?.stop");
      if (typeof stop === "string") reached.add(stop);
    }
    const missed = await page.evaluate(
      `[...document.querySelectorAll("[data-stop]")].filter((el) => !${JSON.stringify([...reached])}.includes(el.dataset.stop)).map((el) => el.outerHTML.slice(0, 100))`,
    );
    expect(missed).toEqual([]);
    await page.keyboard.press("Shift+Tab");
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe("none");
  });

  test("without scripts a lesson reads whole: pictures, answers, quiz", async () => {
    const { page, problems } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(urlOf(lesson));
    const stills = await page.locator(".still img").all();
    expect(stills.length).toBeGreaterThan(3);
    for (const still of stills) {
      await still.scrollIntoViewIfNeeded();
      await expect
        .poll(() => still.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
        .toBeGreaterThan(0);
    }
    expect(await page.locator('[data-answer="1"]').first().isVisible()).toBe(true);
    expect(await page.getByText("Show the answers").first().isVisible()).toBe(true);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("what the laboratory's page computes is what Node computes, to the last bit; Stop stops it", async () => {
    const page = await open("laboratory.html");
    await page.getByRole("slider", { name: "Forget bias" }).fill("3");
    await page.getByRole("slider", { name: "Length T" }).fill("20");
    await page.getByRole("button", { name: "Train" }).click();
    const losses = async () =>
      ((await page.locator("[data-laboratory]").getAttribute("data-losses")) ?? "").split(" ").map(Number);
    await expect.poll(async () => (await losses()).length, { timeout: 60_000 }).toBeGreaterThan(40);
    await page.getByRole("button", { name: "Stop" }).click();
    const seen = (await losses()).slice(0, 40);
    const computed: number[] = [];
    for await (const { loss } of retrain({ forgetBias: 3, seqLen: 20, seed: 1, steps: 40 })) computed.push(loss);
    expect(seen).toEqual(computed);
    const count = (await losses()).length;
    await page.waitForTimeout(300);
    expect((await losses()).length).toBe(count);
    expect(await page.locator("[data-laboratory] polyline").count()).toBe(1);
    expect(watched.problems).toEqual([]);
  });

  test("what the model types in the page is what it types in Node, character by character; Pause pauses it", async () => {
    const page = await open("laboratory.html");
    const box = page.locator("[data-typist]");
    await box.getByLabel("Beginning").fill("export const ");
    await box.getByRole("slider", { name: "Temperature" }).fill("0.7");
    await box.getByLabel("Seed").fill("3");
    await box.getByRole("button", { name: "Write" }).click();
    await expect
      .poll(async () => Number(await box.getAttribute("data-typed")), { timeout: 60_000 })
      .toBeGreaterThan(60);
    await box.getByRole("button", { name: "Pause" }).click();
    const typed = (await box.locator(".typed").textContent()) ?? "";
    const start = "export const ";
    const { model } = loadCharacterModel();
    const written = model.write(typed.length - start.length, { start, temperature: 0.7, rng: seededRng(3) });
    expect(typed).toBe(start + written);
    await page.waitForTimeout(200);
    expect(await box.locator(".typed").textContent()).toBe(typed);
    expect(watched.problems).toEqual([]);
  });
});
