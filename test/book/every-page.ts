import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, openPage, reason, urlOf, type Watched, wakeAll } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: { readonly target: string[]; readonly failureSummary: string }[];
}

/** What axe-core calls serious or critical. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = (await page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")) as {
    violations: Violation[];
  };
  const grave = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(" "))
        .join(", ")}`,
  );
}

const widthOf = (page: Page): Promise<number> => page.evaluate("document.documentElement.scrollWidth");
const inside = (box: Locator): Promise<string> =>
  box.evaluate((node) => (node as unknown as { innerHTML: string }).innerHTML);

/** The tests that every page must pass; in two files, so that two of them can run at once. */
export function everyPage(name: string, pages: readonly string[]): void {
  describe.skipIf(reason)(name, () => {
    let browser: Browser;
    let watched: Watched;
    let page: Page;

    beforeAll(async () => {
      browser = await openBrowser();
      watched = await openPage(browser);
      page = watched.page;
    });
    afterAll(() => browser?.close());

    describe.each(pages)("%s", (path) => {
      beforeAll(async () => {
        watched.problems.length = 0;
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.emulateMedia({ colorScheme: path.startsWith("exercises") ? "dark" : "light" });
        await page.goto(urlOf(path));
        await page.locator("html[data-ready]").waitFor({ state: "attached" });
        await wakeAll(page);
      });

      test("is all drawn, without an error, a request that leaves the book, or anything wider than the page", async () => {
        const figures = await page.locator("[data-live=figure]").count();
        expect(await page.locator("[data-live=figure] .main-svg").count()).toBeGreaterThanOrEqual(figures);
        expect(
          await page.locator(".plot .scatterlayer, .plot .heatmaplayer, .plot .barlayer").count(),
        ).toBeGreaterThanOrEqual(figures);
        expect(await widthOf(page)).toBeLessThanOrEqual(1440);
        expect(await violations(page)).toEqual([]);
        await page.setViewportSize({ width: 360, height: 740 });
        expect(await widthOf(page)).toBeLessThanOrEqual(360);
        await page.setViewportSize({ width: 1440, height: 900 });
        expect(watched.problems).toEqual([]);
      });

      test("every slider moves its figure, every widget's slider its drawing", async () => {
        for (const figure of await page.locator("[data-live=figure]:has(.slider-container)").all()) {
          const before = await inside(figure.locator(".main-svg").first());
          await figure.focus();
          await page.keyboard.press("ArrowRight");
          await page.keyboard.press("ArrowRight");
          await expect.poll(() => inside(figure.locator(".main-svg").first())).not.toBe(before);
        }
        for (const widget of await page.locator("[data-live=widget][data-ready=lstm]").all()) {
          const drawing = widget.locator(".scroll").first();
          for (const slider of await widget.locator("input[type=range]:visible").all()) {
            const before = await inside(drawing);
            await slider.focus();
            await page.keyboard.press(
              (await slider.inputValue()) === (await slider.getAttribute("max")) ? "Home" : "End",
            );
            expect(await inside(drawing)).not.toBe(before);
          }
        }
        for (const widget of await page.locator("[data-live=widget][data-ready=build-up]").all()) {
          await widget.getByRole("button", { name: "Start" }).click();
          await widget.getByRole("button", { name: "Next" }).click();
          await widget.locator("[role=status]", { hasText: /^2 of / }).waitFor();
        }
        expect(watched.problems).toEqual([]);
      });

      test("every question of a quiz says at once why an answer is right or wrong", async () => {
        for (const quiz of await page.locator("[data-live=quiz]").all()) {
          const questions = await quiz.locator("fieldset").all();
          expect(questions.length).toBeGreaterThan(0);
          for (const question of questions) {
            const verdicts: string[] = [];
            for (const option of await question.locator("input").all()) {
              await option.check();
              verdicts.push((await question.locator("[role=status]").textContent()) ?? "");
            }
            expect(verdicts.filter((text) => /^✓ Right\. ./.test(text))).toHaveLength(1);
            expect(verdicts.filter((text) => /^✗ Not this one\. ./.test(text))).toHaveLength(verdicts.length - 1);
            await question
              .locator("input")
              .nth(verdicts.findIndex((text) => text.startsWith("✓")))
              .check();
          }
          await quiz.getByText(`${questions.length} of ${questions.length} right`).waitFor();
        }
      });
    });
  });
}
