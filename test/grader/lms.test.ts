import { describe, expect, test } from "vitest";
import { parseCsv } from "../../lib/src/grader/export/csv.js";
import { canvasGradebook, downloadName, moodleWorksheet } from "../../lib/src/grader/export/lms.js";
import { exercises, faulty, sample } from "./sample-results.js";

describe("downloadName", () => {
  test.each([
    ["lovelaceada_4711_99812_05-gates.ipynb", ["canvas", "4711", "lovelaceada", "05-gates.ipynb", false]],
    ["lovelaceada_LATE_4711_99812_05-gates.ipynb", ["canvas", "4711", "lovelaceada", "05-gates.ipynb", true]],
    ["submissions/lovelaceada_4711_99812_05-gates-3.ipynb", ["canvas", "4711", "lovelaceada", "05-gates.ipynb", false]],
    ["مريم_12_34_my_answer_05-gates.ipynb", ["canvas", "12", "مريم", "my_answer_05-gates.ipynb", false]],
    ["anon_aB3dE_99812_05-gates.ipynb", ["canvas", "anon_aB3dE", "", "05-gates.ipynb", false]],
    ["LATE_anon_aB3dE_99812_05-gates.ipynb", ["canvas", "anon_aB3dE", "", "05-gates.ipynb", true]],
    [
      "Ada Lovelace_4711_assignsubmission_file_/05-gates.ipynb",
      ["moodle", "4711", "Ada Lovelace", "05-gates.ipynb", false],
    ],
    [
      "Ada Lovelace_4711_assignsubmission_file/05-gates.ipynb",
      ["moodle", "4711", "Ada Lovelace", "05-gates.ipynb", false],
    ],
    [
      "Ada Lovelace_4711_assignsubmission_file_05-gates.ipynb",
      ["moodle", "4711", "Ada Lovelace", "05-gates.ipynb", false],
    ],
    ["x/O'Neil, S_9_assignsubmission_file_/a/b/05-gates.ipynb", ["moodle", "9", "O'Neil, S", "05-gates.ipynb", false]],
    [
      "Participant 17_17_assignsubmission_file_/05-gates.ipynb",
      ["moodle", "17", "Participant 17", "05-gates.ipynb", false],
    ],
  ])("%s", (path, [system, id, name, file, late]) => {
    expect(downloadName(path as string)).toEqual({ system, id, name, file, late });
  });

  test.each(["05-gates.ipynb", "ada/05-gates/05-gates.ipynb", "a_b.ipynb", "ada_1.ipynb", ""])(
    "%j is neither",
    (path) => {
      expect(downloadName(path)).toBeUndefined();
    },
  );
});

const marked = exercises.slice(0, 3); // nothing left to mark
const ada = sample({ learner: "4711", exercises: marked, earned: 5, points: 12, late: { days: 1, penalty: 0.5 } });
const bob = sample({ learner: "bob@example.org", exercises: marked, earned: 12, points: 12 });

describe("canvasGradebook", () => {
  const gradebook = [
    "\uFEFFStudent,ID,SIS User ID,SIS Login ID,Section,05-gates (8812),Quiz (3)",
    "    Points Possible,,,,,12.00,10.00",
    '"Lovelace, Ada",4711,u1,ada,Mon,,7',
    '"=Bob, ""B""",4712,u2,bob@example.org,Mon,3,-1',
    '"Nobody, N",4713,u3,nobody,Mon,2,8',
  ].join("\n");

  test("fills the assignment's column and leaves everything else", () => {
    const { csv, filled, unmatched } = canvasGradebook(gradebook, [ada, bob, { ...ada, learner: "ghost" }], "05-gates");
    expect([filled, unmatched]).toEqual([2, ["ghost"]]);
    expect(parseCsv(csv)).toEqual([
      ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "05-gates (8812)", "Quiz (3)"],
      ["    Points Possible", "", "", "", "", "12.00", "10.00"],
      ["Lovelace, Ada", "4711", "u1", "ada", "Mon", "4.5", "7"],
      ['\'=Bob, "B"', "4712", "u2", "bob@example.org", "Mon", "12", "-1"],
      ["Nobody, N", "4713", "u3", "nobody", "Mon", "2", "8"],
    ]);
  });

  test("adds a column with the points possible where there is none", () => {
    const [header, possible, first] = parseCsv(canvasGradebook(gradebook, [ada], "06-flow").csv);
    expect([header.at(-1), possible.at(-1), first.at(-1)]).toEqual(["06-flow", "12", "4.5"]);
  });

  test("no grade, or marks still to come: the cell stays as it is", () => {
    const waiting = sample({ learner: "4713" });
    const rows = parseCsv(
      canvasGradebook(gradebook, [{ ...faulty(), learner: "bob@example.org" }, waiting], "05-gates").csv,
    );
    expect(rows.slice(3).map((row) => row[5])).toEqual(["3", "2"]);
  });

  test("another file is refused", () => {
    expect(() => canvasGradebook("a,b\n1,2", [ada], "05-gates")).toThrow(
      'the Canvas gradebook must have a column "Student", got a, b',
    );
  });
});

describe("moodleWorksheet", () => {
  const worksheet = [
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"',
    'Participant 4711,"Ada Lovelace",ada@example.org,"Submitted for grading",,12.00,Yes,"Monday, 5 October 2026, 10:00 PM",-,',
    'Participant 4712,Bob,bob@example.org,"Submitted for grading",,100.00,Yes,-,-,',
    'Participant 4713,Nobody,nobody@example.org,"No submission",,12.00,Yes,-,-,',
  ].join("\r\n");

  test("fills the grades on the worksheet's own scale", () => {
    const { csv, filled, unmatched } = moodleWorksheet(worksheet, [ada, bob]);
    expect([filled, unmatched]).toEqual([2, []]);
    const [header, ...rows] = parseCsv(csv);
    expect(header.slice(0, 5)).toEqual(["Identifier", "Full name", "Email address", "Status", "Grade"]);
    expect(rows.map((row) => [row[0], row[4], row[5]])).toEqual([
      ["Participant 4711", "4.5", "12.00"],
      ["Participant 4712", "100", "100.00"],
      ["Participant 4713", "", "12.00"],
    ]);
    expect(rows[0][7]).toBe("Monday, 5 October 2026, 10:00 PM");
  });

  test("another file is refused", () => {
    expect(() => moodleWorksheet("Student,ID\n", [ada])).toThrow('must have a column "Identifier"');
  });
});
