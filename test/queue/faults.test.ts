// Everything that goes wrong with many machines, at once: afterwards each job has exactly one result, that of a local run.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { prepareQueue } from "../../lib/src/grader/batch/queue-package.js";
import { type Drill, drillJob, drillResult } from "../../queue/src/drill.js";
import { programIdentity } from "../../queue/src/identity.js";
import { RedisServer } from "../../queue/src/local-redis.js";
import { WorkQueue } from "../../queue/src/work-queue.js";
import { hasRedis, Machine, Networks } from "./redis.js";

const soak = process.env.UNROLLED_SOAK === "1";
const [jobs, kills, restarts] = soak ? [2000, 120, 6] : [200, 8, 1];
const LOCK = 3;
const MACHINES = 3;
const minutes = soak ? 60 : 8;

/** Every hundredth is poisoned, every fiftieth fails twice, one fails for ever. */
const drillAt = (number: number): Drill => ({
  number,
  milliseconds: soak ? 20 + (number % 7) * 20 : 40 + (number % 7) * 40,
  act: number === 5 ? "fails" : number % 100 === 7 ? "kills" : number % 50 === 3 ? "fails twice" : "well",
});

/** What was done to the machines, for the table. */
interface Harm {
  machinesKilled: number;
  workersKilled: number;
  restarts: number;
  unreachableSeconds: number;
  cutOffSeconds: number;
  fullSeconds: number;
  refused: number;
}

class Site {
  readonly machines: Machine[] = [];
  readonly networks = Networks.open();
  redis!: RedisServer;
  readonly harm: Harm = {
    machinesKilled: 0,
    workersKilled: 0,
    restarts: 0,
    unreachableSeconds: 0,
    cutOffSeconds: 0,
    fullSeconds: 0,
    refused: 0,
  };

  async open(): Promise<void> {
    const host = this.networks?.host;
    this.redis = await RedisServer.start({
      password: "for machines only",
      flags: ["--maxmemory-policy", "noeviction"],
      ...(host && { host }),
    });
    for (let k = 0; k < MACHINES; k++) this.man(k, this.networks?.add());
    await Promise.all(this.machines.map((machine) => machine.until("worker 1 of 1 is ready")));
  }

  /** A machine that ends, by a kill or because Redis is not there when it starts, is started again, as a cluster does. */
  private man(k: number, network: string | undefined): void {
    const machine = this.hire(network);
    this.machines[k] = machine;
    void machine.over.then(async () => {
      await sleep(500);
      if (!this.closing) this.man(k, network);
    });
  }

  private closing = false;

  async close(): Promise<void> {
    this.closing = true;
    for (const machine of this.machines) await machine.kill();
    await this.redis?.stop();
    this.networks?.close();
  }

  hire(network: string | undefined, args: readonly string[] = []): Machine {
    const own = ["--drill", "--jobs", "1", "--lock", `${LOCK}`, "--tier", "basic", "--allow-weak-sandbox", ...args];
    return new Machine({ url: this.redis.url, args: own, network });
  }

  /** A whole machine, and another takes its place; or only its worker process. */
  async kill(): Promise<void> {
    const machine = this.machines[Math.floor(Math.random() * this.machines.length)];
    const worker = machine.processes[1];
    if (Math.random() < 0.5 && worker) {
      this.harm.workersKilled++;
      try {
        process.kill(worker, "SIGKILL");
      } catch {
        // a poisoned job was quicker
      }
      return;
    }
    this.harm.machinesKilled++;
    await machine.kill();
  }

  async restartRedis(): Promise<void> {
    this.harm.restarts++;
    await this.redis.kill();
    await sleep(300);
    await this.redis.up();
  }

  async unreachable(seconds: number): Promise<void> {
    this.harm.unreachableSeconds += seconds;
    this.redis.signal("SIGSTOP");
    await sleep(seconds * 1000);
    this.redis.signal("SIGCONT");
  }

  /** One machine alone loses the others, longer than its jobs are kept for it; it works on meanwhile. */
  async cutOff(seconds: number): Promise<void> {
    this.harm.cutOffSeconds += seconds;
    const [machine] = this.machines;
    const { network } = machine.options;
    if (this.networks && network) this.networks.plug(network, "down");
    else machine.signal("SIGSTOP");
    await sleep(seconds * 1000);
    if (this.networks && network) this.networks.plug(network, "up");
    else machine.signal("SIGCONT");
  }

  async full(seconds: number): Promise<void> {
    this.harm.fullSeconds += seconds;
    await this.redis.command("CONFIG", "SET", "maxmemory", "1");
    await sleep(seconds * 1000);
    await this.redis.command("CONFIG", "SET", "maxmemory", "0");
  }

  /** A worker of another version comes along while all is busy. */
  async wrongVersion(): Promise<void> {
    const wrong = this.hire(undefined, ["--queue-name", "other-version"]);
    expect(await wrong.over).toBe(2);
    expect(wrong.said).toMatch(/lock hash 9{16} there, [0-9a-f]{16} here\. It takes no job/);
    this.harm.refused++;
  }
}

function table(rows: Readonly<Record<string, string | number>>): string {
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
    .join("\n");
}

if (hasRedis) {
  const site = new Site();
  beforeAll(async () => {
    prepareQueue(courseRoot());
    await site.open();
  }, 300_000);
  afterAll(() => site.close());

  test(
    `${jobs} jobs among kills, cuts, restarts, a full Redis and poison: none lost, none twice, none different`,
    async () => {
      const options = { url: site.redis.url, name: "course", wait: true, retry: false };
      const other = { ...programIdentity(), lock: "9".repeat(64) };
      const stale = await WorkQueue.open("drill", other, { ...options, name: "other-version", wait: false });
      await stale.outcome(drillJob("stale", { number: 1 }), "stale");
      await stale.close();

      const queue = await WorkQueue.open("drill", programIdentity(), options);
      const twin = await WorkQueue.open("drill", programIdentity(), { ...options, wait: false });
      const drills = Array.from({ length: jobs }, (_, number) => drillAt(number));
      const results = new Map<number, unknown[]>();
      let sentTwice = 0;
      const [once, never] = [() => 1, () => 0]; // a full Redis takes nothing from one who does not wait
      let over = false;
      const start = performance.now();
      const next = drills.values();
      /** As gradeAll does: so many under way, taken out when they are safe. */
      const send = async (): Promise<void> => {
        for (const drill of next) {
          const job = drillJob("faults", drill);
          const twice = drill.number % 10 === 0 ? await twin.outcome(job, "sent twice").then(once, never) : 0;
          sentTwice += twice; // not += await, which forgets what others added meanwhile
          const outcome = await queue.outcome(job, `drill ${drill.number}`);
          results.set(drill.number, [...(results.get(drill.number) ?? []), outcome]);
          if (outcome && "result" in outcome) await queue.forget(job.key);
        }
      };
      const sending = Promise.all(Array.from({ length: 100 }, send)).finally(() => {
        over = true;
      });

      const harm = async (): Promise<void> => {
        await site.wrongVersion();
        await site.cutOff(3 * LOCK);
        for (let k = 0; k < restarts; k++) {
          await site.restartRedis();
          await sleep(1000);
        }
        await site.full(3);
        await site.unreachable(10);
      };
      const killing = async (): Promise<void> => {
        for (let k = 0; k < kills && !over; k++) {
          await sleep(300 + Math.random() * 2500);
          await site.kill();
        }
      };
      await Promise.all([sending, harm(), killing()]);
      const seconds = (performance.now() - start) / 1000;

      const expected = (drill: Drill): unknown =>
        drill.act === "kills" || drill.act === "fails" ? "parked" : drillResult(drill);
      const got = (outcome: unknown): unknown =>
        outcome && typeof outcome === "object" && "result" in outcome ? outcome.result : outcome && "parked";
      const lost = drills.filter(({ number }) => !results.get(number)?.[0]);
      const doubled = drills.filter(({ number }) => (results.get(number)?.length ?? 0) > 1);
      const different = drills.filter(
        (drill) => JSON.stringify(got(results.get(drill.number)?.[0])) !== JSON.stringify(expected(drill)),
      );
      const { retried, parked } = queue.report;
      console.log(
        `${soak ? "Soak" : "Test"}: ${MACHINES} machines${site.networks ? " in networks of their own" : ""}, ${seconds.toFixed(0)} s\n${table(
          {
            jobs,
            "machines killed": site.harm.machinesKilled,
            "worker processes killed": site.harm.workersKilled,
            "Redis killed and restarted": site.harm.restarts,
            "Redis unreachable, s": site.harm.unreachableSeconds,
            "one machine cut off, s": `${site.harm.cutOffSeconds}, with locks of ${LOCK}`,
            "Redis full, s": site.harm.fullSeconds,
            "workers of another version refused": site.harm.refused,
            "jobs sent twice": sentTwice,
            "jobs tried again": retried.length,
            "given up (poisoned, or failing for ever)": parked.length,
            lost: lost.length,
            "more than one result": doubled.length,
            differing: different.length,
          },
        )}`,
      );
      await queue.close();
      await twin.close();

      expect({ lost, doubled, different: different.map((drill) => [drill, results.get(drill.number)]) }).toEqual({
        lost: [],
        doubled: [],
        different: [],
      });
      const bad = drills.filter(({ act }) => act === "kills" || act === "fails").map(({ number }) => `drill ${number}`);
      expect(parked.map((line) => line.split(":")[0]).sort()).toEqual([...bad].sort());
      for (const line of parked.filter((said) => !said.startsWith("drill 5:")))
        expect(line).toContain("its worker was lost 3 times");
      const twice = drills.filter(({ act }) => act === "fails twice").map(({ number }) => `drill ${number}`);
      expect(retried.map((line) => line.split(":")[0])).toEqual(expect.arrayContaining(twice));
    },
    minutes * 60_000,
  );
}
