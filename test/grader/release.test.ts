import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { main } from "../../lib/src/cli/release.js";
import {
  type Notebook,
  nbgraderChecksum,
  notebookText,
  readNotebook,
  sourceOf,
} from "../../lib/src/exercise/nbformat.js";
import { coursePack, courseRoot, type Exercise, markedByHand, parseManifest } from "../../lib/src/exercise/pack.js";
import { learnersCells, releaseNotebook } from "../../lib/src/exercise/release/release.js";
import { cardHeading, stamp } from "../../lib/src/exercise/release/stamp.js";
import { stubOf, unmended } from "../../lib/src/exercise/release/stub.js";

const root = courseRoot();
const file = "05-gates.ipynb";
const whole = coursePack();
const pack = { ...whole, exercises: whole.exercises.filter((exercise) => exercise.file === file) };
const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true });
});

/** A course of one notebook in a folder of its own. */
function courseCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-release-"));
  temporary.push(folder);
  cpSync(join(root, "solutions", file), join(folder, "solutions", file));
  writeFileSync(join(folder, "solutions/manifest.json"), JSON.stringify(pack.exercises));
  return folder;
}

async function release(folder: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => void said.push(line));
  const error = vi.spyOn(console, "error").mockImplementation((line) => void said.push(line));
  try {
    return { code: await main(args, { root: folder }), said: said.join("\n") };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** Learners save notebooks: the cells of one, edited. */
function write(target: string, edit: (cells: Notebook["cells"]) => Notebook["cells"]): string {
  const notebook = readNotebook(target);
  const text = notebookText({ ...notebook, cells: edit(notebook.cells) });
  writeFileSync(target, text);
  return text;
}
const answered = (cells: Notebook["cells"]): Notebook["cells"] =>
  cells.map((cell) => (cell.id === "ex-05-2-answer" ? { ...cell, source: "const forgetGate = () => [1];" } : cell));

describe("stubOf", () => {
  test("a region in a function becomes notStarted, at its own indent", () => {
    const source = "function f(): number {\n  // BEGIN SOLUTION\n  const a = 1;\n  return a;\n  // END SOLUTION\n}";
    expect(stubOf(source, "05.3")).toBe('function f(): number {\n  return notStarted("05.3");\n}');
  });

  test("a region in an array becomes an empty place", () => {
    const stub = stubOf("const a: number[] = [\n  // BEGIN SOLUTION\n  1, 2,\n  // END SOLUTION\n];", "05.1");
    expect(stub).toBe("const a: number[] = [\n  // your numbers here, with commas between them\n];");
  });

  test("a region in an object becomes an empty place", () => {
    const stub = stubOf('const answers = {\n  // BEGIN SOLUTION\n  q1: "b",\n  // END SOLUTION\n};', "05.5");
    expect(stub).toBe('const answers = {\n  // your answers here: q1: "a", and so on\n};');
  });

  test("a region in Markdown becomes a line to replace", () => {
    const stub = stubOf("<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->", "04.5");
    expect(stub).toBe("*Your answer, in place of this line.*");
  });

  test("broken code to mend stands uncommented below a line that says not started", () => {
    const lines = ["{", "  // BEGIN SOLUTION", "  return a * b;", "  // BEGIN STUB", "  // const c = a;"];
    const source = [...lines, "  //   return c + b; // why?", "  // END STUB", "  // END SOLUTION", "}"].join("\n");
    const stub = stubOf(source, "06.5");
    const notStarted = '  return notStarted("06.5"); // delete this line to begin; what is to be mended is below it\n';
    const broken = "  const c = a;\n    return c + b; // why?\n}";
    expect(stub).toBe(`{\n${notStarted}${broken}`);
    expect(unmended(stub)).toBe(`{\n${broken}`);
  });

  test.each([
    ["// BEGIN SOLUTION\n// BEGIN STUB\n// END SOLUTION", "// BEGIN STUB and // END STUB do not pair up"],
    ["// BEGIN SOLUTION\n// BEGIN STUB\nx\n// END STUB\n// END SOLUTION", "a line of a stub must be a comment, got x"],
    ["// BEGIN SOLUTION\n1", "05.3: // BEGIN SOLUTION without an end"],
    ["1\n// END SOLUTION", "05.3, line 2: // END SOLUTION without a beginning"],
    ["// BEGIN SOLUTION\n// BEGIN SOLUTION", "05.3, line 2: // BEGIN SOLUTION inside a solution"],
  ])("refuses markers that do not pair up: %j", (source, message) => {
    expect(() => stubOf(source, "05.3")).toThrow(message);
  });
});

describe("the committed notebooks", () => {
  const git = (path: string): string | undefined => {
    try {
      return execFileSync("git", ["show", `HEAD:${path}`], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch {
      return undefined; // a copy without history: what is on disk is all there is
    }
  };
  const committed = (path: string): string => git(path) ?? readFileSync(join(root, path), "utf8");
  const exercises = parseManifest(committed("solutions/manifest.json"));
  const files = [...new Set(exercises.map((exercise) => exercise.file))];
  const of = (name: string): Exercise[] => exercises.filter((exercise) => exercise.file === name);

  test.each(files)("exercises/%s is what release makes of its master", (name) => {
    const master = JSON.parse(committed(`solutions/${name}`)) as Notebook;
    expect(notebookText(stamp(master, of(name))), "run npm run release, and commit").toBe(
      committed(`solutions/${name}`),
    );
    expect(notebookText(releaseNotebook(master, of(name)))).toBe(committed(`exercises/${name}`));
    const working = readFileSync(join(root, "exercises", name), "utf8");
    if (working !== committed(`exercises/${name}`))
      console.warn(`exercises/${name} has been changed here; that is no fault`);
  });

  test.each(files)("exercises/%s holds no solution, no output, and no marker", (name) => {
    const text = committed(`exercises/${name}`);
    expect(text).not.toMatch(/BEGIN SOLUTION|END SOLUTION|Worked solution/);
    for (const cell of (JSON.parse(text) as Notebook).cells) expect(cell.outputs ?? []).toEqual([]);
  });

  test.each(exercises.map((exercise) => [exercise.id, exercise] as const))(
    "%s has a card, two hints, an answer, a check or a model answer, and a worked solution",
    (id, exercise) => {
      const { cells } = JSON.parse(committed(`solutions/${exercise.file}`)) as Notebook;
      const byHand = markedByHand(exercise);
      const cell = (role: string) => cells.find((candidate) => candidate.id === `ex-${id.replace(".", "-")}-${role}`)!;
      const card = sourceOf(cell("card"));
      expect(card.split("\n")[0]).toBe(cardHeading(exercise));
      expect(card.match(/<details><summary style="display:list-item">Hint: /g)!.length).toBeGreaterThanOrEqual(2);
      const call = byHand ? undefined : `await check("${id}", { ${exercise.exports.join(", ")} });`;
      expect(cell("check") && sourceOf(cell("check"))).toBe(call);
      if (byHand) expect(sourceOf(cell("answer"))).toContain("<!-- BEGIN SOLUTION -->");
      else expect(sourceOf(cell("solution"))).toContain("**Worked solution.**");
      if (!["explain", "quiz"].includes(exercise.kind)) expect(card).toContain("*A small one first");
      expect(sourceOf(cell("more"))).toContain("For the fast");
    },
  );
});

describe("an exercise that a person marks", () => {
  const [first] = pack.exercises;
  const rubric = [
    { name: "says that the update adds", points: 2 },
    { name: "says what f = 1 does", points: 1 },
  ];
  const explain: Exercise = { ...first, id: "05.9", kind: "explain", points: 3, exports: [], tests: [], rubric };
  const answer = {
    id: "ex-05-9-answer",
    cell_type: "markdown",
    metadata: {},
    source: "<!-- BEGIN SOLUTION -->\nIt adds.\n<!-- END SOLUTION -->",
  } as const;
  const notebook: Notebook = { cells: [answer], metadata: {}, nbformat: 4, nbformat_minor: 5 };

  test("its answer is Markdown that nbgrader marks by hand", () => {
    const [cell] = releaseNotebook(notebook, [explain]).cells;
    expect(sourceOf(cell)).toBe("*Your answer, in place of this line.*");
    expect(cell.metadata).toMatchObject({
      deletable: false,
      nbgrader: { grade: true, solution: true, locked: false, task: false, grade_id: "ex-05-9", points: 3 },
    });
    expect(JSON.stringify(cell)).not.toContain("says that the update adds");
  });

  test("has a rubric whose points add up, and no tests", () => {
    expect(parseManifest(JSON.stringify([explain]))).toEqual([explain]);
    const refuse = (entry: Partial<Exercise>) => () => parseManifest(JSON.stringify([{ ...explain, ...entry }]));
    expect(refuse({ points: 4 })).toThrow("05.9: the points of the rubric must add up to 4, got 3");
    expect(refuse({ tests: first.tests })).toThrow("05.9: is marked by hand, so tests must be [], got 4");
    expect(refuse({ ...first, rubric })).toThrow("05.1: only an explain exercise has a rubric");
  });
});

describe("nbgrader's metadata", () => {
  const released = releaseNotebook(readNotebook(join(pack.masters, file)), pack.exercises);
  const marked = released.cells.flatMap(({ metadata }) => metadata.nbgrader ?? []);

  test("a checksum is md5 over source, type, flags, id and points", () => {
    const meta = {
      schema_version: 3,
      grade: true,
      solution: false,
      locked: true,
      task: false,
      grade_id: "ex-05-3",
      points: 2,
    } as const;
    // python3: hashlib.md5(b"1 + 1" + b"code" + b"True" + b"False" + b"True" + b"ex-05-3" + b"2.0").hexdigest()
    expect(nbgraderChecksum("1 + 1", "code", meta)).toBe("3601ee11b08793fc4563ec2ff2a141d9");
  });

  test("ids are unique and allowed; points are the manifest's", () => {
    expect(new Set(marked.map(({ grade_id }) => grade_id)).size).toBe(marked.length);
    for (const { grade_id } of marked) expect(grade_id).toMatch(/^[a-zA-Z0-9_-]*$/);
    const graded = marked.filter(({ grade }) => grade).map(({ grade_id, points }) => [grade_id, points]);
    const here = pack.exercises.filter((exercise) => exercise.file === file);
    expect(graded).toEqual(here.map(({ id, points }) => [`ex-${id.replace(".", "-")}`, points]));
  });
});

describe("npm run release", () => {
  test("makes the notebooks, and the same again", async () => {
    const folder = courseCopy();
    const { code, said } = await release(folder);
    expect(code).toBe(0);
    const here = pack.exercises.filter((exercise) => exercise.file === file);
    const points = here.reduce((sum, exercise) => sum + exercise.points, 0);
    expect(said).toContain(`exercises/${file}: ${here.length} exercises, ${points} points`);
    const first = readFileSync(join(folder, "exercises", file), "utf8");
    expect((await release(folder)).code).toBe(0);
    expect(readFileSync(join(folder, "exercises", file), "utf8")).toBe(first);
  });

  test("keeps a notebook in which someone has written, unless --force", async () => {
    const folder = courseCopy();
    await release(folder);
    const target = join(folder, "exercises", file);
    const mine = write(target, answered);
    const { code, said } = await release(folder);
    expect(code).toBe(1);
    expect(said).toContain(`exercises/${file} is kept: there are answers in it (ex-05-2-answer)`);
    expect(readFileSync(target, "utf8")).toBe(mine);
    expect((await release(folder, "--force")).code).toBe(0);
    expect(readFileSync(target, "utf8")).not.toBe(mine);
  });

  test("keeps cells that a learner added", async () => {
    const folder = courseCopy();
    await release(folder);
    const note = { id: "my-note", cell_type: "markdown", metadata: {}, source: "remember this" } as const;
    write(join(folder, "exercises", file), (cells) => [...cells, note]);
    expect((await release(folder)).said).toContain("there are answers in it (my-note)");
  });

  test("brings new stubs and texts where nobody has written, outputs or not", async () => {
    const folder = courseCopy();
    await release(folder);
    write(join(folder, "exercises", file), (cells) =>
      cells.map((cell) => (cell.cell_type === "code" ? { ...cell, execution_count: 3 } : cell)),
    );
    write(join(folder, "solutions", file), (cells) =>
      cells.map((cell) =>
        cell.id === "ex-05-2-answer" ? { ...cell, source: sourceOf(cell).replace("b: Vector", "bias: Vector") } : cell,
      ),
    );
    expect((await release(folder)).code).toBe(0);
    expect(readFileSync(join(folder, "exercises", file), "utf8")).toContain("bias: Vector");
  });

  test("keeps a file that is no notebook", async () => {
    const folder = courseCopy();
    await release(folder);
    writeFileSync(join(folder, "exercises", file), "{ half a");
    const { code, said } = await release(folder);
    expect(code).toBe(1);
    expect(said).toContain("is not a notebook");
  });

  test("refuses an unknown argument", async () => {
    const { code, said } = await release(courseCopy(), "--froce");
    expect(code).toBe(2);
    expect(said).toContain("release: Unknown option '--froce'");
  });

  test("learnersCells: a Windows line end or a missing id is no answer", () => {
    const released = releaseNotebook(readNotebook(join(pack.masters, file)), pack.exercises);
    const windows = released.cells.map((cell) => ({ ...cell, source: sourceOf(cell).replace(/\n/g, "\r\n") }));
    expect(learnersCells({ ...released, cells: windows }, released)).toEqual([]);
  });
});

describe("the manifest", () => {
  const entry = { ...pack.exercises[0] };
  test.each([
    [{ ...entry, points: 9 }, "the points of the tests must add up to 9, got 4"],
    [{ ...entry, id: "5.1" }, "id must look like 05.3, got 5.1"],
    [{ ...entry, title: undefined }, "title must be a string, got undefined"],
    [{ ...entry, tests: undefined }, "tests must be an array"],
  ])("says what is wrong with an entry: %#", (wrong, message) => {
    expect(() => parseManifest(JSON.stringify([wrong]))).toThrow(message);
  });

  test("refuses an id that is there twice", () => {
    expect(() => parseManifest(JSON.stringify([entry, entry]))).toThrow("05.1 is there twice");
  });
});
