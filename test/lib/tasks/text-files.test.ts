import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { characterText, corpus, readText, seededRng, sourceText } from "unrolled";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "text-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, bytes: string | Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

test("readText: any UTF-8 file; without a byte order mark, with plain line ends", () => {
  expect(readText(write("a.txt", "\uFEFFzwölf\r\n日本 😀\n"))).toBe("zwölf\n日本 😀\n");
  const text = readText(write("b.txt", "größer als Ähren ".repeat(20)));
  expect(characterText({ text, seqLen: 5 }, seededRng(1)).vocabulary.symbols).toContain("ß");
});

test("readText: refuses what is not there, and what is no text", () => {
  const missing = join(folder, "missing.txt");
  expect(() => readText(missing)).toThrow(`readText: file must be readable, got "${missing}" (ENOENT)`);
  expect(() => readText(folder)).toThrow("(EISDIR)");
  const latin = write("latin1.txt", Uint8Array.of(0x67, 0x72, 0xfc, 0x6e));
  expect(() => readText(latin)).toThrow(`readText: file must be UTF-8 text, got "${latin}", which is not`);
  expect(() => readText(3 as never)).toThrow("readText: file must be a path, got 3");
});

test("sourceText: the library's own code, file after file", () => {
  const text = sourceText();
  expect(text).toContain("// cells/lstm.ts\n");
  expect(text).toContain("const c");
  expect(text).not.toContain("// tasks/");
  const names = [...text.matchAll(/^\/\/ ((?:tensor|cells|layers|sequence)\/\S+\.ts)$/gm)].map(([, name]) => name);
  expect(names).toEqual([...new Set(names)].sort());
  expect(sourceText(["tasks"])).toContain("// tasks/corpus/verse.ts\n/** Three poems");
});

test("corpus: three texts of 2.5 to 4 KB, with the marks of their kinds", () => {
  for (const text of Object.values(corpus)) {
    expect(text.length).toBeGreaterThan(2500);
    expect(text.length).toBeLessThan(4000);
    expect(text.endsWith("\n")).toBe(true);
  }
  expect(corpus.prose.split("\n\n").length).toBeGreaterThan(8);
  expect(corpus.verse.split("\n").every((line) => line.length < 60)).toBe(true);
});

test("corpus.latex: what is opened is closed, in the right order", () => {
  const open: string[] = [];
  for (const [, verb, name] of corpus.latex.matchAll(/\\(begin|end)\{(\w+)\}/g)) {
    if (verb === "begin") open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  for (const [left, right] of ["{}", "()", "[]"].map((pair) => [...pair])) {
    const count = (mark: string) => corpus.latex.split(mark).length - 1;
    if (left !== "(" && left !== "[") expect(count(left)).toBe(count(right));
  }
  expect((corpus.latex.match(/\$/g) ?? []).length % 2).toBe(0);
});
