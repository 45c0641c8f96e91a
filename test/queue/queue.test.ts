// A real Redis and real worker processes: what is sent, done, given up, refused.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { prepareQueue, type QueueOptions } from "../../lib/src/grader/batch/queue-package.js";
import { connect, readAddress } from "../../queue/src/address.js";
import { type Drill, drillJob, drillResult } from "../../queue/src/drill.js";
import { type Identity, programIdentity } from "../../queue/src/identity.js";
import { freePort, RedisServer } from "../../queue/src/local-redis.js";
import { queueName } from "../../queue/src/names.js";
import { standings } from "../../queue/src/waiting.js";
import { type Outcome, WorkQueue } from "../../queue/src/work-queue.js";
import { hasOpenssl, hasRedis, Machine, Queue } from "./redis.js";

/** A worker that does not stand still for that long has its jobs to itself. */
const drillers = ["--drill", "--tier", "basic", "--allow-weak-sandbox", "--jobs", "1", "--lock", "20"];

let redis: RedisServer;
let machine: Machine;
const machines: Machine[] = [];
const senders: WorkQueue[] = [];

const hire = (args: readonly string[] = [], url = redis.url, env: NodeJS.ProcessEnv = {}): Machine => {
  const hired = new Machine({ url, args: [...drillers, ...args], env });
  machines.push(hired);
  return hired;
};

async function sender(more: Partial<QueueOptions> = {}, identity: Identity = programIdentity()): Promise<WorkQueue> {
  const opened = await WorkQueue.open("drill", identity, {
    url: redis.url,
    name: "course",
    wait: true,
    retry: false,
    ...more,
  });
  senders.push(opened);
  return opened;
}

const sendAll = (queue: WorkQueue, batch: string, drills: readonly Drill[]): Promise<(Outcome | undefined)[]> =>
  Promise.all(drills.map((drill) => queue.outcome(drillJob(batch, drill), `drill ${drill.number}`)));

const numbers = (count: number): Drill[] => Array.from({ length: count }, (_, number) => ({ number }));

if (hasRedis) {
  beforeAll(async () => {
    prepareQueue(courseRoot());
    redis = await RedisServer.start();
    machine = hire();
    await machine.until("worker 1 of 1 is ready");
  }, 300_000);
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const queue of senders.splice(0)) await queue.close();
  });
  afterAll(async () => {
    for (const hired of machines) await hired.kill();
    await redis.stop();
  });

  test("each job's result is what is computed here, and what is taken leaves Redis", async () => {
    const queue = await sender();
    const drills = numbers(30);
    const outcomes = await sendAll(queue, "plain", drills);
    expect(outcomes).toEqual(drills.map((drill) => ({ result: drillResult(drill) })));
    expect(queue.report).toEqual({ pending: 0, retried: [], parked: [] });
    for (const drill of drills) await queue.forget(drillJob("plain", drill).key);
    expect(await redis.command("KEYS", "bull:unrolled-course:????????????????????????????????*")).toEqual([]);
  });

  test("sent twice, by two senders, it is done once", async () => {
    const [one, other] = [await sender(), await sender()];
    const before = machine.said.match(/: drill /g)?.length ?? 0;
    const drills = numbers(10);
    const [a, b, c] = await Promise.all([
      sendAll(one, "twice", drills),
      sendAll(other, "twice", drills),
      sendAll(one, "twice", drills),
    ]);
    expect([b, c]).toEqual([a, a]);
    const done = (): number => (machine.said.match(/: drill /g)?.length ?? 0) - before;
    await expect.poll(done).toBe(10);
  });

  test("left there and taken later: what is not done yet is pending", async () => {
    const leaving = await sender({ wait: false });
    const drills = [{ number: 1, milliseconds: 1000 }, { number: 2 }];
    expect(await sendAll(leaving, "later", drills)).toEqual([undefined, undefined]);
    expect(leaving.report.pending).toBe(2);
    const waiting = await sender();
    expect(await sendAll(waiting, "later", drills)).toEqual(drills.map((drill) => ({ result: drillResult(drill) })));
    const taking = await sender({ wait: false });
    expect(await sendAll(taking, "later", drills)).toEqual(drills.map((drill) => ({ result: drillResult(drill) })));
    expect(taking.report.pending).toBe(0);
  });

  test("a job that fails twice is tried a third time; one that fails for ever is given up and named; --retry tries again", async () => {
    const queue = await sender();
    const drills: Drill[] = [
      { number: 1, act: "fails twice" },
      { number: 2, act: "fails" },
    ];
    const [twice, ever] = await sendAll(queue, "failing", drills);
    expect(twice).toEqual({ result: drillResult(drills[0]) });
    expect(ever).toEqual({ parked: "failed as it was told to" });
    expect(queue.report.retried).toEqual(["drill 1: begun 3 times"]);
    expect(queue.report.parked).toEqual(["drill 2: failed as it was told to"]);
    const again = await sender();
    expect(await sendAll(again, "failing", [drills[1]])).toEqual([{ parked: "failed as it was told to" }]);
    const retrying = await sender({ retry: true });
    const healed = { ...drills[1], act: "well" as const };
    expect(await sendAll(retrying, "failing", [healed])).toEqual([{ result: drillResult(healed) }]);
  });

  test("a poisoned job ends three workers, is given up and named, and costs no other job anything", async () => {
    const mortal = hire(["--queue-name", "poison", "--lock", "3"]);
    const queue = await sender({ name: "poison" });
    const drills: Drill[] = [{ number: 0, act: "kills" }, ...numbers(20).slice(1)];
    const [poisoned, ...others] = await sendAll(queue, "poison", drills);
    expect(poisoned).toEqual({ parked: "its worker was lost 3 times, by this job it seems" });
    expect(others).toEqual(drills.slice(1).map((drill) => ({ result: drillResult(drill) })));
    expect(queue.report.parked).toEqual(["drill 0: its worker was lost 3 times, by this job it seems"]);
    expect(mortal.said.match(/ended \(SIGKILL\); another takes its place/g)).toHaveLength(3);
    await mortal.stop();
  });

  test.each([
    ["no object", "rm -rf /"],
    ["a command", { kind: "grade", command: "sh" }],
    ["a path", { kind: "grade", learner: "a", assignment: "../../etc/passwd", notebook: "" }],
    ["a run that is not in the worker's list", { kind: "reproduce", experiment: "copying", tier: "quick", run: "x" }],
    ["an experiment that is none", { kind: "reproduce", experiment: "nothing", tier: "quick", run: "x" }],
    ["a notebook that is no gzip", { kind: "grade", learner: "a", assignment: "05-gates", notebook: "AAAA" }],
  ])("put into Redis by hand, %s is refused by the worker, and not tried again", async (name, data) => {
    const kept = await WorkQueue.open("reproduce", programIdentity(), {
      url: redis.url,
      name: "course",
      wait: true,
      retry: false,
    });
    senders.push(kept);
    const { fitOf, graderIdentity } = await import("../../queue/src/identity.js");
    const { basisOf } = await import("../../lib/src/grader/keys.js");
    const { coursePack } = await import("../../lib/src/exercise/pack.js");
    const grading = graderIdentity(basisOf(coursePack(), "basic", undefined));
    const key = Buffer.from(name.padEnd(32)).toString("hex");
    const held =
      typeof data === "string"
        ? data
        : { key, fit: fitOf(data.kind as "grade", data.kind === "grade" ? grading : programIdentity()), ...data };
    const connection = await connect(readAddress(redis.url));
    const queue = new Queue(queueName("course"), { connection });
    await queue.add("forged", held, { jobId: key, attempts: 3 });
    await expect.poll(async () => (await queue.getJob(key))?.failedReason, { timeout: 60_000 }).toBeTruthy();
    const job = await queue.getJob(key);
    expect([await job?.getState(), job?.attemptsMade]).toEqual(["failed", 1]);
    expect(job?.failedReason).not.toMatch(/passwd|rm -rf/);
    await job?.remove();
    await queue.close();
    connection.disconnect();
  });

  test("a drill is refused by a worker that was not told to take drills", async () => {
    await machine.stop();
    const plain = new Machine({ url: redis.url, args: drillers.slice(1) });
    machines.push(plain);
    const queue = await sender();
    const [outcome] = await sendAll(queue, "plain worker", [{ number: 1 }]);
    expect(outcome).toEqual({ parked: "a drill, and this worker was not started with --drill" });
    await plain.stop();
    machine = hire();
    await machine.until("worker 1 of 1 is ready");
  });

  test("a worker of another version is refused at the door, both hashes shown; the queue is not touched", async () => {
    const other = { ...programIdentity(), lock: "9".repeat(64) };
    const queue = await sender({ name: "other", wait: false }, other);
    await sendAll(queue, "other", [{ number: 1 }]);
    const wrong = hire(["--queue-name", "other"]);
    expect(await wrong.over).toBe(2);
    const mine = programIdentity().lock.slice(0, 16);
    expect(wrong.said).toContain(`lock hash ${"9".repeat(16)} there, ${mine} here. It takes no job.`);
    const taking = await sender({ name: "other", wait: false }, other);
    await sendAll(taking, "other", [{ number: 1 }]);
    expect(taking.report.pending).toBe(1);
  });

  test("a worker that was there before the wrong work came gives the job back and ends", async () => {
    const early = hire(["--queue-name", "early"]);
    await early.until("worker 1 of 1 is ready");
    const other = { ...programIdentity(), code: "8".repeat(64) };
    const queue = await sender({ name: "early", wait: false }, other);
    await sendAll(queue, "early", [{ number: 1 }]);
    expect(await early.over).toBe(2);
    expect(early.said).toContain(`code hash ${"8".repeat(16)} there`);
    const taking = await sender({ name: "early", wait: false }, other);
    await sendAll(taking, "early", [{ number: 1 }]);
    expect(taking.report.pending).toBe(1);
    expect(JSON.stringify(taking.report)).not.toContain("tries");
  });

  test("who sends for another setting while work is left is refused, with both hashes", async () => {
    const one = await sender({ name: "busy", wait: false });
    await sendAll(one, "busy", [{ number: 1 }]);
    const other = { ...programIdentity(), version: "9.9.9" };
    await expect(sender({ name: "busy" }, other)).rejects.toThrow(
      `holds work for another setting: version ${programIdentity().version} there, 9.9.9 here`,
    );
  });

  test("Redis loses everything: what was on its way is sent again, and the report says so", async () => {
    const queue = await sender({ name: "lossy" });
    const running = sendAll(queue, "lossy", numbers(5)); // nobody works there yet
    await expect
      .poll(() => redis.command("EXISTS", `bull:${queueName("lossy")}:${drillJob("lossy", { number: 4 }).key}`))
      .toBe(1);
    await redis.command("FLUSHALL");
    const late = hire(["--queue-name", "lossy"]);
    expect(await running).toEqual(numbers(5).map((drill) => ({ result: drillResult(drill) })));
    expect(queue.report.retried).toContain("drill 3: Redis had lost it, sent again");
    await late.stop();
  });

  test("a full Redis: who waits goes on when there is room, who leaves is told; nothing is lost", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const queue = await sender();
    await redis.command("CONFIG", "SET", "maxmemory", "1");
    const running = sendAll(queue, "full", numbers(20));
    await expect.poll(() => said.mock.calls.flat().join(" ")).toContain("is full; waiting for workers");
    const leaving = await sender({ wait: false }).catch((error) => String(error)); // Redis takes nothing at all now
    if (typeof leaving !== "string")
      await expect(sendAll(leaving, "full", [{ number: 99 }])).rejects.toThrow("is full. What is queued");
    else expect(leaving).toMatch(/OOM|full/);
    await redis.command("CONFIG", "SET", "maxmemory", "0");
    expect(await running).toEqual(numbers(20).map((drill) => ({ result: drillResult(drill) })));
  });

  test("how jobs stand is read as BullMQ reads them", async () => {
    const queue = await sender();
    const drills: Drill[] = [{ number: 1 }, { number: 2, act: "fails" }, { number: 3, act: "fails twice" }];
    await sendAll(queue, "fields", drills);
    const connection = await connect(readAddress(redis.url));
    const theirs = new Queue(queueName("course"), { connection });
    const ids = [...drills, { number: 4 }].map((drill) => drillJob("fields", drill).key);
    const ours = await standings(connection, (id) => theirs.toKey(id), ids);
    for (const [k, id] of ids.slice(0, 3).entries()) {
      const job = await theirs.getJob(id);
      expect(ours[k]).toMatchObject({
        state: (await job?.getState()) === "completed" ? "done" : "parked",
        tries: job?.attemptsStarted,
        lost: job?.stalledCounter,
      });
      expect(ours[k]).toMatchObject(job?.returnvalue ? { result: job.returnvalue } : { reason: job?.failedReason });
    }
    expect(ours[3]).toEqual({ state: "missing" });
    await theirs.close();
    connection.disconnect();
  });

  test("a password: who has none or a wrong one is told, and never shown it", async () => {
    const locked = await RedisServer.start({ password: "open sesame" });
    try {
      const open = (url: string) =>
        WorkQueue.open("drill", programIdentity(), { url, name: "course", wait: false, retry: false });
      await expect(open(`redis://127.0.0.1:${locked.port}`)).rejects.toThrow(/cannot be used: NOAUTH/);
      const wrong = open(`redis://:simsim@127.0.0.1:${locked.port}`);
      await expect(wrong).rejects.toThrow(/cannot be used: WRONGPASS/);
      await expect(wrong).rejects.not.toThrow(/simsim/);
      const by = hire([], `redis://127.0.0.1:${locked.port}`, { UNROLLED_QUEUE_PASSWORD: "open sesame" });
      const queue = await sender({ url: locked.url });
      expect(await sendAll(queue, "locked", [{ number: 1 }])).toEqual([{ result: drillResult({ number: 1 }) }]);
      await by.stop();
      expect(by.said).not.toContain("sesame");
    } finally {
      for (const queue of senders.splice(0)) await queue.close();
      await locked.stop();
    }
  });

  if (hasOpenssl)
    test("TLS: through a certificate that is trusted, and through no other", async () => {
      const folder = mkdtempSync(join(tmpdir(), "unrolled-tls-"));
      const openssl = (line: string): void =>
        void execFileSync("openssl", line.split(" "), { cwd: folder, stdio: "ignore" });
      openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=test -days 2");
      openssl("req -newkey rsa:2048 -nodes -keyout key.pem -out csr.pem -subj /CN=localhost");
      writeFileSync(join(folder, "san"), "subjectAltName=DNS:localhost,IP:127.0.0.1");
      openssl("x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -extfile san -days 2");
      const port = await freePort();
      const at = (name: string) => join(folder, name);
      const files = [
        "--tls-cert-file",
        at("cert.pem"),
        "--tls-key-file",
        at("key.pem"),
        "--tls-ca-cert-file",
        at("ca.pem"),
      ];
      const secure = await RedisServer.start({
        password: "secret",
        flags: ["--tls-port", `${port}`, "--tls-auth-clients", "no", ...files],
      });
      const url = `rediss://:secret@localhost:${port}`;
      try {
        const open = WorkQueue.open("drill", programIdentity(), { url, name: "course", wait: false, retry: false });
        await expect(open).rejects.toThrow(/cannot be used: .*certificate/);
        const stranger = hire([], url);
        expect(await stranger.over).toBe(2);
        expect(stranger.said).toMatch(/cannot be used: .*certificate/);
        const trusting = hire([], url, { NODE_EXTRA_CA_CERTS: at("ca.pem") });
        const queue = await sender({ url: secure.url }); // the same Redis by its plain port
        expect(await sendAll(queue, "tls", numbers(3))).toEqual(
          numbers(3).map((drill) => ({ result: drillResult(drill) })),
        );
        expect(trusting.said).toContain(`rediss://localhost:${port}`);
        await trusting.stop();
      } finally {
        for (const queue of senders.splice(0)) await queue.close();
        await secure.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}
