import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { KeptOutputs } from "../notebook/kept-outputs.js";
import { writeNotebook } from "../notebook/notebook-file.js";
import { type NotebookRun, runNotebook } from "../notebook/run-notebook.js";

const USAGE = `usage: npm run notebooks [-- [options] [files or folders]]
Executes notebooks from top to bottom, each in a kernel of its own. Without files: all lessons and all solutions.
  --jobs <n>         notebooks at a time (default: 2, or 1 on one core)
  --timeout <s>      seconds that one cell may take (default: 300)
  --write            write the outputs into the files`;

interface Settings {
  readonly files: string[];
  readonly jobs: number;
  readonly timeout: number;
  readonly write: boolean;
  readonly root: string;
}

/** `npm run notebooks`: every notebook must run to its end. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args, root);
  } catch (error) {
    console.error(`notebooks: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const start = performance.now();
  const runs = await runAll(settings, stop.signal);
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  const failed = runs.filter((run) => run.failure).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${runs.length - failed} of ${settings.files.length} notebooks ran to their end in ${seconds} s`);
  if (stop.signal.aborted) console.log("stopped");
  return failed || stop.signal.aborted ? 1 : 0;
}

function readSettings(args: string[], root: string): Settings {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      jobs: { type: "string", default: String(Math.min(2, availableParallelism())) },
      timeout: { type: "string", default: "300" },
      write: { type: "boolean", default: false },
    },
  });
  const named = positionals.length
    ? positionals.map((file) => resolve(file))
    : ["notebooks", "solutions"].map((folder) => join(root, folder));
  const files = named.flatMap(notebooksIn);
  const jobs = positiveInteger("--jobs", values.jobs);
  return { files, jobs, timeout: positiveInteger("--timeout", values.timeout), write: values.write, root };
}

function notebooksIn(path: string): string[] {
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  if (path.endsWith(".ipynb")) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => join(path, name));
}

function positiveInteger(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a positive integer, got ${text}`);
  return value;
}

async function runAll({ files, jobs, timeout, write, root }: Settings, signal: AbortSignal): Promise<NotebookRun[]> {
  const waiting = [...files];
  const kept = new KeptOutputs(root);
  const runs: NotebookRun[] = [];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file && !signal.aborted; file = waiting.shift()) {
      const name = relative(root, file);
      const run = await runNotebook(file, {
        timeout,
        signal,
        onCell: (at, of) => progress(`${name}: cell ${at} of ${of}`),
      });
      progress("");
      runs.push(run);
      if (write && !run.failure) writeNotebook(file, run.notebook);
      if (!run.failure && dirname(file) === join(root, "notebooks")) kept.keep(file, run.notebook);
      if (!signal.aborted) report(name, run);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, files.length) }, worker));
  return runs;
}

function report(name: string, { failure, seconds }: NotebookRun): void {
  console.log(`${failure ? "FAIL" : "ok  "} ${name}  ${seconds.toFixed(1)} s`);
  if (!failure) return;
  console.log(`     cell ${failure.cell}: ${failure.reason}`);
  for (const line of failure.traceback.flatMap((text) => text.split("\n"))) console.log(`     ${line}`);
}

/** One line that is written over, where a person is watching. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
