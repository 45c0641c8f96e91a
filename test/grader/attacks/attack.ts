// What every attack is held to: its own verdict, an unharmed neighbour, nothing left running, nothing written.
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import type { Notebook } from "../../../lib/src/exercise/nbformat.js";
import { Grader, type GraderOptions } from "../../../lib/src/grader/grade.js";
import type { GradeResult } from "../../../lib/src/grader/result.js";
import { answered, codeCell, exercises, fileOf, fullPoints, pack, runningWith } from "../submissions.js";

/** The exercise that the attacker answers; the other answers of the notebook are right. */
export const target = exercises.find(({ id }) => id === "05.2")!;
export const others = fullPoints - target.points;

/** The notebook with right answers, but for forgetGate. */
export const gate = (body: string): Notebook =>
  answered({ "ex-05-2-answer": `function forgetGate(h: Vector, x: Vector, W: Matrix, b: Vector): any {\n${body}\n}` });

/** The notebook with right answers, and a cell of the learner's own after the setup. */
export function withCell(source: string, notebook = answered()): Notebook {
  const cells = notebook.cells.flatMap((cell) => (cell.id === "setup" ? [cell, codeCell(source)] : [cell]));
  return { ...notebook, cells };
}

/** Node's modules as code without imports gets at them. */
export const builtin = (name: string): string => `(process as any).getBuiltinModule("node:${name}")`;

export interface Attacked {
  readonly result: GradeResult;
  /** The first problem of 05.2, as the learner reads it. */
  readonly problem: string;
  readonly earnedByTarget: number;
}

const neighbours = fileOf(answered(), "neighbour.ipynb");
const canary = /pwned/;

/** Graders for attacks, in `beforeAll` and `afterAll`; a call may take two seconds. */
export function arena(options: Partial<GraderOptions> = {}) {
  let grader: Grader;
  let beside: Grader;
  beforeAll(async () => {
    grader = await Grader.start({ pack, tier: "strict", limits: { callSeconds: 2, cpuSeconds: 10 }, ...options });
    beside = await Grader.start({ pack, tier: "strict" });
  });
  afterAll(() => Promise.all([grader.close(), beside.close()]));

  async function attack(submission: Notebook | string, neighbour = true): Promise<Attacked> {
    const file = typeof submission === "string" ? submission : fileOf(submission);
    const [result, honest] = await Promise.all([
      grader.grade({ file, learner: "mallory" }),
      neighbour ? beside.grade({ file: neighbours, learner: "ada" }) : undefined,
    ]);
    if (honest) expect(honest).toMatchObject({ gradable: true, earned: fullPoints });
    await expect.poll(() => runningWith(grader.folder)).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => canary.test(name))).toEqual([]);
    expect(existsSync(join(process.cwd(), "pwned"))).toBe(false);
    const exercise = result.exercises.find(({ id }) => id === target.id);
    const problem = exercise?.tests.find(({ state }) => state !== "passed")?.problem ?? "";
    return { result, problem, earnedByTarget: exercise?.earned ?? 0 };
  }
  return { attack, graderFolder: () => grader.folder };
}

/** What an attack in forgetGate must come to: no points for it, all points for the honest rest, this message. */
export async function expectFoiled(attacked: Promise<Attacked>, problem: RegExp): Promise<void> {
  const { result, problem: said, earnedByTarget } = await attacked;
  expect(result.fault).toBeUndefined();
  expect(said).toMatch(problem);
  expect({ gradable: result.gradable, earnedByTarget, earned: result.earned }).toEqual({
    gradable: true,
    earnedByTarget: 0,
    earned: others,
  });
}
