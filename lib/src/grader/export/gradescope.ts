import type { GradeResult } from "../result.js";
import { faultText, notes, type Row, roundPoints, rowsForLearner } from "./learner-view.js";

const visibilities = ["visible", "after_due_date", "after_published", "hidden"] as const;
export type Visibility = (typeof visibilities)[number];

/** @throws RangeError unless it is one of Gradescope's */
export function readVisibility(text = "visible"): Visibility {
  const found = visibilities.find((name) => name === text);
  if (!found) throw new RangeError(`--hidden-tests must be one of ${visibilities.join(", ")}, got ${text}`);
  return found;
}

/** A test without points is one that informs. */
export interface GradescopeTest {
  readonly name: string;
  readonly number?: string;
  readonly score?: number;
  readonly max_score?: number;
  readonly status: "passed" | "failed";
  readonly output: string;
  readonly output_format?: "text";
  readonly visibility?: Visibility;
  readonly tags?: readonly string[];
}

export interface GradescopeResults {
  /** Left out where nothing could be graded: that is not a zero. */
  readonly score?: number;
  readonly execution_time: number;
  readonly output: string;
  readonly output_format: "text";
  readonly test_output_format: "text";
  readonly test_name_format: "text";
  readonly visibility: Visibility;
  readonly stdout_visibility: "hidden";
  readonly extra_data: Record<string, unknown>;
  readonly tests?: readonly GradescopeTest[];
}

export interface GradescopeOptions {
  /** When learners see title and points of hidden tests. While one is not shown, Gradescope hides the total too. */
  readonly hiddenTests?: Visibility;
}

const testOf = (row: Row, number: string, hiddenTests: Visibility): GradescopeTest => ({
  name: row.title,
  number,
  score: row.earned,
  max_score: row.points,
  status: row.passed ? "passed" : "failed",
  output: row.waiting ?? row.text,
  output_format: "text",
  visibility: row.visibility === "visible" ? "visible" : hiddenTests,
  tags: [row.exercise.id, row.exercise.kind],
});

/**
 * Gradescope's results.json.
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export function gradescopeResults(
  result: GradeResult,
  { hiddenTests = "visible" }: GradescopeOptions = {},
): GradescopeResults {
  const flags = notes(result).map((note) => `Note: ${note}`);
  const common = {
    execution_time: Math.max(0, Math.round(result.seconds)),
    output_format: "text",
    test_output_format: "text",
    test_name_format: "text",
    visibility: "visible",
    stdout_visibility: "hidden",
    extra_data: { key: result.key, tier: result.tier, grader: result.graderVersion },
  } as const;
  if (!result.gradable) {
    const fault = `This submission could not be graded: ${faultText(result)}. That is not a zero; your instructor sees it too.`;
    // neither score nor points: Gradescope shows the reason and counts nothing
    const why = { name: "The submission can be graded", status: "failed", output: faultText(result) } as const;
    return { ...common, output: [fault, ...flags].join("\n"), tests: [why] };
  }
  const tests = result.exercises.flatMap((exercise, e) =>
    rowsForLearner({ ...result, exercises: [exercise] }).map((row, t) => testOf(row, `${e + 1}.${t + 1}`, hiddenTests)),
  );
  return { ...common, score: roundPoints(result.earned), output: flags.join("\n"), tests };
}
