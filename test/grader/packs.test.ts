// The example pack of the docs, applied: what it changes, what learners get of it, and that its checks work.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeCells, loadCells } from "../../lib/src/exercise/cells.js";
import { Engine } from "../../lib/src/exercise/engine.js";
import { modulesFor } from "../../lib/src/exercise/modules.js";
import { readNotebook, sourceOf } from "../../lib/src/exercise/nbformat.js";
import { coursePack, courseRoot, type Exercise, masterFile, type Pack } from "../../lib/src/exercise/pack.js";
import { composePack } from "../../lib/src/exercise/release/compose.js";
import { writeCourse } from "../../lib/src/exercise/release/course.js";
import { answersCaller } from "../../lib/src/exercise/solution.js";
import { linkModules } from "../link-modules.js";

const root = courseRoot();
const example = join(root, "docs/packs/example");
const folder = mkdtempSync(join(tmpdir(), "unrolled-packs-"));
const course = coursePack();
let pack: Pack;
const of = (id: string): Exercise => pack.exercises.find((exercise) => exercise.id === id)!;
beforeAll(() => {
  pack = composePack(example, join(folder, "composed"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A pack with only a pack.json. */
function packOf(file: unknown): string {
  const made = mkdtempSync(join(folder, "pack-"));
  writeFileSync(join(made, "pack.json"), typeof file === "string" ? file : JSON.stringify(file));
  return made;
}
const compose = (from: string) => () => composePack(from, mkdtempSync(join(folder, "out-")));

describe("composePack", () => {
  test("drops, changes, replaces and adds", () => {
    const ids = pack.exercises.map(({ id }) => id);
    expect(ids).not.toContain("05.4");
    expect(ids.filter((id) => id.startsWith("07."))).toEqual([]);
    expect(ids).toContain("15.1");
    expect(ids).toEqual([...ids].sort());
    expect(of("05.3")).toMatchObject({ points: 14, minutes: 15 });
    expect(of("05.3").tests.map(({ points }) => points)).toEqual([2, 2, 2, 2, 2, 2, 2]);
    expect(of("05.1").title).toBe("One update by hand, our numbers");
    expect(of("05.2")).toEqual(course.exercises.find(({ id }) => id === "05.2"));
  });

  test("its masters have the pack's cells in the place of the course's, and headings from its manifest", () => {
    const cells = readNotebook(masterFile(pack, of("05.1"))).cells;
    const ids = cells.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith("ex-05-1-"))).toEqual(["ex-05-1-card", "ex-05-1-answer", "ex-05-1-check"]);
    expect(ids.indexOf("ex-05-1-check") + 1).toBe(ids.indexOf("ex-05-2-card"));
    expect(ids.filter((id) => id.startsWith("ex-05-4-"))).toEqual([]);
    const card = (id: string) => sourceOf(cells.find((cell) => cell.id === id)!);
    expect(card("ex-05-1-card")).toContain("### 05.1 One update by hand, our numbers ·");
    expect(card("ex-05-3-card")).toContain("· 15 min");
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("the solutions of composed exercises pass, through the engine; a slip in one is named", async () => {
    const engine = await Engine.start(pack);
    try {
      for (const id of ["05.1", "05.3", "15.1"]) {
        const cells = codeCells(readNotebook(masterFile(pack, of(id))));
        const answers = await loadCells(cells, of(id).exports, await modulesFor(of(id)));
        const [report] = await engine.run([of(id)], { caller: answersCaller(answers), seed: "a hidden seed" });
        expect(report, id).toMatchObject({ state: "passed", earned: of(id).points });
      }
      const [slip] = await engine.run([of("05.1")], { caller: answersCaller({ cNext: [2.2, -0.8] }) });
      expect(slip.tests[0]).toMatchObject({ state: "failed", looksLike: expect.stringContaining("kept whole") });
    } finally {
      await engine.close();
    }
  });

  test.each([
    ["{ half", "pack.json: "],
    [[], "must be an object"],
    [{ drops: [] }, "unknown field drops; there are drop, change, add"],
    [{ drop: ["99.1"] }, "the course has no exercise 99.1"],
    [{ change: { "99.1": {} } }, "the course has no exercise 99.1"],
    [{ add: [{ ...course.exercises[0], id: "16.1", file: "16-none.ipynb" }] }, "16.1: there is no 16-none.ipynb"],
    [
      { add: [{ ...course.exercises[0], id: "05.9", file: "05-gates.ipynb" }] },
      "05.9: 05-gates.ipynb has no cells ex-05-9-…",
    ],
    [{ change: { "05.3": { points: 3, tests: [] } } }, "05.3: the points of the tests must add up to 3, got 0"],
  ])("says what is wrong with a pack: %j", (file, message) => {
    expect(compose(packOf(file))).toThrow(message);
  });

  test("refuses a suite named as one of the course", () => {
    const own = packOf({});
    writeFileSync(join(own, "05-gates.test.ts"), "");
    expect(compose(own)).toThrow("05-gates.test.ts: the course has a file of this name; choose another");
  });
});

/** Every file below a folder, by its path from there. */
function filesIn(place: string): string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(place.length + 1));
}

describe("a student package", () => {
  const plain = join(folder, "course");
  const packed = join(folder, "packed");
  beforeAll(() => {
    writeCourse(root, course, plain);
    writeCourse(root, pack, packed);
  });

  test.each([plain, packed])("holds no solution, rubric, hidden test, seed or planted mistake: %#", (out) => {
    const files = filesIn(out);
    expect(files.filter((file) => /solutions|mistakes|seed|docs\/packs|all\.test|\.git\//.test(file))).toEqual([]);
    expect(files.filter((file) => /^test\/(?!exercises\/|fixtures\/)/.test(file))).toEqual([]);
    const rubric = course.exercises.flatMap((exercise) => exercise.rubric?.map(({ name }) => name) ?? []);
    for (const file of files.filter((name) => /\.(ipynb|json|md|ts|mjs)$/.test(name) && !name.startsWith("lib/src"))) {
      const text = readFileSync(join(out, file), "utf8");
      expect(text, file).not.toMatch(/BEGIN SOLUTION|END SOLUTION|Worked solution|BEGIN STUB/);
      for (const name of rubric) expect(text, file).not.toContain(name);
    }
    const answers = course.exercises.flatMap((exercise) => {
      const cells = readNotebook(masterFile(course, exercise)).cells;
      return cells
        .flatMap((cell) => [...sourceOf(cell).matchAll(/BEGIN SOLUTION.*\n([\s\S]*?)\n.*END SOLUTION/g)])
        .map((found) => found[1].trim());
    });
    const exercises = files
      .filter((file) => /^exercises\/.*ipynb$/.test(file))
      .map((file) => {
        return readNotebook(join(out, file)).cells.map(sourceOf).join("\n");
      });
    for (const answer of new Set(answers.filter((text) => text.split("\n").length > 2))) {
      for (const text of exercises) expect(text).not.toContain(answer);
    }
  });

  test("a hidden item comes as a stub, without its suite and its titles", () => {
    const files = filesIn(packed);
    expect(files).toContain("exercises/15-exam.ipynb");
    expect(files).toContain("test/exercises/own-numbers.test.ts");
    expect(files).not.toContain("test/exercises/exam.test.ts");
    expect(readFileSync(join(packed, "exercises/manifest.json"), "utf8")).not.toContain("shrinks by a factor");
  });

  test("refuses to give out a suite that holds hidden tests, and a folder that is not empty", () => {
    const mixed = { ...of("15.1"), suite: "own-numbers.test.ts" };
    const exercises = pack.exercises.map((exercise) => (exercise.id === "15.1" ? mixed : exercise));
    expect(() => writeCourse(root, { ...pack, exercises }, join(folder, "mixed"))).toThrow(
      "15.1: has hidden tests in own-numbers.test.ts, which learners get",
    );
    expect(() => writeCourse(root, pack, packed)).toThrow("must be empty");
  });

  test("works by itself: its checks and its progress run on its own manifest", () => {
    linkModules(packed);
    cpSync(join(root, "lib/dist"), join(packed, "lib/dist"), { recursive: true });
    const script = `import { Checker } from "unrolled/notebook/check/client"; import { check } from "unrolled";
      import { main } from "unrolled/cli/progress";
      const c = new Checker(); const say = (r) => console.log(r.id, r.state, r.earned);
      say(await c.check("05.1", { cNext: [1.8, -0.6] })); say(await c.check("05.1", { cNext: [] }));
      await check("15.1", { remaining: (f, n) => f ** n }); c.close(); await main([], { root: process.cwd() });`;
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST)/.test(name)),
    );
    const node = ["--input-type=module", "-e", script];
    const said = execFileSync(process.execPath, node, { cwd: packed, encoding: "utf8", env });
    expect(said).toContain("05.1 passed 2\n05.1 not-started 0\ncheck: 15.1 is checked when it is handed in, not here");
    expect(said).toMatch(/^15-exam +○ +0 of 3 points$/m);
  });
});
