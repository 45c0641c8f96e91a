import { createWriteStream, existsSync, readFileSync, type WriteStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { BYTE_ORDER_MARK, type Cell, csvRow } from "../export/csv.js";
import { type Format, formatFile, formatted } from "../export/format.js";
import { type Extensions, type LatePolicy, parseExtensions, parseLatePolicy, withLatePolicy } from "../export/late.js";
import { NBGRADER_COLUMNS, nbgraderRow } from "../export/nbgrader.js";
import { MarkBook } from "../marking/mark-book.js";
import type { GradeResult } from "../result.js";
import { classPage } from "./class-page.js";
import { ClassSummary } from "./class-summary.js";
import { feedbackPage } from "./feedback.js";
import { gradedBelow } from "./read-results.js";

/** What is taken off for lateness: the files late.json and extensions.csv beside the results, where there are any. */
export interface LateFiles {
  readonly late?: LatePolicy;
  readonly extensions?: Extensions;
}

/** @throws SyntaxError, TypeError or RangeError that names the file and field */
export function lateFiles(graded: string): LateFiles {
  const [policy, extensions] = ["late.json", "extensions.csv"].map((name) => join(graded, name));
  return {
    late: existsSync(policy) ? parseLatePolicy(readFileSync(policy, "utf8"), policy) : undefined,
    extensions: existsSync(extensions) ? parseExtensions(readFileSync(extensions, "utf8"), extensions) : undefined,
  };
}

export interface ReportOptions {
  /** Also write each result in this format, beside its result.json. */
  readonly format?: Format;
  /** Called after each submission, for a progress bar and for tables of one's own. */
  readonly onResult?: (result: GradeResult) => void;
}

/** Where marks by hand are kept, beside the results. */
export const marksFile = (graded: string): string => join(graded, "marks.jsonl");

/** A result as it counts: what the tests gave, marks by hand, and what the late policy takes off. */
export function finalResult(result: GradeResult, book: MarkBook, { late, extensions }: LateFiles = {}): GradeResult {
  const marked = book.merged(result);
  return late ? withLatePolicy(marked, late, extensions) : marked;
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** A CSV file that grows row by row under a temporary name, and takes its own at the end. */
class GrowingCsv {
  private readonly stream: WriteStream;
  private problem?: Error;

  constructor(
    private readonly file: string,
    header: readonly Cell[],
  ) {
    this.stream = createWriteStream(`${file}.new`);
    this.stream.on("error", (error) => {
      this.problem ??= error;
    });
    this.stream.write(BYTE_ORDER_MARK + csvRow(header));
  }

  async add(row: readonly Cell[]): Promise<void> {
    if (this.problem) throw this.problem;
    if (!this.stream.write(csvRow(row))) {
      await new Promise<void>((resolve) => {
        this.stream.once("drain", resolve).once("error", () => resolve());
      });
    }
  }

  async finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.stream.once("close", resolve);
      this.stream.end();
    });
    if (this.problem) throw this.problem;
    await rename(`${this.file}.new`, this.file);
  }

  async drop(): Promise<void> {
    this.stream.destroy();
    await rm(`${this.file}.new`, { force: true });
  }
}

const exerciseHeader = ["learner", "name", "assignment", "exercise", "title", "kind", "state", "earned", "points"];
const exerciseRows = ({ learner, name, assignment, exercises }: GradeResult): Cell[][] =>
  exercises.map(({ id, title, kind, state, earned, points }) => [
    learner,
    name,
    assignment,
    id,
    title,
    kind,
    state,
    earned,
    points,
  ]);

/**
 * Writes what is made from the results below a folder: a feedback page beside each, class.html, gradebook.csv (nbgrader's
 * columns) and exercises.csv. Holds one result at a time, however large the class.
 */
export async function writeReports(graded: string, options: ReportOptions = {}): Promise<ClassSummary> {
  const summary = new ClassSummary();
  const unreadable = (path: string, { message }: Error): void => summary.addUnreadable(relative(graded, path), message);
  const policy = lateFiles(graded);
  const book = new MarkBook(marksFile(graded));
  const gradebook = new GrowingCsv(join(graded, "gradebook.csv"), NBGRADER_COLUMNS);
  const perExercise = new GrowingCsv(join(graded, "exercises.csv"), exerciseHeader);
  try {
    for await (const { result, folder } of gradedBelow(graded, unreadable)) {
      const final = finalResult(result, book, policy);
      await writePages(folder, final, options.format);
      await gradebook.add(nbgraderRow(final, policy.late?.due));
      for (const row of exerciseRows(final)) await perExercise.add(row);
      summary.add(final);
      options.onResult?.(final);
    }
    await gradebook.finish();
    await perExercise.finish();
  } catch (error) {
    await Promise.all([gradebook.drop(), perExercise.drop()]);
    throw error;
  }
  await replaceFile(join(graded, "class.html"), classPage(summary));
  return summary;
}

/** Beside result.json: the learner's page, and the result in another tool's words where one is named. */
async function writePages(folder: string, final: GradeResult, format?: Format): Promise<void> {
  await replaceFile(join(folder, "feedback.html"), feedbackPage(final));
  if (format) await replaceFile(join(folder, formatFile[format]), formatted(final, format));
}

/** What `writeReports` writes beside one result. */
export const writeResultPages = (graded: string, folder: string, result: GradeResult, format?: Format): Promise<void> =>
  writePages(folder, finalResult(result, new MarkBook(marksFile(graded)), lateFiles(graded)), format);
