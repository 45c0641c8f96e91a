import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notebookText, readNotebook } from "../../exercise/nbformat.js";
import { coursePack, type Exercise, masterFile, type Pack, suiteFile } from "../../exercise/pack.js";
import { composePack } from "../../exercise/release/compose.js";
import type { Submission } from "../grade.js";

export const assignment = "05-gates";
/** With these two left out, 05-gates has five exercises and 25 tests. */
const left = ["05.4", "05.5"];
/** Each of them runs four times, on other inputs each time. */
const TIMES = 4;

const titleOf = (title: string, time: number): string => (time === 1 ? title : `${title}, inputs ${time}`);

/** Stands between a suite and `unrolled/exercise/suite`: a test becomes several. */
const repeat = `import { test as once } from "unrolled/exercise/suite";
export * from "unrolled/exercise/suite";
const titleOf = ${titleOf};
export function test(title, body) {
  for (let time = 1; time <= ${TIMES}; time++) once(titleOf(title, time), body);
}
`;

const repeated = ({ tests }: Exercise): Exercise["tests"] =>
  tests.flatMap((test) =>
    Array.from({ length: TIMES }, (_, k) => ({
      ...test,
      name: titleOf(test.name, k + 1),
      points: test.points / TIMES,
    })),
  );

/** The course with a full-size 05-gates: five exercises, 100 tests. No notebook of the course has so many. */
export function fullSizePack(folder: string): Pack {
  const course = coursePack();
  const kept = course.exercises.filter(({ file, id }) => file === `${assignment}.ipynb` && !left.includes(id));
  const change = Object.fromEntries(kept.map((exercise) => [exercise.id, { tests: repeated(exercise) }]));
  const from = join(folder, "pack");
  mkdirSync(from, { recursive: true });
  writeFileSync(join(from, "pack.json"), JSON.stringify({ drop: left, change }));
  const pack = composePack(from, join(folder, "course"), course);
  const own = join(pack.suites, "repeat.js");
  writeFileSync(own, repeat);
  for (const file of [suiteFile(pack, kept[0]), join(pack.suites, "reference/avoid.ts")])
    writeFileSync(file, readFileSync(file, "utf8").replace('"unrolled/exercise/suite"', JSON.stringify(own)));
  return pack;
}

/** Notebooks with right answers, each another file. */
export function fullSizeClass(pack: Pack, folder: string, size: number): Submission[] {
  mkdirSync(folder, { recursive: true });
  const exercise = pack.exercises.find(({ file }) => file === `${assignment}.ipynb`)!;
  const solved = readNotebook(masterFile(pack, exercise));
  return Array.from({ length: size }, (_, k): Submission => {
    const learner = `learner-${k + 1}`;
    const file = join(folder, `${learner}.ipynb`);
    writeFileSync(file, notebookText({ ...solved, metadata: { ...solved.metadata, learner } }));
    return { file, learner, assignment };
  });
}
