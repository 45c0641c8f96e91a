import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import type { Duplex, Readable, Writable } from "node:stream";
import { defaultFrameLimits, type FrameLimits, FrameReader, toFrame } from "../../exercise/frames.js";
import type { CellProblem, FromRunner, ToRunner } from "../runner/protocol.js";
import type { Command } from "./command.js";
import { cpuSeconds } from "./cpu.js";

/** What a learner's answer may be: well above any exercise's, well below what it costs to read. */
export const answerLimits: FrameLimits = { ...defaultFrameLimits, maxBytes: 4 * 2 ** 20, maxValues: 200_000 };

/** How a request to the runner ended without an answer. */
export type Ending =
  | { readonly why: "exited"; readonly message: string }
  | { readonly why: "garbled"; readonly message: string }
  | {
      readonly why: "silent";
      readonly message: string /** It computed all the while: not waited, not starved. */;
      readonly certain: boolean;
    };

export type Reply<T> = { readonly reply: T } | { readonly ending: Ending };

const START_SECONDS = 30;
/** A call that is back by then costs no look at the process: that takes longer than most calls. */
const NOTICED_MS = 50;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function readProblems(value: unknown): CellProblem[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, 1000)
    .filter(isRecord)
    .map(({ cell, message }) => ({
      cell: Number(cell),
      message: typeof message === "string" ? message.slice(0, 300) : "stopped with an error",
    }));
}

/** One sandboxed process. One request at a time; after an ending it is gone. */
export class Session {
  private readonly child: ChildProcess;
  private readonly input: Writable;
  private settle?: (reply: Reply<FromRunner>) => void;
  private expects: (message: FromRunner) => boolean = () => false;
  private ended?: Ending;
  /** The cell that the runner says it is in. */
  cell = -1;

  constructor(private readonly command: Command) {
    const {
      file,
      args,
      descriptors: [input, output],
    } = command;
    const stdio =
      input === output ? (["ignore", "ignore", "ignore", "pipe"] as const) : (["pipe", "pipe", "ignore"] as const);
    this.child = spawn(file, [...args], { stdio: [...stdio], env: {}, cwd: "/", detached: true });
    this.input = this.child.stdio[input] as Duplex;
    const reader = new FrameReader(answerLimits);
    (this.child.stdio[output] as Readable)
      .on("data", (chunk: Buffer) => this.read(reader, chunk))
      .on("error", () => {});
    this.input.on("error", () => {}); // the exit that follows says it
    this.child.once("error", (error) => this.end({ why: "exited", message: `could not start: ${error.message}` }));
    this.child.once("close", (code, signal) => this.end({ why: "exited", message: exitMessage(code, signal) }));
  }

  get alive(): boolean {
    return this.ended === undefined;
  }

  /** Waits for the process to stand, before it knows any of the learner's code. What goes wrong until then is our fault. */
  async started(): Promise<Ending | undefined> {
    const reply = await this.ask(undefined, ({ type }) => type === "ready", START_SECONDS);
    return "ending" in reply ? reply.ending : undefined;
  }

  async load(program: string, exports: readonly string[], seconds: number): Promise<Reply<CellProblem[]>> {
    const message: ToRunner = { type: "load", program, exports };
    const reply = await this.ask(message, ({ type }) => type === "loaded", seconds);
    return "reply" in reply ? { reply: readProblems((reply.reply as { problems?: unknown }).problems) } : reply;
  }

  async call(name: string, args: readonly unknown[] | undefined, seconds: number): Promise<Reply<unknown>> {
    const call = randomInt(2 ** 48 - 1); // not to be guessed: answers sent ahead end the session, and hurt no later call
    const message: ToRunner = { type: "call", call, name, args: args ?? null };
    const reply = await this.ask(message, (answer) => answer.type === "answer" && answer.call === call, seconds);
    return "reply" in reply ? { reply: (reply.reply as { outcome?: unknown }).outcome } : reply;
  }

  /** Ends the process and everything below it. */
  kill(): void {
    this.end({ why: "exited", message: "was ended" });
  }

  private read(reader: FrameReader, chunk: Buffer): void {
    if (!this.alive) return;
    try {
      for (const message of reader.push(chunk)) this.receive(message);
    } catch {
      this.end({ why: "garbled", message: "sent bytes that are no answer" });
    }
  }

  private receive(message: unknown): void {
    if (!isRecord(message)) throw new TypeError("not a message");
    if (message.type === "cell" && Number.isInteger(message.cell)) this.cell = message.cell as number;
    else if (this.settle && this.expects(message as unknown as FromRunner))
      this.settle({ reply: message as unknown as FromRunner });
    else throw new TypeError("an answer to no question");
  }

  private end(ending: Ending): void {
    if (this.ended) return;
    this.ended = ending;
    for (const stream of this.child.stdio) stream?.destroy();
    const { pid } = this.child;
    try {
      if (pid) process.kill(-pid, "SIGKILL");
    } catch {
      this.child.kill("SIGKILL"); // no group of its own any more
    }
    const [sweeper, ...rest] = this.command.sweep ?? [];
    if (sweeper) spawnSync(sweeper, rest, { env: {}, stdio: "ignore", timeout: 20_000 });
    this.settle?.({ ending });
  }

  private ask(
    message: ToRunner | undefined,
    expects: (message: FromRunner) => boolean,
    seconds: number,
  ): Promise<Reply<FromRunner>> {
    if (this.ended) return Promise.resolve({ ending: this.ended });
    return new Promise((resolve) => {
      const stop = this.limit(seconds);
      this.expects = expects;
      this.settle = (reply) => {
        stop();
        this.settle = undefined;
        resolve(reply);
      };
      if (message) this.input.write(toFrame(message));
    });
  }

  /**
   * Ends the process when it has computed for so many seconds. One that neither computes nor answers ends as well, and
   * so does one that a busy machine keeps from computing for four times as long; both of these are not certain.
   */
  private limit(seconds: number): () => void {
    let timer: NodeJS.Timeout;
    const watch = (): void => {
      const before = this.cpu() ?? 0;
      let windows = 0;
      let last = before;
      timer = setInterval(() => {
        const now = this.cpu();
        const used = (now ?? 0) - before;
        const idle = now === undefined || now - last < 0.05 * seconds;
        last = now ?? 0;
        const certain = used >= 0.8 * seconds;
        if (certain || idle || ++windows >= 4)
          this.end({ why: "silent", message: `did not return within ${seconds} s`, certain });
      }, seconds * 1000);
    };
    timer = setTimeout(watch, NOTICED_MS);
    return () => clearTimeout(timer);
  }

  private cpu(): number | undefined {
    return this.child.pid === undefined ? undefined : cpuSeconds(this.child.pid);
  }
}

function exitMessage(code: number | null, signal: NodeJS.Signals | null): string {
  const number = signal === "SIGXCPU" ? "its CPU time was used up" : (signal ?? `exit code ${code}`);
  return `ended the process (${number})`;
}
