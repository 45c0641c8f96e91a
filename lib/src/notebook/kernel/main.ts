#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import type { Connection } from "../wire.js";
import { KernelServer } from "./server.js";
import { Session } from "./session.js";

/** Sends what is printed, by whichever stream, to the cell whose code printed it. */
function captureOutput(session: Session): void {
  for (const name of ["stdout", "stderr"] as const) {
    const direct = process[name].write.bind(process[name]) as (text: string) => boolean;
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      if (session.current) session.current.write(name, text);
      else direct(text);
      const done = rest.at(-1);
      if (typeof done === "function") queueMicrotask(() => done());
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}

/** tslab's display functions, and `publish`, write through this variable of tslab's. */
function captureDisplays(session: Session): void {
  const tslab = createRequire(import.meta.url)("tslab/dist/jupyter.js") as { lastWriteDisplayData: unknown };
  tslab.lastWriteDisplayData = (content: Record<string, unknown>, update: boolean) =>
    session.current?.publish(update ? "update_display_data" : "display_data", content);
}

/** What code in cells may rely on: see the README of the notebook folder. */
function publishHooks(session: Session): void {
  const shared = globalThis as Record<symbol, unknown>;
  shared[Symbol.for("kernel.interrupts")] = session.interrupts;
  shared[Symbol.for("unrolled.cells")] = session.recorded;
}

/** A learner's slip outside any cell must be seen, and must not take the session's variables with it. */
function surviveErrors(session: Session): void {
  process.on("uncaughtException", (error) => session.reportLate(error));
  process.on("unhandledRejection", (reason) => session.reportLate(reason));
  process.on("SIGINT", () => session.interrupt());
  process.on("exit", (code) => {
    session.current?.write("stderr", `The kernel ended (process.exit, code ${code}); its variables are gone.\n`);
    session.current?.flush();
  });
}

/** Ends when whoever started the kernel is gone: nobody could reach it any more. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent || !isAlive(parent)) process.exit(1);
  }, 2000).unref();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const { values } = parseArgs({ options: { "config-path": { type: "string" } } });
const file = values["config-path"];
if (!file) {
  console.error("usage: main.js --config-path <connection file>   (Jupyter starts this; see `npm start`)");
  process.exit(2);
}
const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
const session = new Session(process.cwd());
captureOutput(session);
captureDisplays(session);
publishHooks(session);
surviveErrors(session);
endWithParent();
const server = new KernelServer({
  connection,
  session,
  shutDown: () => {
    process.removeAllListeners("exit");
    setTimeout(() => process.exit(0), 100); // the reply goes out first
  },
});
await server.listen();
