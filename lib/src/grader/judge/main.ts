/**
 * A judge: the process that holds vitest, the suites and every expected value for one run over one submission. It starts
 * the sandbox, and gives its report to the grader that started it. It ends when that one's pipe closes.
 */
import { Socket } from "node:net";
import { Engine } from "../../exercise/engine.js";
import { FrameReader, toFrame } from "../../exercise/frames.js";
import { readPack } from "../../exercise/pack.js";
import type { ExerciseReport } from "../../exercise/report.js";
import { assemble } from "../runner/program.js";
import type { CellProblem } from "../runner/protocol.js";
import { SandboxCaller } from "../sandbox/caller.js";
import { type Alone, type FromJudge, type JudgeJob, PIPE } from "./job.js";

const pipe = new Socket({ fd: PIPE, readable: true, writable: true });

/** Reports hold optional fields; undefined does not cross, so it is left out. */
const defined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const send = (message: FromJudge): boolean => pipe.write(toFrame(defined(message)));

let granted: () => void = () => {};

/** Asks the grader for the machine: nothing else is graded until `run` has ended. */
async function alone<T>(run: () => Promise<T>): Promise<T> {
  const turn = new Promise<void>((resolve) => {
    granted = resolve;
  });
  send({ type: "wants-alone" });
  await turn;
  try {
    return await run();
  } finally {
    send({ type: "done-alone" });
  }
}

async function judge(job: JudgeJob): Promise<FromJudge> {
  const pack = readPack(job.masters, job.suites);
  const engine = await Engine.start(pack, { ahead: false });
  const exercises: ExerciseReport[] = [];
  const problems = new Map<number, CellProblem>(job.problems.map((problem) => [problem.cell, problem]));
  for (const group of job.groups) {
    const sandbox = new SandboxCaller({
      command: group.command,
      limits: job.limits,
      program: (without) => assemble(job.parts, job.exports, without),
      exports: job.exports,
      problems: job.problems,
      alone,
      placeOf: (cell) => `cell ${job.cellIds[cell] ?? cell}`,
    });
    try {
      const wanted = pack.exercises.filter(({ id }) => group.exercises.includes(id));
      exercises.push(...(await engine.run(wanted, { caller: sandbox.call, seed: job.seed })));
    } finally {
      sandbox.close();
    }
    if (sandbox.fault) throw new Error(sandbox.fault);
    for (const [cell, problem] of sandbox.problems) problems.set(cell, problem);
  }
  return { type: "report", exercises, problems: [...problems.values()] };
}

async function finish(job: JudgeJob): Promise<void> {
  const fault = (error: unknown): FromJudge => ({
    type: "fault",
    message: error instanceof Error ? error.message : String(error),
  });
  const answer = await judge(job).catch(fault);
  pipe.end(toFrame(defined(answer)), () => process.exit(0));
}

const reader = new FrameReader();
pipe.on("data", (chunk) => {
  for (const message of reader.push(chunk) as (JudgeJob | Alone)[]) {
    if ("type" in message) granted();
    else finish(message);
  }
});
pipe.on("close", () => process.exit(0)).on("error", () => process.exit(1));
process.title = "unrolled judge";
