import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { main } from "../../lib/src/cli/update.js";
import {
  type Notebook,
  type NotebookCell,
  notebookText,
  readNotebook,
  sourceOf,
} from "../../lib/src/exercise/nbformat.js";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { mergeNotebook } from "../../lib/src/exercise/release/merge.js";

const file = "05-gates.ipynb";
const given = readNotebook(join(courseRoot(), "exercises", file));
const folder = mkdtempSync(join(tmpdir(), "unrolled-update-"));
afterAll(() => rmSync(folder, { recursive: true }));

const edit = (notebook: Notebook, by: Record<string, (text: string) => string>): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell) => (by[cell.id] ? { ...cell, source: by[cell.id](sourceOf(cell)) } : cell)),
});
const text = (notebook: Notebook, id: string): string => sourceOf(notebook.cells.find((cell) => cell.id === id)!);
const ids = (notebook: Notebook): string[] => notebook.cells.map(({ id }) => id);
const note: NotebookCell = { id: "my-note", cell_type: "markdown", metadata: {}, source: "remember" };

const answer = "function forgetGate() { return [1]; }";
const mine: Notebook = (() => {
  const written = edit(given, { "ex-05-2-answer": () => answer, "ex-05-2-card": (card) => `${card}\nmy remark` });
  const at = ids(written).indexOf("ex-05-2-answer") + 1;
  return { ...written, cells: [...written.cells.slice(0, at), note, ...written.cells.slice(at)] };
})();
const theirs: Notebook = edit(given, {
  intro: (intro) => `${intro}\nnew in this version`,
  "ex-05-2-answer": (stub) => stub.replace("b: Vector", "bias: Vector"),
  "ex-05-3-answer": (stub) => stub.replace("cPrev: Vector", "cOld: Vector"),
});

describe("mergeNotebook", () => {
  const { notebook, kept, restubbed } = mergeNotebook(given, mine, theirs);

  test("an answer stays, and stubs and texts that nobody touched are the new ones", () => {
    expect(text(notebook, "ex-05-2-answer")).toBe(answer);
    expect(text(notebook, "ex-05-3-answer")).toContain("cOld: Vector");
    expect(text(notebook, "intro")).toContain("new in this version");
    expect(restubbed).toEqual(["ex-05-2-answer"]);
  });

  test("a cell of one's own stays behind the cell it stood behind; a remark in a card stays", () => {
    expect(ids(notebook)[ids(notebook).indexOf("my-note") - 1]).toBe("ex-05-2-answer");
    expect(text(notebook, "ex-05-2-card")).toContain("my remark");
    expect(kept).toEqual(["ex-05-2-card", "ex-05-2-answer", "my-note"]);
  });

  test("a card that both changed comes new, with the learner's below it", () => {
    const both = edit(theirs, { "ex-05-2-card": (card) => `${card}\nnew words` });
    const merged = mergeNotebook(given, mine, both).notebook;
    expect(text(merged, "ex-05-2-card")).toContain("new words");
    expect(text(merged, "ex-05-2-card-mine")).toContain("my remark");
  });

  test("without the old release, checksums tell what was written; locked cells are always the new ones", () => {
    const spoilt = edit(mine, { "ex-05-3-check": () => "// nothing", setup: () => "const sigmoid = 1;" });
    const merged = mergeNotebook(undefined, spoilt, theirs).notebook;
    expect(text(merged, "ex-05-2-answer")).toBe(answer);
    expect(text(merged, "ex-05-3-answer")).toContain("cOld: Vector");
    expect(text(merged, "ex-05-3-check")).toContain('check("05.3"');
    expect(text(merged, "setup")).toContain("notStarted");
    expect(ids(merged)).toContain("my-note");
  });

  test("an answer to an exercise that is gone is not thrown away", () => {
    const without = { ...theirs, cells: theirs.cells.filter(({ id }) => !id.startsWith("ex-05-2-")) };
    const merged = mergeNotebook(given, mine, without).notebook;
    expect(text(merged, "ex-05-2-answer")).toBe(answer);
    expect(ids(merged)).not.toContain("ex-05-2-check");
  });

  test("merging twice changes nothing more, and nothing written means the new release", () => {
    expect(mergeNotebook(theirs, notebook, theirs).notebook.cells).toEqual(notebook.cells);
    expect(mergeNotebook(given, given, theirs)).toEqual({ notebook: theirs, kept: [], restubbed: [] });
  });
});

async function update(root: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const spies = (["log", "error"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line) => void said.push(String(line))),
  );
  try {
    return { code: await main(args, { root }), said: said.join("\n") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const write = (root: string, notebook: Notebook): void => {
  mkdirSync(join(root, "exercises"), { recursive: true });
  writeFileSync(join(root, "exercises", file), notebookText(notebook));
};
const read = (root: string): Notebook => readNotebook(join(root, "exercises", file));
const backups = (root: string): string[] => {
  const place = join(root, ".unrolled/backup");
  return readdirSync(place).map((name) => join(place, name, file));
};

describe("npm run update", () => {
  test("--from brings the answers of another folder, and keeps a backup of what was here", async () => {
    const [older, newer] = [join(folder, "older"), join(folder, "newer")];
    write(older, mine);
    write(newer, theirs);
    const { code, said } = await update(newer, "--from", older);
    expect(code).toBe(0);
    expect(said).toContain(`${file}: kept ex-05-2-answer, my-note`);
    expect(text(read(newer), "ex-05-2-answer")).toBe(answer);
    expect(readFileSync(backups(newer)[0], "utf8")).toBe(notebookText(theirs));
  });

  const git = (cwd: string, ...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.org", ...args], {
      cwd,
      encoding: "utf8",
      stdio: "pipe",
    });

  /** A course's origin, a learner's clone of it with answers, and a new version at the origin. */
  function cloned(name: string): { origin: string; clone: string } {
    const [origin, clone] = [join(folder, `${name}-origin`), join(folder, `${name}-clone`)];
    write(origin, given);
    git(origin, "init", "-q", "-b", "main");
    git(origin, "add", ".");
    git(origin, "commit", "-qm", "one");
    git(folder, "clone", "-q", origin, clone);
    write(clone, mine);
    write(origin, theirs);
    git(origin, "commit", "-qam", "two");
    return { origin, clone };
  }

  test("in a clone it brings the new version around the answers", async () => {
    const { clone } = cloned("plain");
    const { code, said } = await update(clone);
    expect(said).toContain("ex-05-2-answer: the exercise has changed since you wrote this");
    expect(code).toBe(0);
    expect(text(read(clone), "ex-05-2-answer")).toBe(answer);
    expect(text(read(clone), "intro")).toContain("new in this version");
    expect(readFileSync(backups(clone)[0], "utf8")).toBe(notebookText(mine));
    expect((await update(clone)).code).toBe(0);
    expect(text(read(clone), "ex-05-2-answer")).toBe(answer);
  });

  test("where git cannot bring it, the notebooks are as they were", async () => {
    const { clone } = cloned("diverged");
    writeFileSync(join(clone, "own.txt"), "x");
    git(clone, "add", "own.txt");
    git(clone, "commit", "-qm", "mine");
    const { code, said } = await update(clone);
    expect(code).toBe(1);
    expect(said).toContain("git could not bring the new version; your notebooks are as they were");
    expect(read(clone).cells).toEqual(mine.cells.map((cell) => ({ ...cell })));
  });

  test("without an origin, or with a wrong folder, it says so and touches nothing", async () => {
    const alone = join(folder, "alone");
    write(alone, mine);
    cpSync(alone, join(folder, "alone-copy"), { recursive: true });
    expect((await update(alone, "--from", join(folder, "nowhere"))).code).toBe(2);
    git(alone, "init", "-q");
    expect(await update(alone)).toMatchObject({ code: 1, said: expect.stringContaining("nothing to update from") });
    expect((await update(alone, "--form", "x")).code).toBe(2);
    expect(read(alone)).toEqual(read(join(folder, "alone-copy")));
  });
});
