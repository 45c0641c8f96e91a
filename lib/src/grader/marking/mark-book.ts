import { createHash } from "node:crypto";
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { roundPoints } from "../export/learner-view.js";
import type { GradeResult, Mark, ResultExercise } from "../result.js";

/** The marks that a person gave one answer: a line of marks.jsonl. */
export interface MarkEntry {
  readonly assignment: string;
  readonly exercise: string;
  readonly learner: string;
  /** sha256 of the answer that was read. Another answer needs other marks. */
  readonly answer: string;
  readonly marks: readonly Mark[];
  /** ISO 8601. */
  readonly at: string;
  readonly by?: string;
}

export const answerHash = (answer: string): string => createHash("sha256").update(answer).digest("hex");

const entryKey = ({ assignment, exercise, learner }: Pick<MarkEntry, "assignment" | "exercise" | "learner">): string =>
  JSON.stringify([assignment, exercise, learner]);

const isText = (value: unknown): boolean => typeof value === "string";
const isPoints = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;

function checkEntry(value: unknown, where: string): MarkEntry {
  const entry = value as MarkEntry;
  for (const field of ["assignment", "exercise", "learner", "answer", "at"] as const)
    if (!isText(entry?.[field])) throw new TypeError(`${where}: ${field} must be a text`);
  if (!Array.isArray(entry.marks)) throw new TypeError(`${where}: marks must be an array`);
  for (const mark of entry.marks) checkMark(mark, where);
  return entry;
}

/** @throws TypeError or RangeError unless it is a mark within its points */
export function checkMark(mark: Mark, where: string): void {
  if (!isText(mark?.name)) throw new TypeError(`${where}: a mark must have a name`);
  if (!isPoints(mark.points))
    throw new TypeError(`${where}: points must be a number, got ${JSON.stringify(mark.points)}`);
  if (!isPoints(mark.earned) || mark.earned > mark.points)
    throw new RangeError(
      `${where}: "${mark.name}" must have 0 to ${mark.points} points, got ${JSON.stringify(mark.earned)}`,
    );
  if (mark.comment !== undefined && !isText(mark.comment)) throw new TypeError(`${where}: comment must be a text`);
}

/** Whether the last line has no end, because it was cut short. */
function endsInside(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 10;
}

/**
 * Marks by hand, in a file of their own: one JSON line a mark, only ever appended. A regrade writes result.json anew and
 * never touches this file; a kill while writing costs at most the line being written. The last line for an answer holds.
 */
export class MarkBook {
  private readonly entries = new Map<string, MarkEntry>();
  private readonly earlier = new Map<string, MarkEntry>();
  /** A line is no JSON: it was cut short by a kill or a full disk, and its answer is not marked. */
  cutShort = false;

  /** @throws TypeError or RangeError that names the line */
  constructor(readonly file: string) {
    if (!existsSync(file)) return;
    const lines = readFileSync(file, "utf8").split("\n");
    for (const [k, line] of lines.entries()) {
      if (line.trim() === "") continue;
      const where = `${file}, line ${k + 1}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        this.cutShort = true; // by a kill; what was added later stands on lines of its own
        continue;
      }
      this.remember(checkEntry(value, where));
    }
  }

  private remember(entry: MarkEntry): void {
    this.entries.set(JSON.stringify([entryKey(entry), entry.answer]), entry);
    this.earlier.set(entryKey(entry), entry);
  }

  /** The marks of this very answer. */
  find(who: Pick<MarkEntry, "assignment" | "exercise" | "learner">, answer: string): MarkEntry | undefined {
    return this.entries.get(JSON.stringify([entryKey(who), answerHash(answer)]));
  }

  /** The last marks that the learner got in this exercise, whatever the answer was. */
  last(who: Pick<MarkEntry, "assignment" | "exercise" | "learner">): MarkEntry | undefined {
    return this.earlier.get(entryKey(who));
  }

  /** Writes a mark to the end of the file, and to the disk before it returns. */
  add(entry: MarkEntry): void {
    const checked = checkEntry(entry, `mark of ${entry.exercise}`);
    const file = openSync(this.file, "a+", 0o600);
    try {
      writeSync(file, `${endsInside(file) ? "\n" : ""}${JSON.stringify(checked)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.remember(checked);
  }

  /** A result with the marks that were given to these answers. It is made anew each time, so marks outlive regrades. */
  merged(result: GradeResult): GradeResult {
    const exercises = result.exercises.map((exercise) => this.markedExercise(result, exercise));
    const earned = roundPoints(exercises.reduce((sum, exercise) => sum + exercise.earned, 0));
    return { ...result, exercises, earned };
  }

  private markedExercise({ assignment, learner }: GradeResult, exercise: ResultExercise): ResultExercise {
    if (exercise.answer === undefined || exercise.kind !== "explain") return exercise;
    const entry = this.find({ assignment, exercise: exercise.id, learner }, exercise.answer);
    if (!entry) return exercise;
    const given = roundPoints(entry.marks.reduce((sum, mark) => sum + mark.earned, 0));
    const earned = Math.min(exercise.points, given); // a rubric may have lost points since
    return { ...exercise, earned, marks: entry.marks, state: earned === exercise.points ? "passed" : "failed" };
  }
}
