/** Reads submissions in a thread of its own: one that takes for ever, or all memory, costs the grader nothing. */
import { parentPort } from "node:worker_threads";
import { prepare, type Request } from "./prepare.js";

parentPort?.on("message", async (request: Request) => {
  try {
    parentPort?.postMessage({ prepared: await prepare(request, (file) => parentPort?.postMessage({ file })) });
  } catch (error) {
    parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) });
  }
});
