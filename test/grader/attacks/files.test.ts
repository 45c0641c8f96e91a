// Attacks, and accidents, with what is handed in: cells, files, folders, zips.
import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Notebook, type NotebookCell, notebookText } from "../../../lib/src/exercise/nbformat.js";
import { gradeAll } from "../../../lib/src/grader/batch/batch.js";
import { chooseNewest } from "../../../lib/src/grader/batch/choose.js";
import { findSubmissions } from "../../../lib/src/grader/batch/find.js";
import { resultFolder } from "../../../lib/src/grader/batch/store.js";
import { Grader } from "../../../lib/src/grader/grade.js";
import { unpackZip } from "../../../lib/src/grader/intake/zip.js";
import { readResult } from "../../../lib/src/grader/result.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { answered, codeCell, fileOf, fullPoints, pack } from "../submissions.js";
import { others } from "./attack.js";
import { zipOf } from "./zip.js";

let grader: Grader;
beforeAll(async () => {
  grader = await Grader.start({ pack, tier: "strict" });
});
afterAll(() => grader.close());

const grade = (file: string, assignment?: string) => grader.grade({ file, learner: "ada", assignment });
const cellsOf = (change: (cell: NotebookCell) => NotebookCell[]): Notebook => {
  const notebook = answered();
  return { ...notebook, cells: notebook.cells.flatMap(change) };
};
const nbgrader =
  (change: object) =>
  (cell: NotebookCell): NotebookCell[] =>
    cell.metadata.nbgrader
      ? [{ ...cell, metadata: { ...cell.metadata, nbgrader: { ...cell.metadata.nbgrader, ...change } } }]
      : [cell];
const isAnswer = ({ metadata }: NotebookCell): boolean => metadata.nbgrader?.solution === true;

describe("38 cells that were changed: what can be read is graded, and flagged", () => {
  test.each<[string, Notebook, string[], number]>([
    ["points edited", cellsOf(nbgrader({ points: 99 })), ["edited-metadata"], fullPoints],
    [
      "every answer locked, every lock opened",
      cellsOf((cell) => nbgrader({ locked: !cell.metadata.nbgrader?.locked })(cell)),
      ["edited-metadata"],
      fullPoints,
    ],
    [
      "a grade_id edited",
      cellsOf((cell) => (cell.id === "ex-05-2-answer" ? nbgrader({ grade_id: "ex-99-9" })(cell) : [cell])),
      ["edited-metadata"],
      fullPoints,
    ],
    [
      "grade_ids that are prototypes",
      cellsOf((cell) => (isAnswer(cell) ? nbgrader({ grade_id: "__proto__" })(cell) : [cell])),
      ["edited-metadata"],
      fullPoints,
    ],
    ["a cell duplicated", cellsOf((cell) => (isAnswer(cell) ? [cell, cell] : [cell])), ["duplicate-cell"], fullPoints],
    ["an answer deleted", cellsOf((cell) => (cell.id === "ex-05-2-answer" ? [] : [cell])), ["missing-cell"], others],
    [
      "setup and checks deleted",
      cellsOf((cell) => (cell.metadata.nbgrader?.locked ? [] : [cell])),
      ["missing-cell"],
      fullPoints,
    ],
    [
      "an answer turned into Markdown",
      cellsOf((cell) => (isAnswer(cell) ? [{ ...cell, cell_type: "markdown" }] : [cell])),
      ["retyped-cell"],
      fullPoints,
    ],
    ["all cells in reverse", { ...answered(), cells: [...answered().cells].reverse() }, ["reordered-cell"], fullPoints],
    [
      "the setup edited",
      cellsOf((cell) => (cell.id === "setup" ? [{ ...cell, source: "const sigmoid = 1;" }] : [cell])),
      ["edited-locked-cell"],
      fullPoints,
    ],
    [
      "a check that claims points",
      cellsOf((cell) => (cell.metadata.nbgrader?.grade ? [{ ...cell, source: 'console.log("25/25")' }] : [cell])),
      ["edited-locked-cell"],
      fullPoints,
    ],
    ["all metadata lost, ids kept", cellsOf((cell) => [{ ...cell, metadata: {} }]), ["metadata-lost"], fullPoints],
    ["another kernel", { ...answered(), metadata: { kernelspec: { name: "python3" } } }, ["kernelspec"], fullPoints],
  ])("%s", async (_, notebook, flags, earned) => {
    const result = await grade(fileOf(notebook));
    expect(result).toMatchObject({ gradable: true, earned, points: fullPoints });
    expect([...new Set(result.flags.map(({ code }) => code))]).toEqual(expect.arrayContaining(flags));
  });

  test("an answer moved into a cell of the learner's own counts", async () => {
    const moved = cellsOf((cell) => (cell.id === "ex-05-2-answer" ? [codeCell(String(cell.source))] : [cell]));
    expect((await grade(fileOf(moved))).earned).toBe(fullPoints);
  });
});

/** The same notebook as other programs save it. */
const savedBy: Record<string, (notebook: Notebook) => string> = {
  "classic Notebook (format 4.4, no cell ids)": ({ cells, ...notebook }) =>
    JSON.stringify({ ...notebook, nbformat_minor: 4, cells: cells.map(({ id: _, ...cell }) => cell) }),
  "JupyterLab (execution metadata, split sources)": ({ cells, ...notebook }) =>
    JSON.stringify({
      ...notebook,
      cells: cells.map((cell) => ({
        ...cell,
        metadata: { ...cell.metadata, execution: { "iopub.status.busy": "2026-01-01T00:00:00Z" }, trusted: true },
        source: String(cell.source).split(/(?<=\n)/),
      })),
    }),
  "VS Code (its own ids, vscode metadata, tabs)": ({ cells, ...notebook }) =>
    JSON.stringify(
      {
        ...notebook,
        metadata: { ...notebook.metadata, language_info: { name: "typescript", version: "5" } },
        cells: cells.map((cell, k) => ({
          ...cell,
          id: `vs${k}`,
          metadata: { ...cell.metadata, vscode: { languageId: "typescript" } },
        })),
      },
      null,
      "\t",
    ),
  "format 3": ({ cells }) =>
    JSON.stringify({
      nbformat: 3,
      nbformat_minor: 0,
      metadata: { name: "05" },
      worksheets: [
        {
          cells: cells.map(({ source, id: _, ...cell }) =>
            cell.cell_type === "code" ? { ...cell, input: source } : { ...cell, source },
          ),
        },
      ],
    }),
};

describe("47 notebooks as other programs save them", () => {
  test.each(Object.entries(savedBy))("%s", async (_, save) => {
    const result = await grade(fileOf(save(answered())));
    expect(result).toMatchObject({ gradable: true, earned: fullPoints });
  });
});

const text = notebookText(answered());
const output = (bytes: number) => [{ output_type: "stream", name: "stdout", text: "x".repeat(bytes) }];

describe("40 and 44 files that are strange but readable", () => {
  test.each<[string, string | Uint8Array, string[]]>([
    ["a byte order mark", `\uFEFF${text}`, []],
    [
      "invalid UTF-8 in an output",
      Buffer.concat([
        Buffer.from(text.slice(0, -2)),
        Buffer.from(',"x":"'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"}'),
      ]),
      ["invalid-utf8"],
    ],
    ["Windows line ends", text.replaceAll("\\n", "\\r\\n").replaceAll("\n", "\r\n"), []],
    [
      "outputs of 50 MB",
      JSON.stringify(cellsOf((cell) => (cell.id === "setup" ? [{ ...cell, outputs: output(50 * 2 ** 20) }] : [cell]))),
      [],
    ],
  ])("%s", async (_, content, flags) => {
    const result = await grade(fileOf(content));
    expect(result).toMatchObject({ gradable: true, earned: fullPoints });
    expect(result.flags.map(({ code }) => code)).toEqual(flags);
  });

  test.each([
    "my answers (1).ipynb",
    "ответ 📝.ipynb",
    "\u202etxt.ipynb",
    "=cmd()|'A1'.ipynb",
    "a\nb.ipynb",
    "'; rm -rf ~ #.ipynb",
    "-rf.ipynb",
  ])("a file called %j", async (name) => {
    const result = await grade(fileOf(text, name));
    expect(result).toMatchObject({ gradable: true, earned: fullPoints, submission: { file: name } });
  });
});

describe("40 and 45 files that cannot be graded: never a zero, always a reason", () => {
  const huge = (): string => {
    const file = fileOf("");
    truncateSync(file, 10 * 2 ** 30); // sparse: it takes no room
    return file;
  };
  const fifo = (): string => {
    const file = join(temporaryFolder(), "05-gates.ipynb");
    execFileSync("mkfifo", [file]);
    return file;
  };
  test.each<[string, () => string, RegExp]>([
    ["an empty file", () => fileOf(""), /is empty/],
    ["truncated JSON", () => fileOf(text.slice(0, 5000)), /not JSON/],
    ["JSON that is no notebook", () => fileOf("[1, 2]"), /has no cells/],
    ["null", () => fileOf("null"), /has no cells/],
    [
      "cells of any type",
      () => fileOf('{"cells":[null,1,"x",[],{"source":{}},{"cell_type":"code","source":[1,null]}]}'),
      /holds no cell/,
    ],
    ["deep JSON", () => fileOf("[".repeat(5_000_000)), /not JSON|too (long|much)/],
    [
      "many cells",
      () => fileOf(JSON.stringify({ cells: Array(2000).fill({ cell_type: "code", source: "1" }) })),
      /1000 cells/,
    ],
    [
      "much code",
      () => fileOf(JSON.stringify({ cells: [{ cell_type: "code", source: "1;".repeat(1e6) }] })),
      /characters/,
    ],
    ["10 GB", huge, /bytes/],
    ["a named pipe", fifo, /not a regular file/],
    ["a folder", () => temporaryFolder(), /not a regular file/],
    ["a device", () => "/dev/zero", /not a regular file/],
    ["a file that is not there", () => join(temporaryFolder(), "none.ipynb"), /cannot be opened: ENOENT/],
    [
      "a Python notebook",
      () =>
        fileOf(
          '{"cells":[{"cell_type":"code","source":"print(1)"}],"metadata":{"kernelspec":{"name":"python3"}},"nbformat":4}',
        ),
      /holds no cell/,
    ],
  ])("%s", async (_, file, message) => {
    const result = await grade(file());
    expect(result).toMatchObject({ gradable: false, earned: 0, exercises: [], fault: { by: "submission" } });
    expect(result.fault?.message).toMatch(message);
  });

  test("the wrong assignment", async () => {
    const result = await grade(join(pack.masters, "01-vanilla-rnn.ipynb"), "05-gates");
    expect(result.fault).toEqual({
      by: "submission",
      message: "the notebook is 01-vanilla-rnn, and 05-gates was to be graded",
    });
    expect(result.points).toBe(fullPoints);
  });
});

test("40 code that the compiler could choke on costs its own cell only", async () => {
  const deep = `const deep = ${"(".repeat(20_000)}1${")".repeat(20_000)};`;
  const arrows = `const arrows = ${"(a = ".repeat(40)}1${")".repeat(40)};`;
  const generics = `const generics = ${"a<".repeat(60)}1;`;
  const notebook = answered();
  const cells = [...notebook.cells, ...[deep, arrows, generics].map((source, k) => codeCell(source, `bomb-${k}`))];
  const result = await grade(fileOf({ ...notebook, cells }));
  expect(result).toMatchObject({ gradable: true, earned: fullPoints });
});

test("42 a file that is edited while it is graded: the verdict is that of what was read", async () => {
  const file = fileOf(answered());
  const read = await grader.read({ file, learner: "ada" });
  writeFileSync(file, "changed");
  const result = await grader.grade({ file, learner: "ada" }, undefined, read);
  expect(result).toMatchObject({ earned: fullPoints, submission: { sha256: read.prepared.file.sha256 } });
});

test("13 a second name for the solution is flagged", async () => {
  const file = fileOf(answered());
  linkSync(file, join(temporaryFolder(), "other.ipynb"));
  expect((await grade(file)).flags.map(({ code }) => code)).toEqual(["hard-link"]);
});

test("45 and 46 in a class: empty folders are told, two notebooks and two hand-ins give one result, nobody is lost", async () => {
  const [root, out] = [temporaryFolder(), temporaryFolder()];
  const put = (place: string, content: string, time: number) => {
    mkdirSync(join(root, place, ".."), { recursive: true });
    writeFileSync(join(root, place), content);
    utimesSync(join(root, place), time, time);
  };
  const weak = notebookText(cellsOf((cell) => (cell.id === "ex-05-2-answer" ? [] : [cell])));
  put("ada/05-gates/05-gates.ipynb", text, 2000);
  put("ada/05-gates/05-gates (old).ipynb", weak, 1000);
  put("bob/05-gates/wrong.ipynb", readFileSync(join(pack.masters, "01-vanilla-rnn.ipynb"), "utf8"), 3000);
  put("bob/05-gates/right.ipynb", text, 1000);
  put("../../evil/05-gates/05-gates.ipynb".replace("../../", ".._.._"), text, 1000);
  put('=cmd(), "x" 📝\u202e/05-gates/05-gates.ipynb', text, 1000);
  put("garbage/05-gates/05-gates.ipynb", "{", 1000);
  mkdirSync(join(root, "carol/05-gates"), { recursive: true });
  const { submissions, notes } = await findSubmissions(root, () => undefined, ["05-gates"]);
  expect(notes.join()).toContain("carol");
  const summary = await gradeAll(grader, await chooseNewest(grader, submissions), { out, jobs: 2 });
  expect(summary).toMatchObject({ graded: 4, kept: 0 });
  expect(summary.ungradable.map(({ learner }) => learner)).toEqual(["garbage"]);
  const resultOf = (learner: string) =>
    readResult(readFileSync(join(resultFolder(out, learner, "05-gates"), "result.json"), "utf8"));
  expect(resultOf("ada")).toMatchObject({ earned: fullPoints, flags: [{ code: "handed-in-again" }] });
  expect(resultOf("bob")).toMatchObject({ earned: fullPoints, submission: { file: "right.ipynb" } });
  expect(resultOf('=cmd(), "x" 📝\u202e')).toMatchObject({ earned: fullPoints });
  expect(readdirSync(out)).toHaveLength(5);
});

describe("40 zips", () => {
  const unpacked = async (zip: Buffer) => {
    const folder = temporaryFolder();
    const notes = await unpackZip(fileOf(zip, "class.zip"), folder);
    return {
      notes,
      files: readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        statSync(join(folder, name)).isFile(),
      ),
    };
  };

  test("what is good is unpacked; what leads out, links, lies or is too large is left out and told", async () => {
    const { notes, files } = await unpacked(
      zipOf([
        { name: "ada/05-gates.ipynb", data: "good" },
        { name: "../../tmp/pwned.ipynb", data: "slip" },
        { name: "/tmp/pwned.ipynb", data: "absolute" },
        { name: "a\\..\\..\\pwned.ipynb", data: "backslash" },
        { name: "link.ipynb", data: "/etc/passwd", mode: 0o120777 },
        { name: "pipe.ipynb", data: "", mode: 0o010644 },
        { name: "ada/05-gates.ipynb", data: "twice" },
        { name: "liar.ipynb", data: "x".repeat(5000), claimedSize: 10 },
        { name: "notes.txt", data: "not a notebook" },
        { name: "bob ответ.ipynb", data: "also good" },
      ]),
    );
    expect(files.sort()).toEqual(["ada/05-gates.ipynb", "bob ответ.ipynb"]);
    expect(notes).toHaveLength(7);
  });

  test("a bomb stops at the limit of one file", async () => {
    const { notes, files } = await unpacked(
      zipOf([
        { name: "bomb.ipynb", zeros: 200 * 2 ** 20 },
        { name: "good.ipynb", data: "x" },
      ]),
    );
    expect(files).toEqual(["good.ipynb"]);
    expect(notes.join()).toMatch(/bomb\.ipynb: not unpacked/);
  });

  test.each([
    ["no zip", Buffer.from("PK not a zip")],
    ["an empty file", Buffer.alloc(0)],
    ["a truncated zip", zipOf([{ name: "a.ipynb", data: "x".repeat(1000) }]).subarray(0, 60)],
  ])("%s is refused", async (_, zip) => {
    await expect(unpacked(zip)).rejects.toThrow(/the zip cannot be read/);
  });
});
