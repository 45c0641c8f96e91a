import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  courseCopy,
  jupyter,
  openBrowser,
  openNotebook,
  pictures,
  reason,
  removeFolder,
  root,
  runCells,
  type Server,
} from "./jupyter.js";

describe.skipIf(reason)("in real Jupyter and a real browser", () => {
  let folder: string;
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = courseCopy();
    server = await jupyter(folder);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (folder) removeFolder(folder);
  });

  const errors = () => page.locator(".output_error").count();

  test("lesson 02 runs top to bottom, its figures are alive, and none comes from the network", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await openNotebook(page, server, "notebooks/02-vanishing-gradients.ipynb");
    await runCells(page);
    expect(await errors()).toBe(0);

    const plots = page.locator(".js-plotly-plot");
    await plots.first().waitFor({ timeout: 30_000 });
    expect(await plots.count()).toBeGreaterThanOrEqual(3);
    for (const plot of await plots.all()) {
      expect(await plot.locator(".main-svg").count()).toBeGreaterThan(0);
      expect(
        await plot.evaluate((node) => (node.closest("[aria-label]")?.getAttribute("aria-label") ?? "").length),
      ).toBeGreaterThan(30);
    }
    await plots.first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(pictures, "lesson-02.png") });
    expect(asked.filter((url) => !url.startsWith(server.base) && !/^(data|blob|about):/.test(url))).toEqual([]);
  });

  test("a saved lesson that comes from somebody else says in words what its figures show", async () => {
    await page.evaluate("Jupyter.notebook.save_checkpoint()");
    await page.waitForFunction("!Jupyter.notebook.dirty");
    const saved = JSON.parse(readFileSync(join(folder, "notebooks/02-vanishing-gradients.ipynb"), "utf8"));
    saved.cells[1].source = ["changed, so that its signature does not fit"]; // Jupyter trusts what it signed itself
    writeFileSync(join(folder, "notebooks/stranger.ipynb"), JSON.stringify(saved));
    const reader = await browser.newPage();
    await openNotebook(reader, server, "notebooks/stranger.ipynb");
    const caption = reader.locator(".output_html", { hasText: "A fresh RNN" });
    await caption.first().waitFor({ timeout: 30_000 });
    expect(await caption.first().innerText()).toMatch(/RNN from 5\.66 at lag 0 to 3\.3e-22 at lag 99/);
    expect(await reader.locator(".js-plotly-plot").count()).toBe(0);
    await reader.close();
  });

  /** Puts code into the answer cell of an exercise, runs the notebook up to its check, and returns the check's table. */
  async function checked(answer: string): Promise<string> {
    await page.evaluate(
      ([code]) => {
        const { notebook } = (globalThis as unknown as { Jupyter: { notebook: ClassicNotebook } }).Jupyter;
        const index = notebook.get_cells().findIndex((cell) => cell.get_text().includes("function lstmStep"));
        notebook.get_cell(index).set_text(code);
      },
      [answer],
    );
    await runCells(page, "Jupyter.notebook.clear_all_output(); Jupyter.notebook.execute_all_cells()");
    const check = page.locator(".code_cell", { hasText: 'check("05.3"' });
    await check.locator(".output_area table").waitFor({ timeout: 30_000 });
    await check.scrollIntoViewIfNeeded();
    return check.locator(".output_area").innerText();
  }

  const solution = (code: (text: string) => string): string => {
    const master = JSON.parse(readFileSync(join(root, "solutions/05-gates.ipynb"), "utf8"));
    const cell = master.cells
      .map((c: { source: string[] }) => c.source.join(""))
      .find((text: string) => text.includes("function lstmStep"));
    return code(cell);
  };

  test("exercise 05.3: the solution passes its checks", async () => {
    await openNotebook(page, server, "exercises/05-gates.ipynb");
    const table = await checked(solution((text) => text));
    await page.screenshot({ path: join(pictures, "check-passing.png") });
    expect(table).not.toMatch(/✗/);
    expect(table).toMatch(/✓/);
  });

  test("exercise 05.3: a step whose h opens on the old cell state is told so, with input, expected and got", async () => {
    const slip = solution((text) => text.replace(/tanh\(c\)/, "tanh(cPrev)"));
    expect(slip).toContain("tanh(cPrev)");
    const table = await checked(slip);
    await page.screenshot({ path: join(pictures, "check-failing.png") });
    expect(table).toMatch(/✗/);
    expect(table).toMatch(/cPrev/);
    expect(table).toMatch(/expected/i);
    expect(table).toMatch(/got/i);
  });
});

interface ClassicNotebook {
  get_cells(): { get_text(): string }[];
  get_cell(index: number): { set_text(code: string): void };
}
