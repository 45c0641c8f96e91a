import { dirname, resolve } from "node:path";
import type { MimeBundle } from "./bundle.js";
import { KernelClient, KernelDied } from "./client.js";
import { type Cell, type Notebook, OutputRecorder, readNotebook, sourceOf } from "./notebook-file.js";

/** Why a notebook did not run to its end, and where. */
export interface Failure {
  readonly cell: string; // the cell's id
  readonly reason: string;
  readonly traceback: readonly string[];
}

export interface NotebookRun {
  readonly file: string;
  readonly notebook: Notebook; // with its outputs
  readonly failure?: Failure;
  readonly seconds: number;
}

export interface RunOptions {
  /** How long one cell may take, in seconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Called before each code cell, with its number among them. */
  readonly onCell?: (index: number, total: number) => void;
}

/** Executes a notebook from top to bottom in a kernel of its own; stops at the first cell that fails. */
export async function runNotebook(file: string, options: RunOptions = {}): Promise<NotebookRun> {
  const start = performance.now();
  const notebook = readNotebook(file);
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const failure = await withKernel(dirname(resolve(file)), (kernel) => runCells(kernel, cells, options), options);
  return { file, notebook, failure, seconds: (performance.now() - start) / 1000 };
}

async function withKernel(
  directory: string,
  use: (kernel: KernelClient) => Promise<Failure | undefined>,
  { signal }: RunOptions,
): Promise<Failure | undefined> {
  let kernel: KernelClient;
  try {
    kernel = await KernelClient.start({ directory });
  } catch (error) {
    return { cell: "(start)", reason: (error as Error).message, traceback: [] };
  }
  const end = (): void => void kernel.process.kill("SIGKILL");
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  try {
    return await use(kernel);
  } finally {
    signal?.removeEventListener("abort", end);
    await kernel.kill();
  }
}

async function runCells(kernel: KernelClient, cells: Cell[], options: RunOptions): Promise<Failure | undefined> {
  const displays = new Map<string, { data: MimeBundle; metadata: object }[]>();
  for (const [index, cell] of cells.entries()) {
    options.onCell?.(index + 1, cells.length);
    const failure = await runCell(kernel, cell, displays, options);
    if (failure) return { cell: cell.id ?? `code cell ${index + 1}`, ...failure };
  }
  return undefined;
}

async function runCell(
  kernel: KernelClient,
  cell: Cell,
  displays: Map<string, { data: MimeBundle; metadata: object }[]>,
  { timeout = 300 }: RunOptions,
): Promise<Omit<Failure, "cell"> | undefined> {
  const mayFail = cell.metadata.tags?.includes("raises-exception") ?? false;
  const recorder = new OutputRecorder(displays);
  cell.outputs = recorder.outputs;
  let reply: Record<string, unknown>;
  try {
    const onOutput = recorder.add.bind(recorder);
    const asked = kernel.execute(sourceOf(cell), { onOutput, stopOnError: !mayFail });
    reply = await within(timeout, asked);
  } catch (error) {
    if (error instanceof TimeoutError) return { reason: `ran longer than ${timeout} s`, traceback: [sourceOf(cell)] };
    if (error instanceof KernelDied) return { reason: error.message, traceback: [sourceOf(cell)] };
    throw error;
  }
  cell.execution_count = (reply.execution_count as number | undefined) ?? null;
  const error = recorder.outputs.find((output) => output.output_type === "error");
  if (mayFail || (reply.status === "ok" && !error)) return undefined;
  const reason = error ? `${error.ename}: ${error.evalue}` : `the kernel answered "${reply.status}"`;
  return { reason, traceback: error?.traceback ?? [] };
}

class TimeoutError extends Error {}

async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError()), seconds * 1000);
  });
  promise.catch(() => {}); // after a timeout the kernel is killed, which rejects it
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
