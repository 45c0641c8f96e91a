import type { GradeResult, ResultExercise, ResultTest } from "./result.js";

const marks = { passed: "✓", failed: "✗", "not-started": "·", "to-mark": "?" } as const;

/** Learner's text in a terminal: no control characters, one line, not too long. */
export const oneLine = (text: string, room = 160): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return plain.length > room ? `${plain.slice(0, room - 1)}…` : plain;
};

function testLines({ state, name, earned, points, problem, looksLike }: ResultTest): string[] {
  const line = `  ${marks[state]} ${name}  ${earned}/${points}`;
  const reason = state === "failed" ? (looksLike ?? problem) : undefined;
  return reason ? [line, `      ${oneLine(reason)}`] : [line];
}

function exerciseLines({ id, title, state, earned, points, tests }: ResultExercise): string[] {
  const head = `${marks[state]} ${id} ${title}  ${state === "to-mark" ? "to be marked" : earned} / ${points}`;
  return [head, ...(state === "passed" || state === "not-started" ? [] : tests.flatMap(testLines))];
}

/** A result for the terminal. */
export function gradeTable({ assignment, exercises, earned, points, fault, flags }: GradeResult): string {
  if (fault) return `${assignment || "This file"} could not be graded: ${oneLine(fault.message)}`;
  return [
    ...exercises.flatMap(exerciseLines),
    `${assignment}: ${earned} of ${points} points`,
    ...flags.map(({ message }) => `! ${oneLine(message)}`),
  ].join("\n");
}
