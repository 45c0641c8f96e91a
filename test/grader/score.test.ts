import { describe, expect, test } from "vitest";
import type { Exercise } from "../../lib/src/exercise/pack.js";
import type { ExerciseReport, TestState } from "../../lib/src/exercise/report.js";
import { scoreExercise } from "../../lib/src/grader/score.js";

const exercise = (kind: Exercise["kind"], visibility: "visible" | "hidden" = "visible"): Exercise => ({
  id: "05.2",
  file: "05-gates.ipynb",
  title: "A forget gate",
  kind,
  points: 3,
  difficulty: 1,
  importance: 1,
  minutes: 1,
  exports: [],
  imports: [],
  tests:
    kind === "explain"
      ? []
      : [
          { name: "a", points: 1, visibility: "visible" },
          { name: "b", points: 2, visibility },
        ],
});
const report = (a: TestState, b: TestState, points = 99): ExerciseReport[] => [
  {
    id: "05.2",
    title: "forged",
    state: "passed",
    earned: points,
    points,
    tests: [a, b].map((state, k) => ({
      name: "ab"[k],
      state,
      visibility: "visible",
      earned: points,
      points,
      problem: "INPUT 1",
      got: "INPUT 2",
      calls: [{ call: "f(INPUT 3)" }],
    })),
  },
];
const none = { answers: new Map<string, string>(), stubs: new Map<string, string>() };

describe("scoreExercise", () => {
  test("points come from the manifest, whatever the report says of points", () => {
    expect(scoreExercise(exercise("implement"), { ...none, visible: report("passed", "failed") })).toMatchObject({
      state: "failed",
      earned: 1,
      points: 3,
      title: "A forget gate",
    });
  });

  test("with secret inputs a test counts where it passes on both", () => {
    const found = { ...none, visible: report("passed", "passed"), hidden: report("passed", "failed") };
    const { earned, tests } = scoreExercise(exercise("implement"), found);
    expect(earned).toBe(1);
    expect(tests[1]).toMatchObject({ state: "failed", failsOnOtherInputs: true });
    expect(tests[1]).not.toHaveProperty("got");
    const other = { ...none, visible: report("failed", "passed"), hidden: report("passed", "passed") };
    expect(scoreExercise(exercise("implement"), other).earned).toBe(2);
  });

  test("a hidden test tells its title, its points and its state, and takes them from the secret run", () => {
    const found = { ...none, visible: report("passed", "passed"), hidden: report("passed", "failed") };
    const { tests } = scoreExercise(exercise("implement", "hidden"), found);
    expect(tests[1]).toEqual({ name: "b", visibility: "hidden", points: 2, earned: 0, state: "failed" });
  });

  test("an exercise that no report knows earns nothing", () => {
    expect(scoreExercise(exercise("implement"), { ...none, visible: [] }).earned).toBe(0);
    expect(scoreExercise(exercise("implement", "hidden"), { ...none, visible: [] }).earned).toBe(0);
  });

  test.each([
    [undefined, "not-started"],
    ["", "not-started"],
    ["*Your answer*\n", "not-started"],
    ["Because the sum lets it through.", "to-mark"],
  ])("an explanation %j is %s", (answer, state) => {
    const answers = new Map(answer === undefined ? [] : [["ex-05-2-answer", answer]]);
    const stubs = new Map([["ex-05-2-answer", "*Your answer*"]]);
    const scored = scoreExercise(exercise("explain"), { visible: [], answers, stubs });
    expect(scored).toMatchObject({ state, earned: 0, points: 3 });
    expect(scored.answer).toBe(state === "to-mark" ? answer : undefined);
  });
});
