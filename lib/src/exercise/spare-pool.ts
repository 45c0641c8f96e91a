import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PoolRunnerInitializer } from "vitest/node";

/**
 * vitest's threads, with one started ahead: a run takes the spare thread, which has loaded vitest already, and the next
 * spare starts when the run is over. Every run still has a fresh thread. A process that runs once needs no spare.
 */
export function sparePool(ahead: boolean): PoolRunnerInitializer {
  let spare: Worker | undefined;
  return {
    name: "spare threads",
    createPoolWorker({ distPath, env, execArgv }) {
      const entry = join(distPath, "workers/threads.js");
      const startThread = (): Worker => new Worker(entry, { env, execArgv, stdout: true, stderr: true });
      const thread = spare ?? startThread();
      spare = undefined;
      return {
        name: "spare threads",
        on: (event, listen) => void thread.on(event, listen),
        off: (event, listen) => void thread.off(event, listen),
        send: (message) => thread.postMessage(message),
        deserialize: (data) => data,
        start: async () => thread.ref(),
        async stop() {
          await thread.terminate();
          if (!ahead) return;
          spare ??= startThread();
          spare.unref();
        },
      };
    },
  };
}
