import { describe, expect, test } from "vitest";
import { classroomPayload } from "../../lib/src/grader/export/classroom.js";
import { parseCsv } from "../../lib/src/grader/export/csv.js";
import { formats, formatted, isFormat } from "../../lib/src/grader/export/format.js";
import { gradescopeResults } from "../../lib/src/grader/export/gradescope.js";
import { junitXml } from "../../lib/src/grader/export/junit.js";
import { nbgraderCsv, splitName } from "../../lib/src/grader/export/nbgrader.js";
import { prairieLearnResults } from "../../lib/src/grader/export/prairielearn.js";
import { readResult } from "../../lib/src/grader/result.js";
import { ESCAPE, exercises, faulty, hiddenFailure, SECRET, sample, visibleFailure } from "./sample-results.js";
import { flag, misfits, number, oneOf, type Shape, text, xmlElements } from "./shape.js";

const visibility = oneOf("hidden", "after_due_date", "after_published", "visible");
const format = oneOf("text", "html", "simple_format", "md", "ansi");

/** gradescope-autograders.readthedocs.io, Autograder Specifications, Output format. */
const gradescope: Shape = {
  "score?": number,
  "execution_time?": number,
  "output?": text,
  "output_format?": format,
  "test_output_format?": format,
  "test_name_format?": format,
  "visibility?": visibility,
  "stdout_visibility?": visibility,
  "extra_data?": (value) => typeof value === "object",
  "tests?": [
    {
      "score?": number,
      "max_score?": number,
      "status?": oneOf("passed", "failed"),
      "name?": text,
      "name_format?": format,
      "number?": text,
      "output?": text,
      "output_format?": format,
      "tags?": [text],
      "visibility?": visibility,
      "extra_data?": (value) => typeof value === "object",
    },
  ],
  "leaderboard?": [{ name: text, value: () => true, "order?": oneOf("asc", "desc") }],
};

/** What autograding-grading-reporter and the graders of GitHub Classroom exchange. */
const classroom: Shape = {
  version: oneOf(1),
  status: oneOf("pass", "fail", "error"),
  max_score: number,
  tests: [
    {
      name: text,
      status: oneOf("pass", "fail", "error"),
      score: number,
      message: text,
      test_code: text,
      filename: text,
      line_no: number,
      duration: number,
    },
  ],
};

/** prairielearn.readthedocs.io, External grading, Grading results. */
const prairielearn: Shape = {
  "gradable?": flag,
  "score?": (value) => number(value) && (value as number) >= 0 && (value as number) <= 1,
  "message?": text,
  "output?": text,
  "format_errors?": [text],
  "tests?": [
    { name: text, "description?": text, points: number, max_points: number, "message?": text, "output?": text },
  ],
};

const decoded = (payload: string) => JSON.parse(Buffer.from(payload, "base64").toString("utf8"));

test("the samples are results", () => {
  for (const result of [sample(), faulty()]) expect(readResult(JSON.stringify(result))).toEqual(result);
});

describe("every format", () => {
  test.each(formats)("%s: shows nothing of a hidden test but title, points and state", (name) => {
    const written = formatted(sample(), name);
    const all = name === "classroom" ? JSON.stringify(decoded(written)) : written;
    expect(all).not.toContain(SECRET);
    if (name !== "nbgrader") expect(all).toContain(hiddenFailure.name);
  });

  test.each(formats)("%s: a result that differs only in what hidden tests saw is the same text", (name) => {
    const told = (message: string) => ({
      ...hiddenFailure,
      problem: message,
      got: message,
      calls: [{ call: message }],
    });
    const of = (message: string) =>
      formatted(sample({ exercises: [{ ...exercises[1], tests: [visibleFailure, told(message)] }] }), name);
    expect(of("one")).toBe(of("another, much longer"));
  });

  test.each(formats.filter((name) => name !== "json"))("%s: terminal codes do not pass", (name) => {
    const written = formatted(sample(), name);
    const all = name === "classroom" ? JSON.stringify(decoded(written)) : written;
    expect(all).not.toContain(ESCAPE);
    expect(all).not.toContain("\\u001b");
    expect(all).not.toContain("\u202e");
  });

  test.each(formats.filter((name) => name !== "json"))("%s: a fault of the grader's tells learners no path", (name) => {
    const written = formatted(faulty("grader"), name);
    expect(name === "classroom" ? JSON.stringify(decoded(written)) : written).not.toContain("/secret/path");
  });

  test("names are told apart", () => {
    expect(isFormat("gradescope")).toBe(true);
    expect(isFormat("toString")).toBe(false);
  });
});

describe("gradescopeResults", () => {
  test("is of the documented shape, also for what could not be graded", () => {
    for (const result of [sample(), faulty(), faulty("grader")])
      expect(misfits(gradescopeResults(result), gradescope)).toEqual([]);
  });

  test("scores add up to the score, stdout stays hidden, numbers follow the exercises", () => {
    const { score, tests = [], stdout_visibility } = gradescopeResults(sample());
    expect(score).toBe(5);
    expect(tests.reduce((sum, row) => sum + (row.score ?? 0), 0)).toBe(5);
    expect(tests.reduce((sum, row) => sum + (row.max_score ?? 0), 0)).toBe(16);
    expect(stdout_visibility).toBe("hidden");
    expect(tests.map((row) => row.number)).toEqual(["1.1", "2.1", "2.2", "2.3", "2.4", "3.1", "4.1"]);
  });

  test("a slip is named, with what was given, came and was expected", () => {
    expect(gradescopeResults(sample()).tests?.[1]).toMatchObject({
      name: "05.3 One LSTM step: h reads the new cell state, not cPrev",
      score: 0,
      max_score: 2,
      status: "failed",
      output: [
        "It looks like this: h opens on cPrev: use the new c",
        "worst at [0]: got 0.055, expected 0.065",
        "given     lstmStep({ i: [0.1] }, [1])",
        "came      [0.055]",
        "expected  [0.065]",
      ].join("\n"),
    });
  });

  test("hidden tests can wait until grades are published", () => {
    const { tests = [] } = gradescopeResults(sample(), { hiddenTests: "after_published" });
    expect(tests.map((row) => row.visibility)).toEqual([
      "visible",
      "visible",
      "after_published",
      "visible",
      "after_published",
      "visible",
      "visible",
    ]);
  });

  test("what could not be graded has a reason and no points at all: never a zero", () => {
    const results = gradescopeResults(faulty());
    expect(results).not.toHaveProperty("score");
    expect(results.tests).toEqual([
      { name: expect.any(String), status: "failed", output: expect.stringContaining("not a notebook") },
    ]);
    expect(results.output).toContain("could not be graded");
  });
});

describe("classroomPayload", () => {
  test("is base64 of the documented shape", () => {
    for (const result of [sample(), faulty()])
      expect(misfits(decoded(classroomPayload(result)), classroom)).toEqual([]);
  });

  test("the reporter's sum over the tests is what was earned", () => {
    const { tests, max_score, status } = decoded(classroomPayload(sample()));
    expect(tests.reduce((sum: number, { score }: { score: number }) => sum + score, 0)).toBe(5);
    expect([max_score, status]).toEqual([16, "fail"]);
  });

  test("messages cannot start a workflow command", () => {
    const { tests } = decoded(classroomPayload(sample()));
    const lines = tests.flatMap(({ message }: { message: string }) => message.split("\n"));
    expect(lines.filter((line: string) => line.trimStart().startsWith("::") || line.includes("##["))).toEqual([]);
    expect(lines.join("\n")).toContain(": :notice::owned");
  });

  test("what could not be graded is an error; all passed is a pass", () => {
    expect(decoded(classroomPayload(faulty())).status).toBe("error");
    expect(decoded(classroomPayload(sample({ exercises: [exercises[0]] }))).status).toBe("pass");
  });
});

describe("prairieLearnResults", () => {
  test("is of the documented shape; points and max_points on every test", () => {
    for (const result of [sample(), faulty()]) expect(misfits(prairieLearnResults(result), prairielearn)).toEqual([]);
    expect(prairieLearnResults(sample()).score).toBe(5 / 16);
  });

  test("what could not be graded is not gradable and says why, without a score", () => {
    const results = prairieLearnResults(faulty());
    expect(results).toMatchObject({ gradable: false });
    expect(results).not.toHaveProperty("score");
    expect(results.format_errors?.[0]).toContain("not a notebook");
  });

  test("stays below 1 MB by shortening texts, never points", () => {
    const long = { ...visibleFailure, problem: "é".repeat(40_000), got: "🎓".repeat(9_000) };
    const tests = Array.from({ length: 60 }, (_, k) => ({ ...long, name: `test ${k}` }));
    const results = prairieLearnResults(sample({ exercises: [{ ...exercises[1], tests }] }));
    expect(Buffer.byteLength(JSON.stringify(results))).toBeLessThanOrEqual(1_000_000);
    expect(results.tests).toHaveLength(60);
    expect(results.tests?.every((row) => row.max_points === 2)).toBe(true);
    expect(misfits(results, prairielearn)).toEqual([]);
  });

  test("keeps score and message even where nothing else fits", () => {
    const results = prairieLearnResults(sample(), 200);
    expect(results).toMatchObject({ gradable: true, score: 5 / 16, message: "5 of 16 points", tests: [] });
  });
});

describe("junitXml", () => {
  test("is well formed, one suite an exercise, and its counts are those of its cases", () => {
    const elements = xmlElements(junitXml(sample()));
    const of = (name: string) => elements.filter((element) => element.name === name);
    expect(of("testsuite").map(({ attributes }) => attributes.name)).toEqual([
      "05.1 One update by hand",
      "05.3 One LSTM step",
      "05.4 The whole cell",
      "05.5 Why a forget gate?",
    ]);
    expect(of("testsuites")[0].attributes).toMatchObject({ tests: "7", failures: "3", skipped: "2", errors: "0" });
    expect([of("testcase").length, of("failure").length, of("skipped").length]).toEqual([7, 3, 2]);
    expect(of("failure")[0].attributes.message).toBe("h opens on cPrev: use the new c");
    expect(of("failure")[0].text).toContain("given     lstmStep({ i: [0.1] }, [1])");
  });

  test("what could not be graded is one error", () => {
    const elements = xmlElements(junitXml(faulty()));
    expect(elements.filter(({ name }) => name === "error")).toHaveLength(1);
  });
});

describe("nbgraderCsv", () => {
  test("has nbgrader's columns and takes the late penalty off", () => {
    const late = { days: 2, penalty: 1 };
    expect(parseCsv(nbgraderCsv([sample({ late })], "2026-10-03T22:00:00Z"))).toEqual([
      "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score".split(
        ",",
      ),
      ["05-gates", "2026-10-03T22:00:00Z", "2026-10-05T20:00:00Z", "ada", "Lovelace", "Ada", "", "5", "1", "4", "16"],
    ]);
  });

  test("what could not be graded has empty scores: not a zero", () => {
    expect(parseCsv(nbgraderCsv([faulty()]))[1].slice(-4)).toEqual(["", "", "", "16"]);
  });

  test.each([
    ["Lovelace, Ada", { last: "Lovelace", first: "Ada" }],
    ["Ada King Lovelace", { last: "Lovelace", first: "Ada King" }],
    ["Plato", { last: "Plato", first: "" }],
    [undefined, { last: "", first: "" }],
  ])("splitName: %j", (name, parts) => {
    expect(splitName(name)).toEqual(parts);
  });
});
