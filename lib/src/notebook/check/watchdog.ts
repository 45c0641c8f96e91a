import { Worker } from "node:worker_threads";

/**
 * What the main thread evaluates while it is paused. Node keeps a stack of asynchronous contexts and aborts if it is
 * not empty once the event loop goes on; an error that the kernel survives empties it.
 */
const LEAVE = `process.listenerCount("uncaughtException") > 0 &&
  process._fatalException?.(Object.assign(new Error("stopped"), { code: "ERR_SCRIPT_EXECUTION_INTERRUPTED" }))`;

/** Time is counted in steps, of which a machine that stood still (a laptop that slept) has missed all but one. */
const STEP_MS = 100;

/**
 * The watching thread. An endless chain of promises never gives the event loop back, so nothing on the main thread can
 * stop it; the inspector, asked from another thread, can.
 */
const WATCH = `
const { parentPort } = require("node:worker_threads");
const { Session } = require("node:inspector");
function stop() {
  const session = new Session();
  session.connectToMainThread();
  session.on("Debugger.paused", () => {
    session.post("Runtime.evaluate", { expression: ${JSON.stringify(LEAVE)} });
    session.post("Runtime.terminateExecution", () => {});
    session.post("Debugger.resume");
    session.post("Debugger.disable", () => session.disconnect());
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}
let timer;
parentPort.on("message", (milliseconds) => {
  clearInterval(timer);
  if (milliseconds === null) return;
  let steps = milliseconds / ${STEP_MS};
  timer = setInterval(() => {
    if (--steps > 0) return;
    clearInterval(timer);
    stop();
  }, ${STEP_MS});
});`;

/** Longer than the time limit of a call, so that a call that can be stopped from inside is. */
const GRACE_MS = 1000;

let watcher: Worker | undefined;

/** Runs what may never give the event loop back; whatever still holds it a second after the limit is stopped. */
export async function watched<T>(milliseconds: number, run: () => Promise<T>): Promise<T> {
  if (!watcher) {
    watcher = new Worker(WATCH, { eval: true, execArgv: [], env: {} });
    watcher.unref();
  }
  watcher.postMessage(milliseconds + GRACE_MS);
  try {
    return await run();
  } finally {
    watcher.postMessage(null);
  }
}
