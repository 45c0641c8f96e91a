import type { GradeResult } from "../result.js";
import { faultText, notes, roundPoints, rowsForLearner, wellFormed } from "./learner-view.js";

export interface PrairieLearnTest {
  readonly name: string;
  readonly points: number;
  readonly max_points: number;
  readonly message: string;
  readonly output: string;
}

export interface PrairieLearnResults {
  readonly gradable: boolean;
  /** 0 to 1. */
  readonly score?: number;
  readonly message: string;
  readonly output?: string;
  readonly format_errors?: readonly string[];
  readonly tests?: readonly PrairieLearnTest[];
}

/** PrairieLearn takes no larger results. */
export const PRAIRIELEARN_BYTES = 1_000_000;

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), "utf8");

/** The same results with texts shortened until they fit; the points stay. */
function fitted(results: PrairieLearnResults, limit: number): PrairieLearnResults {
  let fitting = results;
  for (let room = 4096; bytes(fitting) > limit && room >= 16; room /= 4) {
    const cut = (text = ""): string => (text.length > room ? `${wellFormed(text.slice(0, room))}…` : text);
    fitting = {
      ...results,
      output: cut(results.output),
      tests: results.tests?.map((test) => ({ ...test, output: cut(test.output), name: cut(test.name) })),
    };
  }
  return bytes(fitting) > limit ? { ...results, output: "", tests: [] } : fitting;
}

/**
 * PrairieLearn's results.json, at most 1 MB. What could not be graded is not gradable: no points are lost, no attempt is
 * used up.
 * @see https://prairielearn.readthedocs.io/en/latest/externalGrading/
 */
export function prairieLearnResults(result: GradeResult, limit = PRAIRIELEARN_BYTES): PrairieLearnResults {
  const { earned, points, gradable } = result;
  if (!gradable) {
    const errors = [faultText(result), ...notes(result)].map((text) => text.slice(0, 1000)).slice(0, 20);
    return { gradable: false, message: "This submission could not be graded.", format_errors: errors };
  }
  const tests = rowsForLearner(result).map((row) => ({
    name: row.title,
    points: row.earned,
    max_points: row.points,
    message: row.waiting ?? "",
    output: row.text,
  }));
  const score = points > 0 ? Math.min(1, Math.max(0, earned / points)) : 0;
  const message = `${roundPoints(earned)} of ${roundPoints(points)} points`;
  return fitted({ gradable: true, score, message, output: notes(result).join("\n"), tests }, limit);
}
