// The commands, as processes: a class graded by workers is graded as it is here; left work is collected; runs travel by name.
import { spawn } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { notebookText, readNotebook } from "../../lib/src/exercise/nbformat.js";
import { coursePack, courseRoot } from "../../lib/src/exercise/pack.js";
import { canonicalJson } from "../../lib/src/experiments/record.js";
import { findExperiment } from "../../lib/src/experiments/registry.js";
import { prepareQueue } from "../../lib/src/grader/batch/queue-package.js";
import { RedisServer } from "../../queue/src/local-redis.js";
import { queuedRuns } from "../../queue/src/runs.js";
import { hasRedis, Machine } from "./redis.js";

const work = realpathSync(mkdtempSync(join(tmpdir(), "unrolled-queue-")));
const SEED = "a secret that must not travel";

/** A course of one's own, so that what is left in queues by whoever works in this checkout is not touched. */
function courseBeside(): string {
  const root = join(work, "course");
  mkdirSync(root);
  for (const name of ["lib", "queue", "solutions", "test", "node_modules", "package.json", "package-lock.json"])
    symlinkSync(join(courseRoot(), name), join(root, name));
  return root;
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

const unrolled = (root: string, command: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const program = `const { main } = await import(${JSON.stringify(`${courseRoot()}lib/dist/cli/${command}.js`)});
      process.exitCode = await main(${JSON.stringify(args)}, { root: ${JSON.stringify(root)} });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      cwd: work,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
    child.once("close", (code) => resolve({ code, said }));
  });

/** Seven learners: right, wrong in one, untouched, not JSON, a link, with a second name, twice handed in. */
function classIn(folder: string): void {
  const pack = coursePack();
  const solved = readNotebook(join(pack.masters, "05-gates.ipynb"));
  const right = notebookText(solved);
  const slip = notebookText({
    ...solved,
    cells: solved.cells.map((cell) =>
      cell.id === "ex-05-2-answer" ? { ...cell, source: "function forgetGate() { return [NaN]; }" } : cell,
    ),
  });
  const hand = (learner: string, text: string, name = "05-gates.ipynb"): string => {
    mkdirSync(join(folder, learner), { recursive: true });
    writeFileSync(join(folder, learner, name), text);
    return join(folder, learner, name);
  };
  hand("ada", right);
  hand("Бен 📝", slip, "meine Gates.ipynb");
  hand("cy", readFileSync(join(courseRoot(), "exercises/05-gates.ipynb"), "utf8"));
  hand("dee", "{");
  mkdirSync(join(folder, "eve"));
  symlinkSync(join(folder, "ada/05-gates.ipynb"), join(folder, "eve/05-gates.ipynb"));
  linkSync(hand("finn", slip), join(work, "second name"));
  hand("gil", right, "old.ipynb");
  hand("gil", slip, "new.ipynb");
}

/** Results without the time they took. */
const resultsIn = (out: string): Record<string, unknown> =>
  Object.fromEntries(
    readdirSync(out, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("result.json"))
      .sort()
      .map((name) => [name, readFileSync(join(out, name), "utf8").replace(/"seconds": [\d.]+/, "")]),
  );

if (hasRedis) {
  let redis: RedisServer;
  const [input, local, remote] = ["in", "local", "remote"].map((name) => join(work, name));
  const seedFile = join(work, "seed.txt");
  let root: string;
  let machine: Machine | undefined;
  beforeAll(async () => {
    prepareQueue(courseRoot());
    root = courseBeside();
    mkdirSync(input);
    classIn(input);
    writeFileSync(seedFile, SEED);
    redis = await RedisServer.start();
  }, 300_000);
  afterAll(async () => {
    await machine?.kill();
    await redis.stop();
    rmSync(work, { recursive: true, force: true });
  });

  test("grade --detach leaves the work; collect brings it when a worker has done it: the very results of a local run", async () => {
    const wanted = [input, "--seed-file", seedFile];
    const [here, left] = await Promise.all([
      unrolled(root, "grade", ...wanted, "--out", local),
      unrolled(root, "grade", ...wanted, "--out", remote, "--queue", redis.url, "--detach"),
    ]);
    expect(here.said).toContain("5 graded, 2 not gradable");
    expect(left).toMatchObject({ code: 1, said: expect.stringContaining("5 to come.") }); // two notebooks cannot be read
    const early = await unrolled(root, "collect", "--queue", redis.url);
    expect(early).toMatchObject({ code: 1, said: expect.stringContaining("5 with the workers") });

    machine = new Machine({ url: redis.url, args: ["--jobs", "2", "--seed-file", seedFile] });
    const late = await unrolled(root, "collect", "--queue", redis.url, "--wait");
    expect(late.said).toContain("5 graded, 2 kept from before");
    expect(resultsIn(remote)).toEqual(resultsIn(local));
    expect(Object.keys(resultsIn(remote))).toHaveLength(7);
    for (const page of ["class.html", "gradebook.csv"]) expect(readdirSync(remote)).toContain(page);
    expect((await unrolled(root, "collect", "--queue", redis.url)).said).toContain("Nothing was left in a queue.");
    expect(await redis.command("KEYS", "bull:unrolled-course:????????????????????????????????*")).toEqual([]);
  });

  test("what went through Redis holds no seed, no path, no name but the learner's", () => {
    const log = redis.everything();
    expect(log.includes("05-gates")).toBe(true);
    const secrets = [SEED, work, courseRoot(), "second name", "meine Gates"];
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });

  test("a worker with another seed is refused, and its seed is not shown", async () => {
    await machine?.stop();
    const [seed, out] = [join(work, "other seed.txt"), join(work, "never")];
    writeFileSync(seed, "another secret altogether");
    await unrolled(root, "grade", input, "--seed-file", seedFile, "--out", out, "--queue", redis.url, "--detach");
    const wrong = new Machine({ url: redis.url, args: ["--seed-file", seed] });
    expect(await wrong.over).toBe(2);
    expect(wrong.said).toMatch(/hash of the secret seed [0-9a-f]{16} there, [0-9a-f]{16} here\. It takes no job/);
    expect(wrong.said).not.toContain("another secret");
    await redis.command("FLUSHALL");
  });

  test("reproduce --detach sends what can be planned, by name", async () => {
    const { code, said } = await unrolled(root, "reproduce", "recall", "--queue", redis.url, "--detach");
    const runs = findExperiment("recall").runCount(findExperiment("recall").config("quick"));
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringContaining(`${runs} of ${runs} runs to come.`),
    });
    const [key] = (await redis.command("KEYS", "bull:unrolled-course:????????????????????????????????*")) as string[];
    const payload = JSON.parse((await redis.command("HGET", key, "data")) as string);
    expect(Object.keys(payload).sort()).toEqual(["experiment", "fit", "key", "kind", "run", "tier"]);
    await redis.command("FLUSHALL");
  });

  test("a run done by a worker has the bits of one done here", async () => {
    const experiment = findExperiment("recall");
    const config = experiment.config("quick");
    const spec = experiment.plan(config, {}).find(({ key }) => /RNN/.test(key)) ?? experiment.plan(config, {})[0];
    machine = new Machine({ url: redis.url, args: ["--jobs", "1"] });
    const queue = await queuedRuns(experiment, "quick", { url: redis.url, name: "course", wait: true, retry: false });
    const [there, here] = await Promise.all([queue.take(spec), experiment.run(config, spec)]);
    expect(canonicalJson(there?.outcome)).toBe(canonicalJson(here));
    await queue.close();
  });

  test.each([
    ["grade", [input, "--detach"], "--detach goes with --queue"],
    ["grade", [input, "--queue", "http://h"], "--queue must begin with redis:// or rediss://"],
    ["grade", [input, "--queue", "redis://127.0.0.1:1"], "redis://127.0.0.1:1 cannot be used"],
    ["reproduce", ["recall", "--queue", "redis://h", "--shard", "1/2"], "--shard does without a queue"],
    ["collect", [], "--queue is missing"],
    ["worker", [], "--queue is missing"],
    ["worker", ["--queue", "redis://h", "--jobs", "0"], "--jobs must be 1 to 256, got 0"],
    ["worker", ["--queue", "redis://h", "--lock", "0"], "--lock must be 1 to 3600, got 0"],
    [
      "worker",
      ["--queue", "redis://h", "--tier", "none"],
      "--tier must be one of strict, docker, uid, basic, got none",
    ],
  ])("%s %j is wrong usage: 2, and says why", async (command, args, message) => {
    const { code, said } = await unrolled(root, command, ...args);
    expect(said).toContain(message);
    expect(code).toBe(2);
  });
}
