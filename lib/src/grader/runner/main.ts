/**
 * The untrusted side: learner's code runs in this process. It gets the program and the calls as frames and sends answers
 * back. Nothing here is a defence; the sandbox around it is, and the trusted side believes no byte that comes out.
 * What the honest need is kept out of reach of a patched prototype: the functions below are bound before learner's code.
 */
import { Socket } from "node:net";
import { FrameReader, toFrame } from "../../exercise/frames.js";
import { invoke } from "../../exercise/invoke.js";
import type { CellProblem, FromRunner, ToRunner } from "./protocol.js";

/** What an import of a module gives. Names that are not allowed are there, and refuse to be used. */
type ImportFrom = (module: string) => unknown;

/** Runs one cell; an error ends this cell, not the notebook. */
type RunCell = (cell: number, body: () => Promise<void>) => Promise<void>;
type Program = (runCell: RunCell, importFrom: ImportFrom) => Promise<Record<string, () => unknown>>;

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Program;

export const describe = (error: unknown): string => {
  try {
    const { name, message } = error as Error;
    return typeof message === "string" ? `${String(name)}: ${message}`.slice(0, 300) : "an error that is not an Error";
  } catch {
    return "an error that cannot be read";
  }
};

async function load(
  program: string,
  importFrom: ImportFrom,
  send: (message: FromRunner) => void,
): Promise<Record<string, () => unknown>> {
  const problems: CellProblem[] = [];
  const runCell: RunCell = async (cell, body) => {
    send({ type: "cell", cell });
    try {
      await body();
    } catch (error) {
      problems.push({ cell, message: describe(error) });
    }
  };
  const exported = await new AsyncFunction("$unrolledCell", "$unrolledImport", program)(runCell, importFrom);
  send({ type: "loaded", problems });
  return exported;
}

/** Serves one notebook until the pipe closes. */
export function serve(importFrom: ImportFrom, [input, output]: readonly [number, number]): void {
  const incoming = new Socket({ fd: input, readable: true, writable: input === output });
  const outgoing = input === output ? incoming : new Socket({ fd: output, readable: false, writable: true });
  const write = outgoing.write.bind(outgoing);
  const silent = (_text: unknown, ...rest: unknown[]): boolean => {
    const done = rest.at(-1);
    if (typeof done === "function") process.nextTick(done as () => void);
    return true;
  };
  process.stdout.write = silent as typeof process.stdout.write; // where frames share standard output
  process.stderr.write = silent as typeof process.stderr.write;
  const leave = process.exit.bind(process);
  process.on("uncaughtException", () => {}).on("unhandledRejection", () => {}); // a kernel survives them too

  const send = (message: FromRunner): void => void write(toFrame(message));
  let exported: Record<string, () => unknown> = {};

  async function call({ call, name, args }: Extract<ToRunner, { type: "call" }>): Promise<void> {
    const read = Object.hasOwn(exported, name) ? exported[name] : undefined;
    // no limit here: the trusted side measures, and ends the process
    const outcome = await invoke(read?.(), name, args ?? undefined, Number.POSITIVE_INFINITY);
    try {
      send({ type: "answer", call, outcome });
    } catch (error) {
      const message = `${name}: ${describe(error)}`;
      send({ type: "answer", call, outcome: { problem: { kind: "unreadable", message } } });
    }
  }

  async function receive(message: ToRunner): Promise<void> {
    if (message.type === "load") exported = await load(message.program, importFrom, send);
    else await call(message);
  }

  const reader = new FrameReader();
  incoming.on("data", (chunk) => {
    for (const message of reader.push(chunk)) void receive(message as ToRunner);
  });
  send({ type: "ready" });
  incoming.on("close", () => leave(0)).on("error", () => leave(1));
}
