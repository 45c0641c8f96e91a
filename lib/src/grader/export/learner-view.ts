import { stripVTControlCharacters } from "node:util";
import type { GradeResult, ResultExercise, ResultTest } from "../result.js";

/** Controls that are neither tab nor line end, and the marks that turn the direction of text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Half a character pair on its own, which UTF-8 cannot hold, becomes the replacement character. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD");

/** Text that colours no terminal and reverses no line. */
export const plainText = (text: string): string =>
  wellFormed(stripVTControlCharacters(text)).replace(CONTROLS, "\uFFFD");

/**
 * What a learner may see of a test: of a hidden one its title and points, never inputs, answers or why it failed.
 * A message could quote an input, so none is passed on.
 */
function testForLearner(test: ResultTest): ResultTest {
  if (test.visibility === "visible") return test;
  const { name, points, earned, visibility, state } = test;
  return { name, points, earned, visibility, state };
}

/** A result as it may be shown to the learner. Every format and page starts from this. */
export const forLearner = (result: GradeResult): GradeResult => ({
  ...result,
  exercises: result.exercises.map((exercise) => ({ ...exercise, tests: exercise.tests.map(testForLearner) })),
});

/** Points without the noise of adding decimals: 0.1 + 0.2 is 0.3. */
export const roundPoints = (points: number): number => Math.round(points * 1e6) / 1e6;

/** Said of code that is right only on the numbers that its author could see. */
export const otherInputs = "Right on the inputs that you see, wrong on others. Is a number written into the code?";

/** What a row says under its title, a line each: the slip, the reason, what was given, came and was expected. */
function explanation(test: ResultTest): string {
  const { state, problem, looksLike, calls = [], got, expected, failsOnOtherInputs } = test;
  if (failsOnOtherInputs) return otherInputs;
  if (state !== "failed") return "";
  const last = calls.at(-1);
  const came = got ?? last?.answer;
  const lines = [
    looksLike && `It looks like this: ${looksLike}`,
    problem,
    last && `given     ${last.call}`,
    came && `came      ${came}`,
    expected && `expected  ${expected}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** One line of a foreign format: a test, or an exercise that has none because a person marks it. */
export interface Row {
  readonly exercise: ResultExercise;
  /** "05.3 One LSTM step: the gates go through the sigmoid" */
  readonly title: string;
  readonly name: string;
  readonly passed: boolean;
  /** Why it has no verdict: not started, or not marked yet. */
  readonly waiting?: string;
  readonly earned: number;
  readonly points: number;
  readonly visibility: ResultTest["visibility"];
  readonly text: string;
  readonly reason: string;
}

function rowsOf(exercise: ResultExercise): Row[] {
  const title = plainText(`${exercise.id} ${exercise.title}`);
  const common = { exercise, visibility: "visible" as const, text: "", reason: "" };
  if (exercise.tests.length === 0) {
    const { state, earned, points } = exercise;
    const waiting = { "to-mark": "to be marked by a person", "not-started": "not started" }[state as string];
    return [{ ...common, title, name: title, passed: state === "passed", waiting, earned, points }];
  }
  return exercise.tests.map((test) => ({
    ...common,
    title: `${title}: ${plainText(test.name)}`,
    name: plainText(test.name),
    passed: test.state === "passed",
    waiting: test.state === "not-started" ? "not started" : undefined,
    earned: test.earned,
    points: test.points,
    visibility: test.visibility,
    text: plainText(explanation(test)),
    reason: plainText(test.failsOnOtherInputs ? otherInputs : (test.looksLike ?? test.problem ?? "failed")),
  }));
}

/** What may be shown of a result, as lines. */
export const rowsForLearner = (result: GradeResult): Row[] => forLearner(result).exercises.flatMap(rowsOf);

/** Why there is no grade, in words for the learner. A fault of the grader's may name paths, so it is not quoted. */
export const faultText = ({ fault }: GradeResult): string =>
  fault?.by === "submission" ? plainText(fault.message) : "the grader had a fault; it will be graded again";

export const notes = ({ flags }: GradeResult): string[] => flags.map(({ message }) => plainText(message));
