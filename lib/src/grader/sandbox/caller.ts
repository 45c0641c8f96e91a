import { type Outcome, type Problem, readOutcome } from "../../exercise/invoke.js";
import type { Caller } from "../../exercise/subject.js";
import type { CellProblem } from "../runner/protocol.js";
import type { Command, Limits } from "./command.js";
import { type Ending, type Reply, Session } from "./session.js";

export interface Sandboxed {
  readonly command: Command;
  readonly limits: Limits;
  /** The program without some of its cells. */
  readonly program: (without: ReadonlySet<number>) => string;
  readonly exports: readonly string[];
  /** Cells that are left out before anything runs. */
  readonly problems: readonly CellProblem[];
  /** Where a cell is in the notebook, in words. */
  readonly placeOf: (cell: number) => string;
  /** Waits until nothing else computes: a timeout is confirmed by a second try alone. */
  readonly alone?: <T>(run: () => Promise<T>) => Promise<T>;
}

/** How often a process is started again before the rest of the calls fail at once. */
const MOST_STARTS = 12;
const MOST_DEATHS = 2;

const problemOf = (name: string, { why, message }: Ending): Problem => ({
  kind: why === "silent" ? "timeout" : why === "garbled" ? "unreadable" : "threw",
  message: `${name} ${message}`,
});

/**
 * The way to learner's code in a sandbox. A process that ends, hangs or sends garbage costs the call it was asked; the
 * next call gets a fresh one. A cell that keeps the notebook from being read in is left out, and the rest is tried.
 */
export class SandboxCaller {
  private session?: Session;
  private starts = 0;
  private readonly deaths = new Map<string, { count: number; problem: Problem }>();
  private readonly left = new Set<number>();
  /** Why nothing of the learner's could run: not their fault, so no verdict. */
  fault?: string;
  /** Cells that stopped, with the reason. */
  readonly problems: Map<number, CellProblem>;

  constructor(private readonly sandboxed: Sandboxed) {
    this.problems = new Map(sandboxed.problems.map((problem) => [problem.cell, problem]));
  }

  readonly call: Caller = async (name, args): Promise<Outcome> => {
    const known = this.deaths.get(name);
    if (known && (known.count >= MOST_DEATHS || known.problem.kind === "timeout"))
      return { problem: { ...known.problem, message: `not tried: ${known.problem.message} in an earlier check` } };
    const reply = await this.confirmed(() => this.tryCall(name, args));
    if ("reply" in reply) return this.explained(name, readOutcome(reply.reply));
    const problem = problemOf(name, reply.ending);
    this.deaths.set(name, { count: (known?.count ?? 0) + 1, problem });
    return { problem };
  };

  close(): void {
    this.session?.kill();
  }

  /** A timeout without the CPU time to show for it may be the machine's fault: it is tried once more, alone. */
  private async confirmed<T>(attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const first = await attempt();
    if ("reply" in first || first.ending.why !== "silent" || first.ending.certain) return first;
    const { alone = (run) => run() } = this.sandboxed;
    return alone(attempt);
  }

  private async tryCall(name: string, args: readonly unknown[] | undefined): Promise<Reply<unknown>> {
    const ready = await this.ready();
    if ("ending" in ready) return ready;
    return ready.reply.call(name, args, this.sandboxed.limits.callSeconds);
  }

  /** A process with the notebook read in. A cell that makes that impossible is left out of the next try. */
  private async ready(): Promise<Reply<Session>> {
    if (this.session?.alive) return { reply: this.session };
    for (;;) {
      const started = await this.confirmed(() => this.start());
      if ("reply" in started) return started;
      const { ending } = started;
      const cell = this.session?.cell ?? -1;
      if (cell < 0 || this.left.has(cell) || this.left.size >= 3 || this.starts >= MOST_STARTS)
        return { ending: { why: "exited", message: `could not be called: the notebook ${ending.message}` } };
      this.left.add(cell);
      this.problems.set(cell, { cell, message: ending.message });
    }
  }

  private async start(): Promise<Reply<Session>> {
    if (this.starts++ >= MOST_STARTS) return { ending: { why: "exited", message: "ended its process too often" } };
    const { command, limits, program, exports } = this.sandboxed;
    const session = new Session(command);
    this.session = session;
    const failed = await session.started();
    if (failed) {
      this.fault = `the sandbox does not start: it ${failed.message}`;
      return { ending: { ...failed, why: "exited" } };
    }
    const loaded = await session.load(program(this.left), exports, limits.callSeconds);
    if ("ending" in loaded) return loaded;
    for (const problem of loaded.reply) this.problems.set(problem.cell, problem);
    return { reply: session };
  }

  /** A name that is missing because its cell stopped: say that, not that it is missing. */
  private explained(name: string, outcome: Outcome): Outcome {
    if (!("problem" in outcome) || outcome.problem.kind !== "missing") return outcome;
    const reasons = [...this.problems.values()].map(
      ({ cell, message }) => `${this.sandboxed.placeOf(cell)}: ${message}`,
    );
    if (reasons.length === 0) return outcome;
    return { problem: { kind: "missing", message: `${name} is missing; ${reasons[0]}`.slice(0, 400) } };
  }
}
