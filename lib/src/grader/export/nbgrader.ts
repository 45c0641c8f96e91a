import type { GradeResult } from "../result.js";
import { type Cell, csvText } from "./csv.js";
import { roundPoints } from "./learner-view.js";

/** The columns of nbgrader's own export. */
export const NBGRADER_COLUMNS = [
  "assignment",
  "duedate",
  "timestamp",
  "student_id",
  "last_name",
  "first_name",
  "email",
  "raw_score",
  "late_submission_penalty",
  "score",
  "max_score",
] as const;

/** "Hopper, Grace" and "Grace Hopper" as last and first name. */
export function splitName(name = ""): { last: string; first: string } {
  const [last, ...after] = name.split(",").map((part) => part.trim());
  if (after.length > 0) return { last, first: after.join(", ") };
  const words = name.trim().split(/\s+/);
  return { last: words.at(-1) ?? "", first: words.slice(0, -1).join(" ") };
}

/** One line of the gradebook. What could not be graded has empty scores: it is not a zero. */
export function nbgraderRow(result: GradeResult, due?: string): Cell[] {
  const { last, first } = splitName(result.name);
  const penalty = result.late?.penalty ?? 0;
  const scores = result.gradable
    ? [roundPoints(result.earned), roundPoints(penalty), roundPoints(result.earned - penalty)]
    : [undefined, undefined, undefined];
  const received = result.submission.receivedAt;
  const email = result.learner.includes("@") ? result.learner : undefined;
  return [result.assignment, due, received, result.learner, last, first, email, ...scores, roundPoints(result.points)];
}

/** A gradebook as `nbgrader export` writes it, for one or more results. */
export const nbgraderCsv = (results: readonly GradeResult[], due?: string): string =>
  csvText([NBGRADER_COLUMNS, ...results.map((result) => nbgraderRow(result, due))]);
