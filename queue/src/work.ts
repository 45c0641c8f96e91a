import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Queue } from "bullmq";
import type { WorkOptions } from "unrolled/grader/batch/queue-package";
import { basisOf } from "unrolled/grader/keys";
import { packAt } from "unrolled/grader/pack-at";
import { probe, readHost } from "unrolled/grader/sandbox/probe";
import { connect, exposure, readAddress, shown } from "./address.js";
import { graderIdentity, type Identity, kinds, misfit, programIdentity, readIdentity } from "./identity.js";
import { charterKey, queueName } from "./names.js";
import type { FromWorker, Start } from "./worker-process.js";

/** What this machine is: its program, its pack and seed, and the sandbox that works here and may be used. */
async function identityHere({ root, pack, hiddenSeed, tier: wanted, weak }: WorkOptions): Promise<Identity> {
  const tier = wanted ?? (await probe(await readHost()));
  if (tier === "strict" || weak) return graderIdentity(basisOf(packAt(pack, root), tier, hiddenSeed));
  console.error(
    `The strongest sandbox here is ${tier}: this worker takes runs of experiments, no submissions. Install bubblewrap, or say --allow-weak-sandbox.`,
  );
  return programIdentity();
}

/** How this machine differs from what the queue's work is for; undefined where it fits, or nothing waits. */
async function misfitWith(options: WorkOptions, identity: Identity): Promise<string | undefined> {
  const redis = await connect(readAddress(options.url));
  const queue = new Queue(queueName(options.name), { connection: redis });
  try {
    const counts = await queue.getJobCounts("wait", "active", "delayed", "prioritized");
    if (Object.values(counts).every((count) => count === 0)) return undefined;
    const charter = await redis.hgetall(charterKey(options.name));
    for (const kind of kinds) {
      const there = readIdentity(charter[kind]);
      const difference = there && misfit(kind, there, identity);
      if (difference) return difference;
    }
    return undefined;
  } finally {
    await queue.close().catch(() => {});
    redis.disconnect();
  }
}

function processFile(): string {
  const beside = fileURLToPath(new URL("worker-process.js", import.meta.url));
  return existsSync(beside) ? beside : beside.replace("/queue/src/", "/queue/dist/"); // under vitest, the built one
}

/** Looks after worker processes: starts each anew that ends, until told to stop. */
class Crew {
  private readonly members = new Map<number, ChildProcess>();
  private stopping = false;
  private ends: (reason: "stopped" | "misfit") => void = () => {};
  readonly ended = new Promise<"stopped" | "misfit">((resolve) => {
    this.ends = resolve;
  });
  done = 0;
  failed = 0;

  constructor(
    private readonly start: Start,
    private readonly jobs: number,
  ) {
    for (let k = 1; k <= jobs; k++) this.hire(k);
  }

  /** Each ends after the job at hand. Asked twice, at once. */
  stop(reason: "stopped" | "misfit" = "stopped"): void {
    if (this.stopping && reason === "stopped") for (const member of this.members.values()) member.kill("SIGKILL");
    this.stopping = true;
    for (const member of this.members.values()) if (member.connected) member.send("stop");
    void Promise.all([...this.members.values()].map((member) => this.gone(member))).then(() => this.ends(reason));
  }

  private gone(member: ChildProcess): Promise<void> | undefined {
    if (member.exitCode !== null || member.signalCode !== null) return undefined;
    return new Promise((resolve) => void member.once("close", () => resolve()));
  }

  private hire(place: number, failures = 0): void {
    const member = fork(processFile(), { serialization: "json", execArgv: [] });
    const since = performance.now();
    this.members.set(place, member);
    member.on("message", (message: FromWorker) => this.hear(place, message));
    member.on("error", () => {}); // told by close
    member.once("close", (code, signal) => {
      this.members.delete(place);
      if (this.stopping) return;
      const quick = performance.now() - since < 5000 ? failures + 1 : 0;
      console.error(`worker ${place} ended (${signal ?? `exit code ${code}`}); another takes its place`);
      setTimeout(() => !this.stopping && this.hire(place, quick), Math.min(100 * 2 ** quick, 10_000));
    });
    member.send(this.start);
  }

  private hear(place: number, message: FromWorker): void {
    if (message.type === "misfit") this.stop("misfit");
    else if (message.type === "ready") console.error(`worker ${place} of ${this.jobs} is ready`);
    else {
      if (message.type === "done") this.done++;
      else this.failed++;
      console.log(`worker ${place}: ${message.line}`);
    }
  }
}

/** `unrolled worker`: does what comes through a queue. Exit code 2 where this machine does not fit the work. */
export async function work(options: WorkOptions): Promise<number> {
  const address = readAddress(options.url);
  const identity = await identityHere(options);
  const danger = exposure(address);
  if (danger) console.error(`Queue ${shown(address)}: ${danger}.`);
  const refuse = (difference: string): number => {
    console.error(
      `worker: this machine differs from what the work in the queue is for: ${difference}. It takes no job.`,
    );
    return 2;
  };
  const difference = await misfitWith(options, identity);
  if (difference) return refuse(difference);
  const { version, lock, tier } = identity;
  console.error(
    `Queue ${options.name} at ${shown(address)}; unrolled ${version}, lock hash ${lock.slice(0, 16)}, sandbox ${tier ?? "none"}`,
  );
  const crew = new Crew({ options, identity }, options.jobs);
  const stop = (): void => crew.stop();
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const ended = await crew.ended;
    if (ended === "misfit")
      return refuse(
        (await misfitWith(options, identity)) ?? "it was sent for another setting, or the program here was changed",
      );
    console.error(`Stopped. ${crew.done} jobs done, ${crew.failed} failed.`);
    return 0;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
