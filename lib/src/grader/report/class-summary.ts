import { forLearner } from "../export/learner-view.js";
import type { GradeResult, ResultExercise, ResultTest } from "../result.js";

interface TestCount {
  readonly name: string;
  readonly visibility: ResultTest["visibility"];
  /** Learners who started the exercise. */
  tried: number;
  passed: number;
  /** How often each known slip was made. */
  readonly slips: Map<string, number>;
}

interface ExerciseCount {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  submissions: number;
  started: number;
  toMark: number;
  earned: number;
  readonly tests: Map<string, TestCount>;
}

export interface AssignmentCount {
  readonly assignment: string;
  /** Final scores as shares of the points: all that is kept of each learner. */
  readonly shares: number[];
  readonly exercises: Map<string, ExerciseCount>;
}

export interface HardTest {
  readonly exercise: string;
  readonly name: string;
  readonly visibility: ResultTest["visibility"];
  readonly tried: number;
  readonly share: number;
}

export interface Slip {
  readonly exercise: string;
  readonly test: string;
  readonly looksLike: string;
  readonly count: number;
  /** Of those who started the exercise. */
  readonly share: number;
}

const MOST_SLIPS = 100; // of one test; slips are written by the suites, so more would be a forged file
const MOST_LISTED = 200;

/** Adds up results one at a time, so that a class of any size is never in memory at once. */
export class ClassSummary {
  readonly assignments = new Map<string, AssignmentCount>();
  readonly ungradable: { learner: string; assignment: string; message: string }[] = [];
  readonly flagged: { learner: string; assignment: string; message: string }[] = [];
  submissions = 0;
  graded = 0;
  late = 0;
  /** Submissions with something to look at; the first of them are listed. */
  odd = 0;

  add(result: GradeResult): void {
    const { learner, assignment, gradable, fault } = result;
    this.submissions++;
    if (result.flags.length > 0) this.odd++;
    if (result.flags.length > 0 && this.flagged.length < MOST_LISTED)
      this.flagged.push({ learner, assignment, message: result.flags.map(({ message }) => message).join("; ") });
    if (!gradable) {
      const message = fault ? `${fault.by}: ${fault.message}` : "no reason given";
      if (this.ungradable.length < MOST_LISTED) this.ungradable.push({ learner, assignment, message });
      return;
    }
    this.graded++;
    if (result.late && result.late.days > 0) this.late++;
    const count = this.assignmentOf(assignment);
    const final = result.earned - (result.late?.penalty ?? 0);
    count.shares.push(result.points > 0 ? final / result.points : 0);
    for (const exercise of forLearner(result).exercises) addExercise(count.exercises, exercise);
  }

  /** A result.json that could not be read. */
  addUnreadable(path: string, message: string): void {
    this.submissions++;
    if (this.ungradable.length < MOST_LISTED) this.ungradable.push({ learner: path, assignment: "", message });
  }

  private assignmentOf(assignment: string): AssignmentCount {
    const count = this.assignments.get(assignment) ?? { assignment, shares: [], exercises: new Map() };
    this.assignments.set(assignment, count);
    return count;
  }
}

function addExercise(all: Map<string, ExerciseCount>, exercise: ResultExercise): void {
  const { id, title, points, state, earned } = exercise;
  const fresh = { id, title, points, submissions: 0, started: 0, toMark: 0, earned: 0, tests: new Map() };
  const count = all.get(id) ?? fresh;
  all.set(id, count);
  count.submissions++;
  count.earned += earned;
  if (state === "to-mark") count.toMark++;
  if (state === "not-started") return;
  count.started++;
  for (const test of exercise.tests) addTest(count.tests, test);
}

function addTest(all: Map<string, TestCount>, { name, visibility, state, looksLike }: ResultTest): void {
  const count = all.get(name) ?? { name, visibility, tried: 0, passed: 0, slips: new Map() };
  all.set(name, count);
  count.tried++;
  if (state === "passed") count.passed++;
  if (looksLike !== undefined && (count.slips.has(looksLike) || count.slips.size < MOST_SLIPS))
    count.slips.set(looksLike, (count.slips.get(looksLike) ?? 0) + 1);
}

/** Tests by the share of learners who passed them, of those who started the exercise; the lowest first. */
export const hardestTests = ({ exercises }: AssignmentCount): HardTest[] =>
  [...exercises.values()]
    .flatMap(({ id, title, tests }) =>
      [...tests.values()].map(({ name, visibility, tried, passed }) => ({
        exercise: `${id} ${title}`,
        name,
        visibility,
        tried,
        share: passed / tried,
      })),
    )
    .filter(({ share }) => share < 1)
    .sort((a, b) => a.share - b.share);

/** Known slips by how many learners made them, the most frequent first. */
export const commonSlips = ({ exercises }: AssignmentCount): Slip[] =>
  [...exercises.values()]
    .flatMap(({ id, title, tests }) =>
      [...tests.values()].flatMap(({ name, tried, slips }) =>
        [...slips].map(([looksLike, count]) => ({
          exercise: `${id} ${title}`,
          test: name,
          looksLike,
          count,
          share: count / tried,
        })),
      ),
    )
    .sort((a, b) => b.count - a.count);

/** Quantile of numbers in any order, linear between neighbours; NaN of none. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const place = at * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** How many shares fall into each tenth; a full score belongs to the last. */
export function tenths(shares: readonly number[]): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const share of shares) counts[Math.max(0, Math.min(9, Math.floor(share * 10 + 1e-9)))]++;
  return counts;
}
