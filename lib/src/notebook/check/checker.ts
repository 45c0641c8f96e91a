/**
 * The checker: a child of the kernel that holds vitest, the suites and every expected value. It is joined to the kernel
 * by one inherited pipe, asks it to call the learner's functions, and goes when the pipe closes.
 */
import { Socket } from "node:net";
import { Engine } from "../../exercise/engine.js";
import { FrameReader, toFrame } from "../../exercise/frames.js";
import { type Outcome, readOutcome } from "../../exercise/invoke.js";
import { coursePack } from "../../exercise/pack.js";
import type { Caller } from "../../exercise/subject.js";
import { type FromChecker, PIPE, type ToChecker } from "./messages.js";

const pipe = new Socket({ fd: PIPE, readable: true, writable: true });
const pack = coursePack();
const engine = Engine.start(pack);
const waiting = new Map<number, (outcome: Outcome) => void>();
let calls = 0;

/** Reports hold optional fields; undefined does not cross, so it is left out. */
const defined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const send = (message: FromChecker): void => void pipe.write(toFrame(message));

const askKernel: Caller = (name, args) =>
  new Promise((resolve) => {
    const call = calls++;
    waiting.set(call, resolve);
    send({ type: "call", call, name, args: args ?? null });
  });

async function run({ run, exercise }: Extract<ToChecker, { type: "run" }>): Promise<void> {
  try {
    const found = pack.exercises.find(({ id }) => id === exercise);
    if (!found) throw new Error(`no exercise ${exercise}`);
    const [report] = await (await engine).run([found], { caller: askKernel, seed: process.env.UNROLLED_SEED });
    send({ type: "report", run, report: defined(report) });
  } catch (error) {
    send({ type: "fault", run, message: error instanceof Error ? error.message : String(error) });
  }
}

function receive(message: ToChecker): void {
  if (message.type === "run") void run(message);
  if (message.type === "outcome") {
    waiting.get(message.call)?.(readOutcome(message.outcome));
    waiting.delete(message.call);
  }
}

const leave = (): never => process.exit(0);
const reader = new FrameReader();
pipe.on("data", (chunk) => {
  try {
    for (const message of reader.push(chunk)) receive(message as ToChecker);
  } catch {
    leave(); // the kernel starts a new checker
  }
});
pipe.on("close", leave);
pipe.on("error", leave);
const stayAtSigint = (): void => {
  process.removeAllListeners("SIGINT").on("SIGINT", () => {}); // vitest would end the process
};
stayAtSigint(); // the stop button reaches the whole process group; it means the kernel
engine.then(stayAtSigint, () => {}); // a failed start is reported by the run that waits for it
process.title = "unrolled checker";
send({ type: "ready" });
