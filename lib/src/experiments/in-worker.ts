import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { BaseConfig, RunSpec } from "./experiment.js";
import { packageFolder } from "./files.js";
import type { Execute } from "./run-experiment.js";
import type { WorkerMessage, WorkerTask } from "./worker.js";

const workerFile = join(packageFolder, "dist/experiments/worker.js"); // built: a thread cannot load TypeScript

/** Does each run in a thread of its own, which an abort ends at once. */
export function inWorker(experiment: string, config: BaseConfig): Execute<RunSpec, unknown> {
  return (spec, onProgress, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const worker = new Worker(workerFile, { workerData: { experiment, config, spec } satisfies WorkerTask });
      const end = (): void => void worker.terminate();
      signal.addEventListener("abort", end, { once: true });
      worker.on("message", (message: WorkerMessage) =>
        "share" in message ? onProgress(message.share) : resolve(message.outcome),
      );
      worker.on("error", (error: Error) => reject(new Error(`${spec.key}: ${error.message}`, { cause: error })));
      worker.on("exit", () => {
        signal.removeEventListener("abort", end);
        reject(signal.aborted ? signal.reason : new Error(`${spec.key}: the worker ended without a result`));
      });
    });
}
