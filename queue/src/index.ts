/** What `--queue` and `unrolled worker` load, and nothing else does. */
import type { QueueModule } from "unrolled/grader/batch/queue-package";
import { bench } from "./bench.js";
import { queuedGrader } from "./grading.js";
import { queuedRuns } from "./runs.js";
import { work } from "./work.js";

export default { queuedGrader, queuedRuns, work, bench } satisfies QueueModule;
