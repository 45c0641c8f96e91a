// The checks themselves, checked: stubs are not started, solutions pass, empty answers earn nothing, and each planted
// mistake fails exactly the check that names it.
import { readdirSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { codeCells, loadCells } from "../../lib/src/exercise/cells.js";
import { readNotebook, sourceOf } from "../../lib/src/exercise/nbformat.js";
import { NotStarted, notStarted } from "../../lib/src/exercise/not-started.js";
import { coursePack, type Exercise, masterFile } from "../../lib/src/exercise/pack.js";
import { releaseNotebook } from "../../lib/src/exercise/release/release.js";
import { type Answers, Checker } from "../../lib/src/notebook/check/client.js";
import type { Mistake } from "./mistakes/mistake.js";

const pack = coursePack();
const planted = readdirSync(new URL("mistakes", import.meta.url)).filter((file) => /^\d\d-/.test(file));
const mistakes = (
  await Promise.all(
    planted.map(
      (file) => import(new URL(`mistakes/${file}`, import.meta.url).href) as Promise<{ mistakes: Mistake[] }>,
    ),
  )
).flatMap((module) => module.mistakes);
const checker = new Checker();
const otherSeed = new Checker({ seed: "another seed, as grading has" });
afterAll(() => {
  checker.close();
  otherSeed.close();
});

const modules = { unrolled: { notStarted, check: async () => undefined } };
const load = (cells: string[], { exports }: Exercise): Promise<Answers> => loadCells(cells, exports, modules);
const master = (exercise: Exercise) => readNotebook(masterFile(pack, exercise));
const solve = (exercise: Exercise): Promise<Answers> => load(codeCells(master(exercise)), exercise);

describe.each(pack.exercises.map((exercise) => [exercise.id, exercise] as const))("%s", (id, exercise) => {
  test("the stub is not started", async () => {
    const stub = await load(codeCells(releaseNotebook(master(exercise), pack.exercises)), exercise);
    const report = await checker.check(id, stub);
    expect(report).toMatchObject({ state: "not-started", earned: 0 });
    expect(report.tests.map(({ state }) => state)).toEqual(exercise.tests.map(() => "not-started"));
  });

  test.each([
    ["the visible seed", checker],
    ["another seed", otherSeed],
  ])("the solution passes on %s", async (_seed, by) => {
    const report = await by.check(id, await solve(exercise));
    expect(report.tests.filter(({ state }) => state !== "passed")).toEqual([]);
    expect(report).toMatchObject({ state: "passed", earned: exercise.points });
  });

  test("zeros, ones, NaN, empty answers, nothing, and echoes of the input earn nothing", async () => {
    const earned: Record<string, number> = {};
    for (const [kind, answers] of Object.entries(emptyAnswers(await solve(exercise)))) {
      earned[kind] = (await checker.check(id, answers)).earned;
    }
    expect(earned).toEqual(Object.fromEntries(Object.keys(earned).map((kind) => [kind, 0])));
  });
});

describe.each(mistakes)("mistake in $exercise: $from → $to", ({ exercise: id, from, to, fails }) => {
  const exercise = pack.exercises.find((entry) => entry.id === id)!;
  const withMistake = () => {
    const cells = master(exercise).cells.map((cell) => {
      const source = sourceOf(cell);
      return cell.id === `ex-${id.replace(".", "-")}-answer` ? { ...cell, source: source.replace(from, to) } : cell;
    });
    return load(codeCells({ ...master(exercise), cells }), exercise);
  };

  test("fails exactly the check that names it, and says what it looks like", async () => {
    const report = await checker.check(id, await withMistake());
    const failed = report.tests.filter(({ state }) => state !== "passed");
    expect(failed.map(({ name }) => name)).toEqual(fails);
    expect(failed[0].looksLike).toMatch(/\w/);
  });

  test("does so on another seed", async () => {
    const report = await otherSeed.check(id, await withMistake());
    expect(report.tests.filter(({ state }) => state !== "passed").map(({ name }) => name)).toEqual(fails);
  });
});

test("a planted mistake changes the solution", () => {
  for (const { exercise: id, from } of mistakes) {
    const text = master(pack.exercises.find((entry) => entry.id === id)!)
      .cells.map(sourceOf)
      .join("\n");
    expect(text).toContain(from);
  }
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

type Fill = (value: number) => unknown;
function fill(answer: unknown, by: Fill): unknown {
  if (typeof answer === "number") return by(answer);
  if (Array.isArray(answer)) return answer.map((entry) => fill(entry, by));
  return Object.fromEntries(Object.entries(answer as object).map(([key, entry]) => [key, fill(entry, by)]));
}

/** Every array inside the arguments: what an answer could echo. */
function arraysIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(arraysIn);
  return Array.isArray(value) ? [value, ...inside] : inside;
}

function emptyAnswers(solution: Answers): Record<string, Answers> {
  const change = (by: (answer: unknown, args: unknown[]) => unknown): Answers =>
    Object.fromEntries(
      Object.entries(solution).map(([name, value]) => {
        if (typeof value !== "function") return [name, by(value, [])];
        return [name, (...args: unknown[]) => by(value(...args), args)];
      }),
    );
  const isRecord = (answer: unknown) => typeof answer === "object" && answer !== null && !Array.isArray(answer);
  const echoes = Array.from({ length: 12 }, (_, k) => [
    `echo ${k}`,
    change((answer, args) => {
      const echo = arraysIn(args)[k] ?? [];
      return isRecord(answer) ? Object.fromEntries(Object.keys(answer as object).map((key) => [key, echo])) : echo;
    }),
  ]);
  return {
    zeros: change((answer) => fill(answer, () => 0)),
    ones: change((answer) => fill(answer, () => 1)),
    NaN: change((answer) => fill(answer, () => Number.NaN)),
    infinite: change((answer) => fill(answer, () => Number.POSITIVE_INFINITY)),
    empty: change((answer) =>
      isRecord(answer) ? Object.fromEntries(Object.keys(answer as object).map((key) => [key, []])) : [],
    ),
    "the whole input": change((_answer, args) => args),
    "the first argument": change((_answer, args) => args[0] ?? null),
    nothing: change(() => undefined),
    "a matcher in disguise": change(() => ({ $$typeof: "Symbol(jest.asymmetricMatcher)", asymmetricMatch: true })),
    ...Object.fromEntries(echoes),
  };
}
