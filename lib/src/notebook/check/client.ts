import { AsyncResource } from "node:async_hooks";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { FrameReader, toFrame } from "../../exercise/frames.js";
import { invoke, type Outcome } from "../../exercise/invoke.js";
import { courseRoot } from "../../exercise/pack.js";
import type { ExerciseReport } from "../../exercise/report.js";
import { type FromChecker, PIPE, type ToChecker } from "./messages.js";
import { watched } from "./watchdog.js";

/** The learner's functions and values, by the names that the exercise asks for. */
export type Answers = Readonly<Record<string, unknown>>;

export interface CheckerOptions {
  /** How long one call into the learner's code may take. */
  readonly callMilliseconds?: number;
  /** What the inputs are drawn from; the seed of the checks in notebooks unless told. */
  readonly seed?: string;
}

interface Run {
  readonly answers: Answers;
  /** Calls in the context of the cell that asked for the check: what the answer prints belongs to that cell. */
  readonly inCell: <T>(call: () => T) => T;
  readonly resolve: (report: ExerciseReport) => void;
  readonly reject: (error: Error) => void;
}

/** The built checker; from lib/src, under vitest, it is the one in lib/dist. */
function checkerFile(): string {
  const beside = fileURLToPath(new URL("checker.js", import.meta.url));
  return existsSync(beside) ? beside : `${courseRoot()}lib/dist/notebook/check/checker.js`;
}

/** What the child inherits: not a test runner's variables, nor flags meant for the kernel. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_OPTIONS$|NODE_ENV$|TEST$|VITE_)/.test(name),
  );
  return Object.fromEntries(kept);
}

/** The kernel's end of a checker: starts it when first needed, keeps it warm, and starts another if it ends. */
export class Checker {
  private child?: ChildProcess;
  private pipe?: Socket;
  private readonly runs = new Map<number, Run>();
  private lastRun = 0;
  private errors = "";

  constructor(private readonly options: CheckerOptions = {}) {}

  /** The process id, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the child, so that the first check need not wait for it. */
  warm(): void {
    if (this.child) return;
    const child = spawn(process.execPath, [checkerFile()], {
      cwd: courseRoot(),
      env: { ...childEnvironment(), ...(this.options.seed !== undefined && { UNROLLED_SEED: this.options.seed }) },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    const pipe = child.stdio[PIPE] as Socket;
    const errors = child.stderr as unknown as Socket;
    this.child = child;
    this.pipe = pipe;
    this.errors = "";
    errors.on("data", (text) => {
      this.errors = (this.errors + String(text)).slice(-2000);
    });
    const reader = new FrameReader();
    pipe.on("data", (chunk) => {
      for (const message of reader.push(chunk)) this.receive(message as FromChecker);
    });
    const gone = (): void => this.gone(child);
    child.once("error", gone).once("exit", gone);
    pipe.on("error", () => {}); // the exit that follows says it
    this.release();
  }

  /** Checks one exercise. The learner's code is called here, in the kernel. */
  check(exercise: string, answers: Answers): Promise<ExerciseReport> {
    this.warm();
    const run = ++this.lastRun;
    this.hold();
    return new Promise((resolve, reject) => {
      const inCell = AsyncResource.bind(<T>(call: () => T): T => call());
      this.runs.set(run, { answers, inCell, resolve, reject });
      this.send({ type: "run", run, exercise });
    });
  }

  /** Ends the child. */
  close(): void {
    this.pipe?.destroy();
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  private send(message: ToChecker): void {
    this.pipe?.write(toFrame(message));
  }

  private receive(message: FromChecker): void {
    if (message.type === "call") void this.answer(message);
    if (message.type === "report") this.settle(message.run, (run) => run.resolve(message.report));
    if (message.type === "fault") this.settle(message.run, (run) => run.reject(new Error(message.message)));
  }

  /** Runs go one after the other, in the order they were asked for: a call belongs to the oldest. */
  private async answer({ call, name, args }: Extract<FromChecker, { type: "call" }>): Promise<void> {
    const [run] = this.runs.values();
    const { callMilliseconds = 5000 } = this.options;
    if (!run) return;
    const outcome = await watched(callMilliseconds, () =>
      run.inCell(() => invoke(run.answers[name], name, args ?? undefined, callMilliseconds)),
    );
    try {
      this.send({ type: "outcome", call, outcome });
    } catch (error) {
      const problem: Outcome = { problem: { kind: "unreadable", message: `${name}: ${(error as Error).message}` } };
      this.send({ type: "outcome", call, outcome: problem });
    }
  }

  private settle(id: number, end: (run: Run) => void): void {
    const run = this.runs.get(id);
    this.runs.delete(id);
    if (this.runs.size === 0) this.release();
    if (run) end(run);
  }

  private gone(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = undefined;
    const reason = this.errors.trim().split("\n").at(-1);
    for (const id of [...this.runs.keys()]) {
      this.settle(id, (run) => run.reject(new Error(`the checker stopped${reason ? `: ${reason}` : ""}`)));
    }
  }

  /** Between checks nothing of the child keeps the kernel's process alive. */
  private release(): void {
    this.child?.unref();
    this.pipe?.unref();
    (this.child?.stderr as unknown as Socket | undefined)?.unref();
  }

  private hold(): void {
    this.child?.ref();
    this.pipe?.ref();
  }
}
