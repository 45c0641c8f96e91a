import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { KeptOutputs } from "../notebook/kept-outputs.js";
import type { Notebook } from "../notebook/notebook-file.js";
import { runNotebook } from "../notebook/run-notebook.js";

export interface ExecuteOptions {
  readonly root: string;
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly log?: (text: string) => void;
}

/**
 * Executed notebooks, by file: from the kept outputs of an earlier run where nothing they depend on has changed, else
 * executed now, two at a time.
 *
 * @throws Error naming the notebook, the cell and the reason, if one does not run to its end
 */
export async function executed(files: readonly string[], options: ExecuteOptions): Promise<Map<string, Notebook>> {
  const { root, jobs = Math.min(2, availableParallelism()), signal, log = () => {} } = options;
  const kept = new KeptOutputs(root);
  const done = new Map(files.map((file) => [file, kept.find(file)]));
  const waiting = files.filter((file) => !done.get(file));
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file && !signal?.aborted; file = waiting.shift()) {
      const { failure, notebook, seconds } = await runNotebook(file, { signal });
      if (signal?.aborted) break;
      if (failure) throw new Error(`${basename(file)}, cell ${failure.cell}: ${failure.reason}`);
      kept.keep(file, notebook);
      done.set(file, notebook);
      log(`${basename(file)}: executed, ${seconds.toFixed(1)} s`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, worker));
  if (signal?.aborted) throw new Error("stopped");
  return done as Map<string, Notebook>;
}
