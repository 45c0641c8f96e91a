import type { GradeResult } from "../result.js";
import { faultText, plainText, roundPoints, rowsForLearner } from "./learner-view.js";

type Status = "pass" | "fail" | "error";

export interface ClassroomTest {
  readonly name: string;
  readonly status: Status;
  readonly score: number;
  readonly message: string;
  readonly test_code: string;
  readonly filename: string;
  readonly line_no: number;
  /** Milliseconds. */
  readonly duration: number;
}

export interface ClassroomResult {
  readonly version: 1;
  readonly status: Status;
  readonly max_score: number;
  readonly tests: readonly ClassroomTest[];
}

/** Text that starts no workflow command of GitHub's: the reporter prints it into the log. */
const logText = (text: string): string =>
  plainText(text)
    .replace(/^(\s*)::/gm, "$1: :")
    .replace(/##\[/g, "# #[");

/**
 * What GitHub Classroom's reporter (classroom-resources/autograding-grading-reporter) reads. It adds up the scores of the
 * tests and prints the message of each that did not pass. What a person has yet to mark counts as passed with no points.
 */
export function classroomResult(result: GradeResult): ClassroomResult {
  const common = { test_code: "", filename: logText(result.submission.file), line_no: 0, duration: 0 };
  const max_score = roundPoints(result.points);
  if (!result.gradable) {
    const test = {
      name: "grading",
      status: "error",
      score: 0,
      message: logText(faultText(result)),
      ...common,
    } as const;
    return { version: 1, status: "error", max_score, tests: [test] };
  }
  const tests = rowsForLearner(result).map(({ title, passed, waiting, earned, text, exercise }): ClassroomTest => {
    const well = passed || exercise.state === "to-mark";
    const message = waiting ?? (passed ? "" : text || "failed");
    return {
      name: logText(title),
      status: well ? "pass" : "fail",
      score: earned,
      message: logText(message),
      ...common,
    };
  });
  const status = tests.every((test) => test.status === "pass") ? "pass" : "fail";
  const first = { ...tests[0], duration: Math.round(result.seconds * 1000) };
  return { version: 1, status, max_score, tests: tests.length > 0 ? [first, ...tests.slice(1)] : [] };
}

/** The `result` output of a grading step: the JSON in base64. */
export const classroomPayload = (result: GradeResult): string =>
  Buffer.from(JSON.stringify(classroomResult(result)), "utf8").toString("base64");
