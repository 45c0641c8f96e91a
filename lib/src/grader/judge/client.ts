import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { FrameReader, toFrame } from "../../exercise/frames.js";
import { courseRoot } from "../../exercise/pack.js";
import type { Quiet } from "../batch/quiet.js";
import { type Alone, type FromJudge, type JudgeJob, PIPE } from "./job.js";

/** A fault of ours: the machine, the pack, a bug. Never the learner's, so never a zero. */
export class GraderFault extends Error {
  override readonly name = "GraderFault";
}

type Report = Extract<FromJudge, { type: "report" }>;

/** Beyond any honest run: a judge that takes longer is stuck. */
const MOST_SECONDS = 900;

function judgeFile(): string {
  const beside = fileURLToPath(new URL("main.js", import.meta.url));
  return existsSync(beside) ? beside : beside.replace("/lib/src/", "/lib/dist/"); // under vitest, the built one
}

/** What a judge inherits: enough to find itself, nothing that a test runner or a shell set. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TMPDIR: process.env.TMPDIR,
});

/**
 * Runs one job in a judge of its own; what it prints is thrown away.
 * @throws GraderFault if it ends without a report
 */
export function judge(job: JudgeJob, quiet: Quiet, signal?: AbortSignal): Promise<Report> {
  return quiet.together(() => judgeNow(job, quiet, signal));
}

function judgeNow(job: JudgeJob, quiet: Quiet, signal?: AbortSignal): Promise<Report> {
  const child = spawn(process.execPath, ["--max-old-space-size=1500", judgeFile()], {
    cwd: courseRoot(),
    env: environment(),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const pipe = child.stdio[PIPE] as Duplex;
  return new Promise((resolve, reject) => {
    let errors = "";
    let answer: FromJudge | undefined;
    const reader = new FrameReader({ maxBytes: 64 * 2 ** 20, maxDepth: 64, maxValues: 10_000_000 });
    const kill = (): void => void child.kill("SIGKILL");
    let endAlone = (): void => {};
    const leaveAlone = (): void => {
      const over = new Promise<void>((end) => {
        endAlone = end;
      });
      void quiet.byItself(() => {
        pipe.write(toFrame({ type: "alone" } satisfies Alone));
        return over;
      });
    };
    const timer = setTimeout(kill, MOST_SECONDS * 1000);
    signal?.addEventListener("abort", kill, { once: true });
    child.stderr?.on("data", (text) => {
      errors = (errors + String(text)).slice(-2000);
    });
    pipe
      .on("error", () => {})
      .on("data", (chunk: Buffer) => {
        for (const message of reader.push(chunk) as FromJudge[]) {
          if (message.type === "wants-alone") leaveAlone();
          else if (message.type === "done-alone") endAlone();
          else answer = message;
        }
      });
    const done = (): void => {
      clearTimeout(timer);
      endAlone();
      signal?.removeEventListener("abort", kill);
      pipe.destroy();
      if (answer?.type === "report") resolve(answer);
      else if (answer?.type === "fault") reject(new GraderFault(answer.message));
      else
        reject(
          new GraderFault(`a judge ended without a report: ${errors.trim().split("\n").at(-1) || "no reason given"}`),
        );
    };
    child.once("error", done).once("close", done);
    pipe.write(toFrame(job));
  });
}
