// The pages in a real browser: what learners wrote does nothing there, and everything fits a phone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MarkBook } from "../../lib/src/grader/marking/mark-book.js";
import { markingQueue } from "../../lib/src/grader/marking/queue.js";
import { serveMarking } from "../../lib/src/grader/marking/server.js";
import { classPage } from "../../lib/src/grader/report/class-page.js";
import { ClassSummary } from "../../lib/src/grader/report/class-summary.js";
import { feedbackPage } from "../../lib/src/grader/report/feedback.js";
import { findProgram } from "../../lib/src/notebook/system.js";
import { exercises, faulty, SCRIPT, sample } from "./sample-results.js";

const program = ["chromium", "chromium-browser", "google-chrome"].map((name) => findProgram(name)).find(Boolean);
const folder = mkdtempSync(join(tmpdir(), "unrolled-pages-"));
let browser: Browser;
beforeAll(async () => {
  if (!program) return;
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // chromium refuses to sandbox itself for root
  browser = await chromium.launch({ executablePath: program, args: sandbox });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const long = `${"wide".repeat(200)} ${SCRIPT}`;
const wide = sample({ name: long, learner: long, flags: [{ code: "x", message: long }] });

function summary(): ClassSummary {
  const all = new ClassSummary();
  for (const result of [wide, sample(), faulty()]) all.add(result);
  return all;
}

const pages: Record<string, string> = {
  feedback: feedbackPage(wide),
  "feedback without a grade": feedbackPage(faulty()),
  "class report": classPage(summary()),
};

/** What a page did that it should not: errors, refusals of its policy, dialogs, requests. */
function watch(page: Page, own: string): string[] {
  const seen: string[] = [];
  page.on("console", (message) => seen.push(message.text()));
  page.on("pageerror", (error) => seen.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(own)) seen.push(request.url());
  });
  page.on("dialog", (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return seen;
}

describe.skipIf(!program)("pages in the browser", () => {
  test.each(Object.keys(pages))("%s: hostile text does nothing, and all fits into 360 pixels", async (name) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.html`);
    writeFileSync(file, pages[name]);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const seen = watch(page, pathToFileURL(file).href);
    await page.goto(pathToFileURL(file).href);
    expect(seen).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await page.evaluate("document.scripts.length + document.images.length")).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight")).toBe("700"); // its style may run
    await page.close();
  });

  test("a script that had slipped through the escaping would still not run", async () => {
    const file = join(folder, "injected.html");
    writeFileSync(
      file,
      pages.feedback.replace("</main>", "<script>document.title = 'owned'</script><img src=x onerror=alert(1)></main>"),
    );
    const page = await browser.newPage();
    const seen = watch(page, "file:");
    await page.goto(pathToFileURL(file).href);
    expect(await page.title()).not.toBe("owned");
    expect(seen.filter((line) => line.startsWith("dialog"))).toEqual([]);
    expect(seen.join("\n")).toMatch(/Content Security Policy/);
    await page.close();
  });

  test("marking: rubric beside the answer, saved on Enter, the token gone from the address, reload goes on", async () => {
    const rubric = [
      { name: `says that c grows ${SCRIPT}`, points: 3 },
      { name: "names the gate", points: 1 },
    ];
    const answering = (learner: string) =>
      sample({ learner, name: SCRIPT, exercises: [{ ...exercises[3], answer: `${learner}: ${SCRIPT}` }] });
    const book = new MarkBook(join(folder, "marks.jsonl"));
    const queue = await markingQueue([answering("ada"), answering("bob")], [{ id: "05.5", rubric }] as never, book);
    const server = await serveMarking(queue, book);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const seen = watch(page, server.url.split("#")[0]);
    await page.goto(server.url);
    await page.waitForSelector("#points0");
    expect(page.url()).not.toContain("token");
    expect(await page.textContent("#answer")).toContain("<script>alert(1)</script>");
    expect(await page.textContent("#learner")).toBe("Name hidden");
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    await page.fill("#points0", "2");
    await page.fill("#comment0", "nearly");
    await page.fill("#points1", "1");
    await page.press("#points1", "Enter");
    await expect.poll(() => page.textContent("#count")).toBe("2 of 2, 1 marked");
    await page.reload();
    await expect.poll(() => page.textContent("#count")).toBe("2 of 2, 1 marked");
    await page.click("#back");
    await expect.poll(() => page.inputValue("#points0")).toBe("2");
    expect(await page.inputValue("#comment0")).toBe("nearly");
    expect(seen).toEqual([]);
    expect(book.find(queue[0], queue[0].answer)?.marks.map(({ earned }) => earned)).toEqual([2, 1]);
    await page.close();
    await server.close();
  });
});
