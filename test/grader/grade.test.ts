// One submission in, one result out, in the strict tier.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Grader } from "../../lib/src/grader/grade.js";
import { readResult, resultText } from "../../lib/src/grader/result.js";
import { answered, codeCell, fileOf, fullPoints, master, pack, stubs } from "./submissions.js";

let grader: Grader;
let secret: Grader;
beforeAll(async () => {
  grader = await Grader.start({ pack, tier: "strict" });
  secret = await Grader.start({ pack, tier: "strict", hiddenSeed: "a seed that learners do not know" });
});
afterAll(() => Promise.all([grader.close(), secret.close()]));

const states = ({ exercises }: Awaited<ReturnType<Grader["grade"]>>) => exercises.map(({ state }) => state);

test("Grader: right answers earn all points, on secret inputs too", async () => {
  const result = await secret.grade({ file: fileOf(answered()), learner: "ada", name: "Ada Lovelace" });
  expect(result).toMatchObject({ gradable: true, earned: fullPoints, points: fullPoints, flags: [], tier: "strict" });
  expect(result).toMatchObject({ learner: "ada", name: "Ada Lovelace", assignment: "05-gates" });
  expect(result.hiddenSeedHash).toMatch(/^[0-9a-f]{64}$/);
  expect(readResult(resultText(result))).toEqual(result);
});

test("Grader: the notebook as it was given out is not started, and earns nothing", async () => {
  const result = await grader.grade({ file: fileOf(stubs()), learner: "ada" });
  expect(result).toMatchObject({ gradable: true, earned: 0, flags: [] });
  expect(new Set(states(result))).toEqual(new Set(["not-started"]));
});

test("Grader: one slip costs the one test that names it", async () => {
  const right = master.cells.find(({ id }) => id === "ex-05-3-answer")?.source as readonly string[];
  const slip = right.join("").replace("tanh(c)", "tanh(cPrev)");
  const result = await grader.grade({ file: fileOf(answered({ "ex-05-3-answer": slip })), learner: "ada" });
  const failed = result.exercises.flatMap(({ tests }) => tests.filter(({ state }) => state !== "passed"));
  expect(failed.map(({ name }) => name)).toEqual(["h reads the new cell state, not cPrev"]);
  expect(failed[0].looksLike).toBe("h opens on cPrev: use the new c");
  expect(result.earned).toBe(fullPoints - 1);
});

test("Grader: a helper with the name of another cell's helper changes nothing there", async () => {
  const notebook = answered();
  const cells = notebook.cells.flatMap((cell) =>
    cell.id === "ex-05-3-check" ? [cell, codeCell("const add = () => [0]; const sigmoid = 3;")] : [cell],
  );
  const result = await grader.grade({ file: fileOf({ ...notebook, cells }), learner: "ada" });
  const stateOf = (wanted: string) => result.exercises.find(({ id }) => id === wanted)?.state;
  expect(["05.2", "05.3", "05.4"].map(stateOf)).toEqual(["passed", "passed", "failed"]); // 05.4 comes after it
});

test("Grader: the key is that of the content: another learner, file, seed or pack has another", async () => {
  const file = fileOf(answered());
  const keys = await Promise.all([
    grader.read({ file, learner: "ada" }),
    grader.read({ file, learner: "bob" }),
    grader.read({ file: fileOf(stubs()), learner: "ada" }),
    secret.read({ file, learner: "ada" }),
    grader.read({ file: fileOf(answered()), learner: "ada" }),
  ]);
  const [first, ...others] = keys.map(({ key }) => key);
  expect(new Set(keys.map(({ key }) => key)).size).toBe(4);
  expect(others[3]).toBe(first);
});
