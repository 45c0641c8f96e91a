import type { QueuedGrader, QueueOptions } from "unrolled/grader/batch/queue-package";
import type { Grader, ReadSubmission, Submission } from "unrolled/grader/grade";
import { readSubmittedFile } from "unrolled/grader/intake/file";
import { notebookLimits } from "unrolled/grader/intake/notebook";
import { type GradeResult, readResult } from "unrolled/grader/result";
import { graderIdentity } from "./identity.js";
import { packNotebook } from "./payload.js";
import { WorkQueue } from "./work-queue.js";

/** What only the sender knows of a submission stays with it, and is put back into the result. */
function backHome(text: string, submission: Submission, { prepared, key }: ReadSubmission): GradeResult {
  const result = readResult(text, "a worker's result");
  if (result.key !== key || result.submission.sha256 !== prepared.file.sha256)
    throw new TypeError("a worker's result is for another submission");
  const { learner, name, receivedAt = prepared.file.receivedAt, flags = [] } = submission;
  const seen = prepared.flags.filter(({ code }) => code === "hard-link"); // a worker's copy has one name only
  const { schema, learner: _, ...rest } = result;
  return {
    schema,
    learner,
    ...(name !== undefined && { name }),
    ...rest,
    submission: { ...result.submission, file: prepared.file.name, ...(receivedAt !== undefined && { receivedAt }) },
    flags: [...flags, ...seen, ...result.flags],
  };
}

/** A grader whose submissions are judged by workers. What cannot be read is told here, as it would be without them. */
export async function queuedGrader(grader: Grader, options: QueueOptions): Promise<QueuedGrader> {
  const queue = await WorkQueue.open("grade", graderIdentity(grader.basis), options);

  async function send(
    submission: Submission,
    read: ReadSubmission,
    signal?: AbortSignal,
  ): Promise<GradeResult | undefined> {
    const { bytes, sha256: now } = await readSubmittedFile(submission.file, notebookLimits.bytes);
    if (now !== read.prepared.file.sha256) throw new Error("the file changed while it was read");
    const { learner } = submission;
    const { assignment, key } = read;
    const job = { kind: "grade", key, learner, assignment, notebook: await packNotebook(bytes) } as const;
    const outcome = await queue.outcome(job, `${JSON.stringify(learner)}, ${assignment}`, signal);
    if (!outcome) return undefined;
    if ("parked" in outcome) return grader.failed(submission, read, `given up by the workers: ${outcome.parked}`);
    return backHome(JSON.stringify(outcome.result), submission, read);
  }

  return {
    report: queue.report,
    read: (submission) => grader.read(submission),
    async grade(submission, signal, known) {
      const read = known ?? (await grader.read(submission));
      if (read.prepared.fault !== undefined) return grader.grade(submission, signal, read);
      try {
        return await send(submission, read, signal);
      } catch (error) {
        if (/ is full\. /.test((error as Error).message)) throw error;
        return grader.failed(submission, read, (error as Error).message);
      }
    },
    forget: (key) => queue.forget(key),
    close: () => queue.close(),
  };
}
