import { expect, test } from "vitest";
import { type GradeResult, readResult, resultText } from "../../lib/src/grader/result.js";

const graded: GradeResult = {
  schema: 1,
  learner: "ada",
  assignment: "05-gates",
  submission: { file: "05-gates.ipynb", sha256: "00", bytes: 3 },
  gradable: true,
  key: "11",
  tier: "strict",
  graderVersion: "0.1.0",
  packHash: "22",
  lockHash: "33",
  flags: [{ code: "duplicate-cell", message: "ex-05-3-answer is there twice" }],
  exercises: [
    {
      id: "05.3",
      title: "One LSTM step",
      kind: "implement",
      state: "failed",
      earned: 1,
      points: 2,
      tests: [
        { name: "the bias is added", visibility: "visible", points: 1, earned: 1, state: "passed", calls: [] },
        { name: "a sigmoid squashes the sum", visibility: "hidden", points: 1, earned: 0, state: "failed" },
      ],
    },
  ],
  earned: 1,
  points: 2,
  seconds: 0.7,
};

test("readResult: gives back what resultText wrote", () => {
  expect(readResult(resultText(graded))).toEqual(graded);
});

test.each([
  [{ earned: "1" }, 'result.json.earned cannot be "1"'],
  [{ earned: Number.NaN }, "result.json.earned cannot be null"],
  [{ schema: 2 }, "result.json.schema cannot be 2"],
  [{ tier: "none" }, 'result.json.tier cannot be "none"'],
  [{ extra: 1 }, 'result.json has an unknown field "extra"'],
  [{ flags: {} }, "result.json.flags must be an array"],
  [{ exercises: [{ ...graded.exercises[0], tests: [{ name: "x" }] }] }, "result.json.exercises[0].tests[0].visibility"],
  [{ fault: { by: "nobody", message: "" } }, 'result.json.fault.by cannot be "nobody"'],
])("readResult: refuses %j", (change, message) => {
  expect(() => readResult(JSON.stringify({ ...graded, ...change }))).toThrow(message);
});

test("readResult: refuses what is not JSON, or no object", () => {
  expect(() => readResult("{")).toThrow(SyntaxError);
  expect(() => readResult("[]")).toThrow("result.json must be an object");
});
