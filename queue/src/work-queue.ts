import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { QueueOptions, QueueReport } from "unrolled/grader/batch/queue-package";
import { type Address, connect, exposure, readAddress, shown } from "./address.js";
import { fitOf, type Identity, type Kind, misfit, partFor, readIdentity } from "./identity.js";
import { charterKey, keeping, queueName, TRIES } from "./names.js";
import type { Payload } from "./payload.js";
import { type Standing, standings, Waiting } from "./waiting.js";

/** What came of a job: its result, or why it was given up. */
export type Outcome = { readonly result: unknown } | { readonly parked: string };

type Job = Payload extends infer P ? (P extends Payload ? Omit<P, "fit"> : never) : never;

const isFull = (error: unknown): boolean => /\bOOM\b/.test(String((error as Error)?.message));

const timesLost = (count: number): string => `its worker was lost ${count} time${count === 1 ? "" : "s"}`;

/** The sender's end: jobs go in, each under the key of its result, and results come out. */
export class WorkQueue {
  readonly report = { pending: 0, retried: [] as string[], parked: [] as string[] } satisfies QueueReport;
  private readonly waiting: Waiting;
  private fit = "";
  private moved = performance.now();
  private readonly watch: NodeJS.Timeout;

  private constructor(
    private readonly redis: Redis,
    private readonly queue: Queue,
    private readonly address: Address,
    private readonly options: QueueOptions,
    private readonly kind: Kind,
  ) {
    this.waiting = new Waiting((ids) => standings(redis, (id) => queue.toKey(id), ids));
    this.watch = setInterval(() => void this.sayWhereItIs(), 10_000);
    this.watch.unref();
  }

  /** @throws Error if Redis cannot be used, or holds work of another program or pack */
  static async open(kind: Kind, identity: Identity, options: QueueOptions): Promise<WorkQueue> {
    const address = readAddress(options.url);
    const danger = exposure(address);
    if (danger) console.error(`Queue ${shown(address)}: ${danger}.`);
    const redis = await connect(address);
    const streams = { events: { maxLen: 100 } }; // nobody listens to them, and they hold results
    const queue = new Queue(queueName(options.name), { connection: redis, streams });
    queue.on("error", () => {}); // Redis was away; commands wait until it is back
    const opened = new WorkQueue(redis, queue, address, options, kind);
    try {
      await queue.waitUntilReady();
      await opened.announce(identity);
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  /** Says what the work is for, unless there is unfinished work for something else. */
  private async announce(identity: Identity): Promise<void> {
    const key = charterKey(this.options.name);
    const mine = JSON.stringify(partFor(this.kind, identity));
    const held = readIdentity(await this.redis.hget(key, this.kind));
    const difference = held && misfit(this.kind, held, identity);
    if (difference && (await this.openCount()) > 0)
      throw new Error(
        `the queue ${this.options.name} at ${shown(this.address)} holds work for another setting: ${difference}. Finish that, or use another --queue-name.`,
      );
    await this.redis.hset(key, this.kind, mine);
    this.fit = fitOf(this.kind, identity);
  }

  /**
   * The outcome of a job. It is sent unless it is there already. Without waiting: what there is now, if anything.
   * @param what names the job in reports
   */
  async outcome(job: Job, what: string, signal?: AbortSignal): Promise<Outcome | undefined> {
    const { key } = job;
    let [now] = await standings(this.redis, (id) => this.queue.toKey(id), [key]);
    if (now.state === "parked" && this.options.retry) now = await this.revive(key);
    for (let sent = 0; ; sent++) {
      if (now.state === "missing") {
        if (sent > 0) this.report.retried.push(`${what}: Redis had lost it, sent again`);
        if (!(await this.send(job, signal))) return this.later();
        now = { state: "open" };
      }
      if (now.state === "open" && this.options.wait) now = await this.waiting.wait(key, signal);
      if (now.state !== "missing") return this.settle(now, what);
    }
  }

  private later(): undefined {
    this.report.pending++;
    return undefined;
  }

  private settle(now: Standing, what: string): Outcome | undefined {
    if (now.state !== "done" && now.state !== "parked") return this.later();
    this.moved = performance.now();
    const { tries, lost } = now;
    if (now.state === "parked") {
      const reason = lost >= TRIES ? `${timesLost(lost)}, by this job it seems` : now.reason;
      this.report.parked.push(`${what}: ${reason}`);
      return { parked: reason };
    }
    if (tries > 1) this.report.retried.push(`${what}: begun ${tries} times${lost > 0 ? `, ${timesLost(lost)}` : ""}`);
    return { result: now.result };
  }

  private async revive(key: string): Promise<Standing> {
    const job = await this.queue.getJob(key);
    await job?.remove();
    return { state: "missing" };
  }

  /** Whether it was sent. Waits while Redis is full, for results to be taken out of it. */
  private async send(job: Job, signal?: AbortSignal): Promise<boolean> {
    const options = { jobId: job.key, attempts: TRIES, backoff: { type: "fixed", delay: 1000 }, ...keeping };
    for (let tries = 0; !signal?.aborted; tries++) {
      try {
        await this.queue.add(job.kind, { ...job, fit: this.fit }, options);
        return true;
      } catch (error) {
        if (!isFull(error)) throw error;
        if (!this.options.wait)
          throw new Error(`${shown(this.address)} is full. What is queued stays queued; go on later.`);
        if (tries === 0) this.saysFull();
        await sleep(500 + 500 * Math.random(), undefined, { signal }).catch(() => {});
      }
    }
    return false;
  }

  private fullSaid = 0;
  private saysFull(): void {
    if (performance.now() - this.fullSaid < 30_000 && this.fullSaid > 0) return;
    this.fullSaid = performance.now();
    console.error(`${shown(this.address)} is full; waiting for workers to make room.`);
  }

  /** The result is safe here; Redis need not keep it. */
  async forget(key: string): Promise<void> {
    await this.queue.remove(key).catch(() => 0); // it goes by itself after a fortnight
  }

  private async openCount(): Promise<number> {
    const counts = await this.queue.getJobCounts("wait", "active", "delayed", "prioritized");
    return Object.values(counts).reduce((total, count) => total + count, 0);
  }

  private async sayWhereItIs(): Promise<void> {
    if (performance.now() - this.moved < 10_000) return;
    if (this.redis.status !== "ready") {
      console.error(`${shown(this.address)} is away; waiting for it to come back.`);
      return;
    }
    const { wait = 0, active = 0, delayed = 0 } = await this.queue.getJobCounts("wait", "active", "delayed");
    if (wait + active + delayed > 0)
      console.error(
        `Nothing came back for a while: ${wait + delayed} wait, ${active} are worked on.${active === 0 ? " Is a worker there? unrolled worker --queue …" : ""}`,
      );
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    this.waiting.close();
    await this.queue.close().catch(() => {});
    this.redis.disconnect();
  }
}
