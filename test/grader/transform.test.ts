import { describe, expect, test } from "vitest";
import { extract } from "../../lib/src/grader/extract.js";
import { readSubmittedNotebook } from "../../lib/src/grader/intake/notebook.js";
import { assemble } from "../../lib/src/grader/runner/program.js";
import { allowlistOf, transform } from "../../lib/src/grader/transform.js";
import { answered, released } from "./submissions.js";

const allowed = allowlistOf([{ imports: ["unrolled:tensor,sigmoid", "mathjs"] }]);
const cells = (...sources: string[]) =>
  sources.map((source, k) => ({ source, id: `cell-${k}`, from: "learner" as const }));
const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...args: unknown[]) => Promise<Record<string, () => unknown>>;

/** Runs cells as the runner does, and reads names. */
async function run(sources: string[], names: string[], modules: Record<string, unknown> = {}) {
  const { parts, problems } = transform(cells(...sources), allowed);
  const stopped: number[] = [];
  const runCell = async (cell: number, body: () => Promise<void>) => {
    await body().catch(() => stopped.push(cell));
  };
  const program = new AsyncFunction("$unrolledCell", "$unrolledImport", assemble(parts, names, new Set()));
  const read = await program(runCell, (name: string) => modules[name]);
  return { values: Object.fromEntries(names.map((name) => [name, read[name]()])), problems, stopped };
}

describe("transform", () => {
  test("a cell sees its own names first, then those of the cells before it, as in tslab", async () => {
    const { values } = await run(
      [
        "function helper() { return 1 }\nfunction a() { return helper() }\nconst k = 5; function b() { return k }",
        "function helper() { return 2 }\nconst k = 6;",
        "const seen = [a(), b(), helper()];",
      ],
      ["seen", "helper"],
    );
    expect(values.seen).toEqual([1, 5, 2]);
  });

  test("every kind of declaration is seen from later cells", async () => {
    const { values } = await run(
      [
        `const { a, b: { c = 3 }, ...rest } = { a: 1, b: {}, d: 4 } as any;
         const [first, , third = 9, ...others] = [1, 2, undefined, 4, 5];
         let later; var old = 2; class Box<T> { constructor(readonly value: T) {} }
         enum Gate { Input, Forget } export const out = 7; async function slow() { return 8 }
         export default function named() { return 10 } function* counts() { yield 11 }
         abstract class Base { abstract size(): number } later = 12;`,
        `const all = [a, c, rest.d, first, third, others, later, old, new Box(6).value, Gate.Forget, out, await slow(), named(), [...counts()][0]];`,
      ],
      ["all"],
    );
    expect(values.all).toEqual([1, 3, 4, 1, 9, [4, 5], 12, 2, 6, 1, 7, 8, 10, 11]);
  });

  test("a function may be called above its declaration, a const may not", async () => {
    const { values, stopped } = await run(
      ["const early = f();\nfunction f() { return 1 }", "const x = y; const y = 2;"],
      ["early"],
    );
    expect(values.early).toBe(1);
    expect(stopped).toEqual([]); // y is undefined there, where tslab says so in red
  });

  test("a cell that throws keeps what it had declared, and the next cells run", async () => {
    const { values, stopped } = await run(
      ["const before = 1; throw new Error(); const after = 2;", "const next = before + 1;"],
      ["before", "after", "next"],
    );
    expect(values).toEqual({ before: 1, after: undefined, next: 2 });
    expect(stopped).toEqual([0]);
  });

  test("what may be imported is imported; types and unused names are no matter", async () => {
    const { values, problems } = await run(
      [
        'import { sigmoid as s, type Tensor, Matrix } from "unrolled";\nimport * as math from "mathjs";\nconst x: Matrix = [s(1), math.pi];',
      ],
      ["x"],
      { unrolled: { sigmoid: (v: number) => v * 2 }, mathjs: { pi: 3 } },
    );
    expect(problems).toEqual([]);
    expect(values.x).toEqual([2, 3]);
  });

  test.each([
    ['import { LSTMCell } from "unrolled"; new LSTMCell(1, 1);', "line 1: this exercise may not import LSTMCell"],
    [
      '\nimport { lstm } from "unrolled";',
      "line 2: this exercise may not import lstm; it may import check, notStarted",
    ],
    ['import "node:fs";', 'line 1: this exercise may import from unrolled, mathjs, not from "node:fs"'],
    ['import x from "unrolled";', "line 1: there is no default export to import"],
    ['const f = () =>\n  import("node:fs");', "line 2: import(…) inside code is not possible here"],
    ['export { x } from "../solutions";', "line 1: this exercise may import from"],
    ['import fs = require("fs");', "line 1: import … = require(…)"],
    ["const a = ;", "line 1: Expression expected."],
    ["function f( { return", "line 1: "],
    ["const a = 1;\nreturn = 3;", "line 2: "],
    ["let x = 1; await = 2", "Unexpected token"],
    ["with (Math) {}", "Strict mode code may not include a with statement"],
  ])("leaves out %j and says why", (source, message) => {
    const { parts, problems } = transform(cells("const fine = 1;", source), allowed);
    expect(problems).toEqual([{ cell: 1, message: expect.stringContaining(message) }]);
    expect(parts.map(({ cell }) => cell)).toEqual([0]);
  });

  test("code cannot leave its cell's block", async () => {
    const escapes = ["}); } } globalThis.out = 1; {{ (() => {", "}}}", "*/ globalThis.out = 1; /*", "`${", "</script>"];
    const { problems, values } = await run([...escapes, "const fine = 1;"], ["fine"]);
    expect(values.fine).toBe(1);
    expect((globalThis as { out?: unknown }).out).toBeUndefined();
    expect(problems.length).toBeGreaterThanOrEqual(4);
  });

  test("names that mean something to the program around the cells change nothing outside", async () => {
    const { values } = await run(
      ["const runCell = 1, importFrom = 2; var undefined_ = 3;", "const fine = 1;"],
      ["fine"],
    ).catch(() => ({ values: { fine: "broken" } }));
    expect(values.fine).toBe(1);
  });
});

describe("extract", () => {
  const read = (notebook: object) => readSubmittedNotebook(Buffer.from(JSON.stringify(notebook)));

  test("the setup is the course's, the checks do not run, the answers stay in order", () => {
    const { cells, answers, flags } = extract(read(answered({ setup: "const stolen = 1;" })), released);
    expect(cells[0]).toMatchObject({ id: "setup", from: "course", source: expect.stringContaining("const sigmoid") });
    expect(cells.map(({ id }) => id).filter((id) => id.endsWith("-check"))).toEqual([]);
    expect(cells.filter(({ from }) => from === "learner").map(({ id }) => id)).toEqual(
      [...answers.keys()].filter((id) => cells.some((cell) => cell.id === id)),
    );
    expect(flags.map(({ code }) => code)).toEqual(["edited-locked-cell"]);
  });

  test("a deleted answer is a stub again, behind the setup and before all that the learner wrote", () => {
    const notebook = answered();
    const kept = notebook.cells.filter(({ id }) => id !== "ex-05-4-answer");
    const { cells } = extract(read({ ...notebook, cells: kept }), released);
    const at = cells.findIndex(({ id }) => id === "ex-05-4-answer");
    expect(cells[at].source).toContain("notStarted");
    expect(cells.findIndex(({ from }) => from === "learner")).toBeGreaterThan(at);
    expect(cells.findIndex(({ id }) => id === "setup")).toBeLessThan(at);
  });
});
