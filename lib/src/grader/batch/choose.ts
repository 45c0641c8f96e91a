import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Grader, Submission } from "../grade.js";

async function receivedAt({ file }: Submission): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Of one learner's notebooks, the newest of each assignment that can be read. */
async function newest(grader: Grader, mine: readonly Submission[]): Promise<Submission[]> {
  const read = await Promise.all(
    mine.map(async (submission) => {
      const read = await grader.read(submission).catch(() => undefined);
      const assignment = read?.assignment ?? submission.assignment ?? "";
      const readable = read !== undefined && read.prepared.fault === undefined;
      return { submission, assignment, time: await receivedAt(submission), readable };
    }),
  );
  const assignments = [...new Set(read.map(({ assignment }) => assignment))];
  return assignments.map((assignment) => {
    const same = read
      .filter((entry) => entry.assignment === assignment)
      .sort((a, b) => Number(b.readable) - Number(a.readable) || b.time - a.time);
    const [{ submission }] = same;
    if (same.length === 1) return submission;
    const names = same.map((entry) => JSON.stringify(basename(entry.submission.file))).join(", ");
    const message = `handed in ${same.length} times: ${names}; the first of these is graded, the newest that can be read`;
    return { ...submission, flags: [...(submission.flags ?? []), { code: "handed-in-again", message }] };
  });
}

/** One submission for each learner and assignment: who handed in twice has the newest graded, with a flag. */
export async function chooseNewest(grader: Grader, submissions: readonly Submission[]): Promise<Submission[]> {
  const byLearner = new Map<string, Submission[]>();
  for (const submission of submissions) {
    const mine = byLearner.get(submission.learner);
    if (mine) mine.push(submission);
    else byLearner.set(submission.learner, [submission]);
  }
  const chosen: Submission[] = [];
  for (const mine of byLearner.values()) chosen.push(...(mine.length === 1 ? mine : await newest(grader, mine)));
  return chosen;
}
