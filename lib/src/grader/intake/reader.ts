import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Prepared, Request } from "./prepare.js";

type Answer =
  | { readonly prepared: Prepared }
  | { readonly fault: string }
  | { readonly ended: string; readonly file?: Prepared["file"] };

const workerFile = (): string => {
  const beside = fileURLToPath(new URL("worker.js", import.meta.url));
  return existsSync(beside) ? beside : beside.replace("/lib/src/", "/lib/dist/"); // under vitest, the built one
};

const unreadable = (path: string, { ended, file }: Extract<Answer, { ended: string }>): Prepared => ({
  file: file ?? { name: basename(path), sha256: "", bytes: 0 },
  fault: ended,
  flags: [],
  cells: [],
  parts: [],
  problems: [],
  answers: [],
  stubs: [],
});

/** Reads submissions one after the other, in a thread that is replaced when one of them breaks it. */
export class Reader {
  private thread?: Worker;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly seconds = 20) {}

  /** @throws Error if the fault is ours: the pack cannot be read */
  read(request: Request): Promise<Prepared> {
    const turn = this.last.then(() => this.readNow(request));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.thread?.terminate();
    this.thread = undefined;
  }

  private async readNow(request: Request): Promise<Prepared> {
    const answer = await this.ask(request);
    if ("fault" in answer) throw new Error(answer.fault);
    if ("prepared" in answer) return answer.prepared;
    await this.close();
    return unreadable(request.file, answer);
  }

  private ask(request: Request): Promise<Answer> {
    this.thread ??= new Worker(workerFile(), {
      resourceLimits: { maxOldGenerationSizeMb: 800 },
      env: {},
      execArgv: [],
    });
    const { thread } = this;
    thread.ref();
    return new Promise((resolve) => {
      let file: Prepared["file"] | undefined; // known before anything in it can do harm
      const settle = (answer: Answer): void => {
        stop();
        thread.off("message", receive).off("error", broken);
        thread.unref();
        resolve(answer);
      };
      const receive = (message: Answer | { readonly file: Prepared["file"] }): void => {
        if ("file" in message && !("ended" in message)) file = message.file;
        else settle(message);
      };
      const broken = (error: NodeJS.ErrnoException): void => {
        this.thread = undefined;
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
          settle({ ended: "the notebook takes too much memory to read", file });
        else settle({ fault: `the reader stopped: ${error.message}` });
      };
      const stop = this.limit(() => settle({ ended: "the notebook takes too long to read", file }));
      thread.on("message", receive).once("error", broken);
      thread.postMessage(request);
    });
  }

  /** So many seconds, or four times as many while a busy machine keeps this process from computing. */
  private limit(late: () => void): () => void {
    const before = process.cpuUsage();
    let windows = 0;
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1e6 >= 0.5 * this.seconds || ++windows >= 4) late();
    }, this.seconds * 1000);
    return () => clearInterval(timer);
  }
}
