import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { main } from "../../lib/src/cli/notebooks.js";
import { runNotebook } from "../../lib/src/notebook/run-notebook.js";

const folder = mkdtempSync(join(tmpdir(), "unrolled-notebooks-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

type Source = string | { source: string; tags: string[] };

function notebook(name: string, sources: Source[]): string {
  const cells = sources.map((cell, index) => {
    const { source, tags } = typeof cell === "string" ? { source: cell, tags: [] } : cell;
    return { cell_type: "code", id: `cell-${index}`, metadata: { tags }, source, outputs: [], execution_count: null };
  });
  const file = join(folder, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

test("runNotebook: runs to the end and stores what each cell showed", async () => {
  const { failure, notebook: ran } = await runNotebook(notebook("passes", ["const a = 2; console.log('hi')", "a * 3"]));
  expect(failure).toBeUndefined();
  expect(ran.cells.map(({ outputs, execution_count }) => ({ outputs, execution_count }))).toEqual([
    { outputs: [{ output_type: "stream", name: "stdout", text: ["hi\n"] }], execution_count: 1 },
    {
      outputs: [{ output_type: "execute_result", data: { "text/plain": "6" }, metadata: {}, execution_count: 2 }],
      execution_count: 2,
    },
  ]);
});

test("runNotebook: a throwing cell fails it, is named, and ends it", async () => {
  const { failure, notebook: ran } = await runNotebook(notebook("throws", ["1", "throw new Error('boom')", "3"]));
  expect(failure).toMatchObject({ cell: "cell-1", reason: "Error: boom" });
  expect(ran.cells[2]).toMatchObject({ outputs: [], execution_count: null });
});

test("runNotebook: a cell tagged raises-exception may throw", async () => {
  const expected = { source: "throw new Error('as told')", tags: ["raises-exception"] };
  const { failure, notebook: ran } = await runNotebook(notebook("expected", [expected, "2"]));
  expect(failure).toBeUndefined();
  expect(ran.cells[0].outputs).toMatchObject([{ output_type: "error", ename: "Error", evalue: "as told" }]);
  expect(ran.cells[1].execution_count).toBe(2);
});

test("runNotebook: a kernel that dies fails the notebook", async () => {
  const { failure } = await runNotebook(notebook("dies", ["process.exit(4)", "2"]));
  expect(failure).toMatchObject({ cell: "cell-0", reason: expect.stringContaining("the kernel died: exit code 4") });
});

test("runNotebook: a cell that never ends fails the notebook", async () => {
  const { failure } = await runNotebook(notebook("hangs", ["for (;;) {}"]), { timeout: 1 });
  expect(failure).toMatchObject({ cell: "cell-0", reason: "ran longer than 1 s" });
});

test("runNotebook: a live figure leaves one output, the final figure, the same from run to run", async () => {
  const module = JSON.stringify(join(import.meta.dirname, "../../lib/dist/notebook/index.js"));
  const code = `const { liveFigure, progress } = require(${module});
const live = liveFigure(["a"]); const line = progress("Training", 3);
for (let i = 0; i < 3; i++) { live.push(i, [i * i]); line.at(i + 1); await new Promise((r) => setTimeout(r, 120)); }
live.end(); line.end();`;
  const file = notebook("live", [code]);
  const [first, second] = [await runNotebook(file), await runNotebook(file)];
  expect(first.failure).toBeUndefined();
  const outputs = first.notebook.cells[0].outputs!;
  expect(outputs).toHaveLength(2);
  expect(outputs[0]).toMatchObject({
    data: { "application/vnd.plotly.v1+json": { data: [{ x: [0, 1, 2], y: [0, 1, 4] }] } },
  });
  expect(outputs[1]).toMatchObject({ data: { "text/plain": "Training: 3 of 3" } });
  expect(second.notebook.cells[0].outputs).toEqual(outputs);
});

test("notebooks: writes outputs when asked, and its exit code tells", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  const good = notebook("written", ["40 + 2"]);
  expect(await main(["--write", good], { root: folder })).toBe(0);
  expect(JSON.parse(readFileSync(good, "utf8")).cells[0].outputs[0].data["text/plain"]).toBe("42");
  const bad = notebook("unwritten", ["throw new Error('boom')"]);
  expect(await main(["--write", good, bad], { root: folder })).toBe(1);
  expect(lines.join("\n")).toMatch(/FAIL unwritten\.ipynb[\s\S]*cell cell-0: Error: boom/);
  expect(JSON.parse(readFileSync(bad, "utf8")).cells[0].outputs).toEqual([]);
});

test.each([[["--jobs", "0"]], [["--what"]], [["/nowhere.ipynb"]]])(
  "notebooks %o: wrong usage exits 2",
  async (args) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await main(args, { root: folder })).toBe(2);
  },
);
