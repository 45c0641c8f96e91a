import type { ReadSubmission, Submission } from "../grade.js";
import type { GradeResult } from "../result.js";
import { resultFolder, storedResult, writeResult } from "./store.js";

/** Who grades: a grader here, or one that sends its submissions elsewhere. */
export interface Grading {
  read(submission: Submission): Promise<ReadSubmission>;
  /** The verdict; undefined when it will be there later. */
  grade(submission: Submission, signal?: AbortSignal, known?: ReadSubmission): Promise<GradeResult | undefined>;
}

export interface BatchOptions {
  readonly out: string;
  readonly jobs: number;
  /** How often a fault of the grader's own is tried again. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
  /** Called when the verdict on a submission is there: graded now, or found from an earlier run. */
  readonly onResult?: (result: GradeResult, folder: string, again: boolean) => void | Promise<void>;
}

/** How a batch went. Results are on disk, not in memory. */
export interface BatchSummary {
  /** Graded now; those that could not be are below. */
  graded: number;
  /** Found from an earlier run. */
  kept: number;
  /** Sent elsewhere, not back yet. */
  pending: number;
  readonly ungradable: { readonly learner: string; readonly file: string; readonly message: string }[];
}

const isFinal = ({ gradable, fault }: GradeResult): boolean => gradable || fault?.by === "submission";

/** One submission, unless its result is there already under the same key. */
async function gradeOne(
  grader: Grading,
  submission: Submission,
  { out, retries = 2, signal }: BatchOptions,
): Promise<{ result: GradeResult; folder: string; again: boolean } | undefined> {
  const read = await grader.read(submission).catch(() => undefined); // a fault of ours: grade says which
  const folder = resultFolder(out, submission.learner, read?.assignment ?? submission.assignment ?? "");
  const stored = read && (await storedResult(folder));
  if (stored && stored.key === read.key && isFinal(stored)) return { result: stored, folder, again: true };
  let result = await grader.grade(submission, signal, read);
  for (let tries = 0; result && tries < retries && !isFinal(result) && !signal?.aborted; tries++)
    result = await grader.grade(submission, signal);
  if (!result) return undefined;
  if (!signal?.aborted || isFinal(result)) await writeResult(folder, result);
  return { result, folder, again: false };
}

/** Grades many submissions, some at a time. One that cannot be graded stops none of the others. */
export async function gradeAll(
  grader: Grading,
  submissions: readonly Submission[],
  options: BatchOptions,
): Promise<BatchSummary> {
  const summary: BatchSummary = { graded: 0, kept: 0, pending: 0, ungradable: [] };
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (next < submissions.length && !stopped && !options.signal?.aborted) {
      const submission = submissions[next++];
      const verdict = await gradeOne(grader, submission, options);
      if (!verdict) {
        summary.pending++;
        continue;
      }
      const { result, folder, again } = verdict;
      if (options.signal?.aborted && !isFinal(result)) return;
      if (again) summary.kept++;
      else if (result.gradable) summary.graded++;
      const { fault } = result;
      if (fault) summary.ungradable.push({ learner: result.learner, file: submission.file, message: fault.message });
      await options.onResult?.(result, folder, again);
    }
  };
  const workers = Array.from({ length: options.jobs }, () =>
    worker().catch((error) => {
      stopped = true;
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  const failed = ended.find((end) => end.status === "rejected");
  if (failed) throw (failed as PromiseRejectedResult).reason;
  return summary;
}
