import { describe, expect, test } from "vitest";
import { committed, notebooksIn } from "./committed.js";
import { fileFaults, lessonFaults, type Notebook } from "./lint.js";

const lessons = notebooksIn("notebooks");

describe("every notebook is stored clean", () => {
  test.each([...lessons, ...notebooksIn("exercises"), ...notebooksIn("solutions")])("%s", (path) => {
    expect(fileFaults(committed(path))).toEqual([]);
  });
});

describe("every lesson keeps the rules for lessons", () => {
  test.each(lessons)("%s", (path) => {
    expect(lessonFaults(committed(path))).toEqual([]);
  });
});

describe("the lint finds what it looks for", () => {
  const broken = (change: (nb: Notebook) => void): string => {
    const nb: Notebook = JSON.parse(committed(lessons[0]));
    change(nb);
    return `${JSON.stringify(nb, null, 1)}\n`;
  };
  const firstCode = (nb: Notebook) => nb.cells.find((cell) => cell.cell_type === "code")!;

  test.each<[RegExp, (nb: Notebook) => void]>([
    [
      /stored with outputs/,
      (nb) => {
        firstCode(nb).outputs = [{}];
      },
    ],
    [
      /stored with an execution count/,
      (nb) => {
        firstCode(nb).execution_count = 3;
      },
    ],
    [
      /is there twice/,
      (nb) => {
        nb.cells[1].id = nb.cells[0].id;
      },
    ],
    [
      /must be a readable name/,
      (nb) => {
        nb.cells[1].id = "8F3-a";
      },
    ],
    [
      /the kernel must be "unrolled"/,
      (nb) => {
        nb.metadata.kernelspec = { name: "tslab" };
      },
    ],
  ])("a file: %s", (fault, change) => {
    expect(fileFaults(broken(change)).join("\n")).toMatch(fault);
  });

  test.each<[RegExp, (nb: Notebook) => void]>([
    [
      /at most 25 lines, got 26/,
      (nb) => {
        firstCode(nb).source = "f();\n".repeat(26);
      },
    ],
    [
      /imports "lodash"/,
      (nb) => {
        firstCode(nb).source = 'import x from "lodash";';
      },
    ],
    [
      /typed in/,
      (nb) => {
        firstCode(nb).source = "show({ y: [1, 0.85, 0.72, 0.61, 0.52] });";
      },
    ],
    [
      /the first cell must be the title/,
      (nb) => {
        nb.cells[0].source = "Hello";
      },
    ],
    [
      /four code cells in a row/,
      (nb) => {
        nb.cells.push(...Array(4).fill(firstCode(nb)));
      },
    ],
    [
      /close with a quiz/,
      (nb) => {
        nb.cells = nb.cells.filter(({ source }) => !String(source).includes("quiz("));
      },
    ],
  ])("a lesson: %s", (fault, change) => {
    expect(lessonFaults(broken(change)).join("\n")).toMatch(fault);
  });
});
