// The course's own exercises on trial: solutions, stubs and planted mistakes against suites run in this process.
import { codeCells, loadCells } from "../../lib/src/exercise/cells.js";
import { loadSuites, runInProcess, type SuiteBody } from "../../lib/src/exercise/in-process.js";
import { modulesFor } from "../../lib/src/exercise/modules.js";
import { type Notebook, readNotebook, sourceOf } from "../../lib/src/exercise/nbformat.js";
import { coursePack, type Exercise, gradeId, masterFile, suiteFile } from "../../lib/src/exercise/pack.js";
import { releaseNotebook } from "../../lib/src/exercise/release/release.js";
import { stubOf as stubText, unmended } from "../../lib/src/exercise/release/stub.js";
import type { ExerciseReport } from "../../lib/src/exercise/report.js";
import { answersCaller } from "../../lib/src/exercise/solution.js";
import type { Answers } from "../../lib/src/notebook/check/client.js";
import type { Mistake } from "./mistakes/mistake.js";

export const pack = coursePack();
export const exerciseOf = (id: string): Exercise => {
  const found = pack.exercises.find((exercise) => exercise.id === id);
  if (!found) throw new RangeError(`the manifest has no ${id}`);
  return found;
};

/** Computes each value once, by its name. */
function once<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    if (!made.has(name)) made.set(name, make(name));
    return made.get(name)!;
  };
}

const masterAt = once((file) => readNotebook(file));
const suitesAt = once((file): Promise<ReadonlyMap<string, SuiteBody>> => loadSuites(() => import(file)));
export const masterOf = (exercise: Exercise): Notebook => masterAt(masterFile(pack, exercise));

/** What the cells of a notebook declare under the names that an exercise exports. */
export const answersIn = async (notebook: Notebook, exercise: Exercise): Promise<Answers> =>
  loadCells(codeCells(notebook), exercise.exports, await modulesFor(exercise));

export const solutionOf = (exercise: Exercise): Promise<Answers> => answersIn(masterOf(exercise), exercise);
export const stubOf = (exercise: Exercise): Promise<Answers> =>
  answersIn(releaseNotebook(masterOf(exercise), pack.exercises), exercise);

/** The text of an exercise's answer cell, solution and all. */
export const answerText = (exercise: Exercise): string => {
  const cell = masterOf(exercise).cells.find(({ id }) => id === `${gradeId(exercise.id)}-answer`);
  if (!cell) throw new RangeError(`${exercise.file} has no cell ${gradeId(exercise.id)}-answer`);
  return sourceOf(cell);
};

/** The solution with its answer cell edited. */
export function editedSolution(exercise: Exercise, edit: (source: string) => string): Promise<Answers> {
  const master = masterOf(exercise);
  const cells = master.cells.map((cell) =>
    cell.id === `${gradeId(exercise.id)}-answer` ? { ...cell, source: edit(sourceOf(cell)) } : cell,
  );
  return answersIn({ ...master, cells }, exercise);
}

/** A "fix" exercise whose learner only deleted the line that says not started. */
export const unmendedOf = (exercise: Exercise): Promise<Answers> =>
  editedSolution(exercise, (source) => {
    const broken = unmended(stubText(source, exercise.id));
    if (/notStarted\(/.test(broken)) throw new SyntaxError(`${exercise.id}: the stub holds no broken code`);
    return broken;
  });

export const withMistake = ({ exercise, from, to }: Mistake): Promise<Answers> =>
  editedSolution(exerciseOf(exercise), (source) => source.replace(from, () => to));

/** Runs an exercise's suite, in this process, against answers; by default on the seed that notebooks use. */
export async function trial(exercise: Exercise, answers: Answers, seed?: string): Promise<ExerciseReport> {
  const body = (await suitesAt(suiteFile(pack, exercise))).get(exercise.id);
  if (!body) throw new RangeError(`${suiteFile(pack, exercise)} has no exercise(${JSON.stringify(exercise.id)}, …)`);
  return runInProcess(exercise, body, { caller: answersCaller(answers), seed });
}

export const seeds = (count: number): string[] => Array.from({ length: count }, (_, k) => `trial ${k}`);
