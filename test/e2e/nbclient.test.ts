import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installKernelspec } from "../../lib/src/notebook/kernelspec.js";
import { runNotebook } from "../../lib/src/notebook/run-notebook.js";
import { courseCopy, nbconvertProgram, openBrowser, reason, removeFolder } from "./jupyter.js";

interface Output {
  output_type: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
}
interface Cell {
  cell_type: string;
  metadata: { tags?: string[] };
  outputs?: Output[];
}

/** What a cell printed or showed, as plain text. */
const plain = (cell: Cell): string =>
  (cell.outputs ?? []).map(({ text, data }) => [text ?? data?.["text/plain"] ?? ""].flat().join("")).join("");

describe.skipIf(reason)("Jupyter's own client", () => {
  let folder: string;
  beforeAll(() => {
    folder = courseCopy();
  });
  afterAll(() => removeFolder(folder));

  test("nbclient and our headless runner get the same outputs from lesson 01", async () => {
    const file = join(folder, "notebooks/01-vanilla-rnn.ipynb");
    installKernelspec(join(folder, ".jupyter", "kernels"));
    const ours = (await runNotebook(file)).notebook.cells as unknown as Cell[];

    const asked = [
      "--to",
      "notebook",
      "--execute",
      "--ExecutePreprocessor.timeout=180",
      "--output",
      "theirs.ipynb",
      file,
    ];
    const env = { ...process.env, JUPYTER_PATH: join(folder, ".jupyter") };
    const done = spawnSync(nbconvertProgram as string, asked, { env, encoding: "utf8" });
    expect(done.status, done.stderr).toBe(0);
    const theirs: Cell[] = JSON.parse(readFileSync(join(folder, "notebooks/theirs.ipynb"), "utf8")).cells;

    const compared = ours.filter((cell) => cell.cell_type === "code" && !cell.metadata.tags?.includes("timing"));
    expect(compared.length).toBeGreaterThan(5);
    for (const cell of compared) expect(plain(cell)).toBe(plain(theirs[ours.indexOf(cell)]));
  });

  test("lesson 01 exported as HTML is alive offline, beside its notebook", async () => {
    const exported = join(folder, "notebooks/theirs.html");
    const done = spawnSync(nbconvertProgram as string, ["--to", "html", join(folder, "notebooks/theirs.ipynb")], {
      encoding: "utf8",
    });
    expect(done.status, done.stderr).toBe(0);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ offline: true });
      await page.goto(pathToFileURL(exported).href, { waitUntil: "domcontentloaded" });
      const outputs = page.locator("[data-unrolled]");
      const alive = page.locator("[data-unrolled][data-ready]");
      expect(await outputs.count()).toBeGreaterThan(5);
      await expect.poll(() => alive.count(), { timeout: 60_000 }).toBe(await outputs.count());
      expect(await page.locator(".js-plotly-plot .main-svg").count()).toBeGreaterThan(3);
    } finally {
      await browser.close();
    }
  });
});
