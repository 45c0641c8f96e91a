// The checks themselves, checked: stubs are not started, solutions pass on every seed, empty answers earn nothing, and
// each planted mistake fails first the check that names it. Suites run in this process, which is fast; each solution, and
// a stub of each kind, also goes the way of a notebook, through the checker.
//
//     npx vitest run --project grading test/exercises/all.test.ts -t "02\."
import { readdirSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { NotStarted, notStarted } from "../../lib/src/exercise/not-started.js";
import { type Exercise, markedByHand } from "../../lib/src/exercise/pack.js";
import type { ExerciseReport } from "../../lib/src/exercise/report.js";
import { Checker } from "../../lib/src/notebook/check/client.js";
import { readRequest } from "../../lib/src/notebook/check/request.js";
import { answerText, exerciseOf, pack, seeds, solutionOf, stubOf, trial, unmendedOf, withMistake } from "./course.js";
import { emptyAnswers } from "./empty-answers.js";
import type { Mistake } from "./mistakes/mistake.js";

const planted = readdirSync(new URL("mistakes", import.meta.url)).filter((file) => /^\d\d-/.test(file));
const mistakes = (
  await Promise.all(
    planted.map(
      (file) => import(new URL(`mistakes/${file}`, import.meta.url).href) as Promise<{ mistakes: Mistake[] }>,
    ),
  )
).flatMap((module) => module.mistakes);
const checker = new Checker();
afterAll(() => checker.close());

/** An experiment trains for seconds; a handful of seeds must do. */
const seedsFor = ({ kind }: Exercise, count: number): string[] => seeds(kind === "experiment" ? count / 20 : count);
const failing = ({ tests }: ExerciseReport) => tests.filter(({ state }) => state !== "passed");

const checked = pack.exercises.filter((exercise) => !markedByHand(exercise));
const firstOfItsKind = (exercise: Exercise): boolean => checked.find(({ kind }) => kind === exercise.kind) === exercise;
describe.each(checked.map((exercise) => [exercise.id, exercise] as const))("%s", (id, exercise) => {
  test("the stub is not started", async () => {
    const stub = await stubOf(exercise);
    const reports = [await trial(exercise, stub)];
    if (firstOfItsKind(exercise)) reports.push(await checker.check(id, stub));
    for (const report of reports) {
      expect(report).toMatchObject({ state: "not-started", earned: 0 });
      expect(report.tests.map(({ state }) => state)).toEqual(exercise.tests.map(() => "not-started"));
    }
  });

  test("the solution passes, also through the checker", async () => {
    const solution = await solutionOf(exercise);
    expect(readRequest(pack.exercises, id, solution)).not.toHaveProperty("misuse");
    for (const report of [await trial(exercise, solution), await checker.check(id, solution)]) {
      expect(failing(report)).toEqual([]);
      expect(report).toMatchObject({ state: "passed", earned: exercise.points });
    }
  });

  test("the solution passes on every seed", async () => {
    const solution = await solutionOf(exercise);
    for (const seed of seedsFor(exercise, 200)) {
      expect(failing(await trial(exercise, solution, seed)), `seed ${JSON.stringify(seed)}`).toEqual([]);
    }
  });

  test("zeros, ones, NaN, empty answers, nothing, and echoes of the input earn nothing", async () => {
    const earned: Record<string, number> = {};
    for (const [kind, answers] of Object.entries(emptyAnswers(await solutionOf(exercise)))) {
      earned[kind] = (await trial(exercise, answers)).earned;
    }
    expect(earned).toEqual(Object.fromEntries(Object.keys(earned).map((kind) => [kind, 0])));
  });
});

const fixes = checked.filter(({ kind }) => kind === "fix");
describe.each(fixes.map((exercise) => [exercise.id, exercise] as const))("%s", (_id, exercise) => {
  test("the broken code, left as it is, earns nothing", async () => {
    const answers = await unmendedOf(exercise);
    for (const seed of seedsFor(exercise, 20)) {
      expect((await trial(exercise, answers, seed)).earned, `seed ${JSON.stringify(seed)}`).toBe(0);
    }
  });
});

describe.each(mistakes)("mistake in $exercise: $from → $to", (mistake) => {
  const { exercise: id, from, fails, says } = mistake;
  const exercise = exerciseOf(id);

  test("is an edit of the solution", () => {
    expect(answerText(exercise)).toContain(from);
  });

  test("fails exactly the checks that name it, and says what it looks like", async () => {
    const failed = failing(await trial(exercise, await withMistake(mistake)));
    expect(failed.map(({ name }) => name)).toEqual(fails);
    const { looksLike, problem } = failed[0];
    if (says) expect(`${looksLike ?? ""} ${problem}`).toContain(says);
    else expect(looksLike, `the first failing check says only: ${problem}`).toMatch(/\w/);
  });

  test("passes on no seed, and fails first the check that names it", async () => {
    const answers = await withMistake(mistake);
    for (const seed of seedsFor(exercise, 20)) {
      const [first] = failing(await trial(exercise, answers, seed));
      expect(first?.name, `seed ${JSON.stringify(seed)}`).toBe(fails[0]);
    }
  });
});

test("every check of the manifest has a planted mistake that fails it", () => {
  const planted = new Set(mistakes.flatMap(({ exercise, fails }) => fails.map((name) => `${exercise} ${name}`)));
  const without = pack.exercises
    .flatMap(({ id, tests }) => tests.map(({ name }) => `${id} ${name}`))
    .filter((name) => !planted.has(name));
  expect(without).toEqual([]);
});

test("NotStarted names its exercise", () => {
  expect(() => notStarted("05.3")).toThrow(NotStarted);
  expect(() => notStarted("05.3")).toThrow("exercise 05.3 is not started yet");
});
