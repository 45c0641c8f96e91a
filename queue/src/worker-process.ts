/** One worker: a process that does one job at a time, so that a job that ends it takes no other along. */
import { type Job, UnrecoverableError, WaitingError, Worker } from "bullmq";
import type { WorkOptions } from "unrolled/grader/batch/queue-package";
import type { Tier } from "unrolled/grader/result";
import { connect, readAddress } from "./address.js";
import { Duties, Hopeless } from "./duties.js";
import { fitOf, type Identity, misfit, programIdentity } from "./identity.js";
import { keeping, queueName, TRIES } from "./names.js";
import { readPayload } from "./payload.js";

/** What a worker is started with, by the process that looks after it. Not on the command line, which everybody can read. */
export interface Start {
  readonly options: WorkOptions;
  readonly identity: Identity;
}

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "done" | "failed"; readonly line: string }
  | { readonly type: "misfit" };

const tell = (message: FromWorker): void => void process.send?.(message);

/** A job that cannot be done here or anywhere is not tried again; all else is. */
function finalOrNot(error: unknown): unknown {
  const { message } = error as Error;
  return error instanceof Hopeless || error instanceof TypeError ? new UnrecoverableError(message) : error;
}

/** The result of a job: checked as it arrives, done if it is for a machine such as this one, given back if not. */
async function doJob(job: Job, token: string | undefined, worker: Worker, duties: Duties, here: Identity) {
  const start = performance.now();
  try {
    const payload = readPayload(job.data);
    if (payload.fit !== fitOf(payload.kind, here)) {
      await worker.pause(true); // the next job would not fit either
      await job.moveToWait(token);
      tell({ type: "misfit" });
      throw new WaitingError();
    }
    if (payload.key !== job.id) throw new Hopeless("its key is not the one that it lies under");
    const result = await duties.do(payload, job.attemptsMade);
    tell({ type: "done", line: `${payload.kind} ${payload.key.slice(0, 8)}, ${seconds(start)} s` });
    return result;
  } catch (error) {
    if (error instanceof WaitingError) throw error;
    const message = JSON.stringify((error as Error).message.slice(0, 300));
    tell({ type: "failed", line: `${String(job.id).slice(0, 8)} failed: ${message}` });
    throw finalOrNot(error);
  }
}

async function serve({ options, identity }: Start): Promise<void> {
  const { url, name, lockSeconds } = options;
  if (misfit("reproduce", identity, programIdentity())) {
    tell({ type: "misfit" }); // it was updated since the one that looks after it began
    setTimeout(() => process.exit(1), 1000);
    return;
  }
  const duties = new Duties(options, (identity.tier ?? "strict") as Tier);
  const settings = {
    connection: await connect(readAddress(url)),
    concurrency: 1,
    autorun: false,
    lockDuration: lockSeconds * 1000,
    stalledInterval: lockSeconds * 500,
    maxStalledCount: TRIES - 1,
    drainDelay: 2,
    runRetryDelay: 500,
    ...keeping,
  };
  const worker: Worker = new Worker(
    queueName(name),
    (job, token) => doJob(job, token, worker, duties, identity),
    settings,
  );
  worker.on("error", () => {}); // Redis was away, or the job was given to another meanwhile; BullMQ goes on
  let stopping = false;
  process.on("message", async () => {
    if (stopping) return;
    stopping = true;
    await worker.close(); // after the job at hand
    await duties.close();
    process.exit(0);
  });
  tell({ type: "ready" });
  await worker.run();
}

const seconds = (start: number): string => ((performance.now() - start) / 1000).toFixed(1);

process.title = "unrolled worker";
process.on("SIGINT", () => {}).on("SIGTERM", () => {}); // it is told by the process that looks after it
process.on("disconnect", () => process.exit(1)); // which is gone
process.once("message", (start: Start) => {
  serve(start).catch((error) => {
    tell({ type: "failed", line: `a worker could not start: ${(error as Error).message}` });
    process.exit(1);
  });
});
