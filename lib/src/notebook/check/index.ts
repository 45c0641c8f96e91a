import { basename } from "node:path";
import { coursePack } from "../../exercise/pack.js";
import type { ExerciseReport } from "../../exercise/report.js";
import type { MimeBundle } from "../bundle.js";
import { inKernel, publish } from "../publish.js";
import { type Answers, Checker } from "./client.js";
import { recordProgress } from "./course-progress.js";
import { Printed } from "./printed.js";
import { readRequest } from "./request.js";
import { unsaved } from "./saved.js";
import { lineBundle, reportBundle } from "./table.js";

export { type Answers, Checker, type CheckerOptions } from "./client.js";

const checker = new Checker();

/**
 * What a check shows: the table of its report, or one line on why there is none. Never throws.
 * @param record is told the report
 */
export async function checkBundle(
  by: Checker,
  id: unknown,
  answers: unknown,
  record: (report: ExerciseReport) => void = () => {},
): Promise<MimeBundle> {
  try {
    const request = readRequest(coursePack().exercises, id, answers);
    if ("misuse" in request) return lineBundle(request.misuse);
    const { exercise } = request;
    const printed = new Printed();
    let hidden: string | undefined;
    let report: ExerciseReport;
    try {
      report = await by.check(exercise.id, request.answers);
    } finally {
      hidden = printed.end();
    }
    record(report);
    const notes = unsaved(exercise).map(
      (name) =>
        `the ${name} that ran is not the one in the saved notebook. Save it (Ctrl+S): the file is what a course grades.`,
    );
    if (hidden) notes.push(hidden);
    return reportBundle(report, report.state === "not-started" ? [] : notes);
  } catch (error) {
    return lineBundle(`check: ${error instanceof Error ? error.message : String(error)}. Run the check again.`);
  }
}

/**
 * Checks an exercise against the code that runs in this notebook, and shows what passed, what did not, and which slip
 * it looks like: `await check("05.3", { lstmStep })`. The checks run in a process of their own, which stays warm.
 */
export async function check(id: string, answers?: Answers): Promise<void> {
  const own = inKernel() && basename(process.cwd()) !== "solutions"; // a master's own run is nobody's progress
  const bundle = await checkBundle(checker, id, answers, own ? recordProgress : undefined);
  if (!publish(bundle)) console.log(bundle["text/plain"]);
}

// A notebook of exercises will need the checker: start it once the cell that imports us is done.
if (inKernel() && ["exercises", "solutions"].includes(basename(process.cwd()))) {
  setTimeout(() => checker.warm(), 100).unref();
}
