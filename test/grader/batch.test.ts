// Many submissions: resume, faults, kills, a full disk.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { gradeAll } from "../../lib/src/grader/batch/batch.js";
import { Quiet } from "../../lib/src/grader/batch/quiet.js";
import { folderName, OutputError, resultFolder } from "../../lib/src/grader/batch/store.js";
import { Grader, type Submission } from "../../lib/src/grader/grade.js";
import { type GradeResult, readResult } from "../../lib/src/grader/result.js";
import { temporaryFolder } from "../temporary-folder.js";
import { answered, fileOf, fullPoints, pack, runningWith, stubs } from "./submissions.js";

let grader: Grader;
beforeAll(async () => {
  grader = await Grader.start({ pack, tier: "strict" });
});
afterAll(() => grader.close());

const good = fileOf(answered());
const results = (out: string): GradeResult[] =>
  readdirSync(out, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("result.json"))
    .sort()
    .map((name) => readResult(readFileSync(join(out, name), "utf8")));
const verdict = ({ seconds: _, ...rest }: GradeResult): object => rest;

test("gradeAll: what is graded is not graded again, unless the file, the seed or the result changed", async () => {
  const out = temporaryFolder();
  const file = fileOf(answered());
  const submissions: Submission[] = [
    { file, learner: "ada" },
    { file: good, learner: "bob" },
  ];
  const run = (by = grader) => gradeAll(by, submissions, { out, jobs: 2 });
  expect(await run()).toMatchObject({ graded: 2, kept: 0 });
  expect(await run()).toMatchObject({ graded: 0, kept: 2 });
  writeFileSync(file, readFileSync(fileOf(stubs())));
  expect(await run()).toMatchObject({ graded: 1, kept: 1 });
  const torn = join(resultFolder(out, "bob", "05-gates"), "result.json");
  writeFileSync(torn, readFileSync(torn, "utf8").slice(0, 300));
  expect(await run()).toMatchObject({ graded: 1, kept: 1 });
  expect(results(out).map(({ earned }) => earned)).toEqual([0, fullPoints]);
});

test("gradeAll: a fault of the grader's own is tried again, then listed; it is no zero and stops nobody", async () => {
  const out = temporaryFolder();
  let tries = 0;
  const faulty = {
    read: (submission: Submission) => grader.read(submission),
    grade: async (submission: Submission, ...rest: []) => {
      const result = await grader.grade(submission, ...rest);
      if (submission.learner !== "ada") return result;
      tries++;
      return { ...result, gradable: false, exercises: [], fault: { by: "grader", message: "no memory" } as const };
    },
  } as unknown as Grader;
  const submissions: Submission[] = [
    { file: good, learner: "ada" },
    { file: good, learner: "bob" },
  ];
  const summary = await gradeAll(faulty, submissions, { out, jobs: 1 });
  expect(tries).toBe(3);
  expect(summary.ungradable).toEqual([{ learner: "ada", file: good, message: "no memory" }]);
  expect(results(out).map(({ gradable }) => gradable)).toEqual([false, true]);
  expect(await gradeAll(grader, submissions, { out, jobs: 1 })).toMatchObject({ graded: 1, kept: 1, ungradable: [] });
});

test("Grader: a sandbox that does not start is the grader's fault", async () => {
  const broken = await Grader.start({ pack, tier: "strict" });
  rmSync(broken.folder, { recursive: true }); // the runner's code cannot be written
  const result = await broken.grade({ file: good, learner: "ada" });
  expect(result).toMatchObject({ gradable: false, earned: 0, fault: { by: "grader" } });
  await broken.close();
  const starved = await Grader.start({ pack, tier: "strict", limits: { memoryMB: 8 } });
  const refused = await starved.grade({ file: good, learner: "ada" });
  expect(refused).toMatchObject({ gradable: false, fault: { by: "grader" } });
  expect(refused.fault?.message).toMatch(/the sandbox does not start/);
  await starved.close();
});

test.each([
  ["ada", "ada"],
  ["Ada Lovelace", "Ada Lovelace"],
  ["ответ 📝", "ответ 📝"],
  ["../../etc/passwd", /^_+.*passwd~[0-9a-f]{8}$/],
  ["..", /^_~[0-9a-f]{8}$/],
  ["", /^~[0-9a-f]{8}$/],
  ["CON", /^CON~[0-9a-f]{8}$/],
  ["a\u0000b", /^a_b~/],
  ["x".repeat(300), /^x{80}~/],
  ["\u202eevil", /^_evil~/],
])("folderName: %j", (name, folder) => {
  expect(folderName(name)).toMatch(folder);
  expect(folderName(name)).not.toMatch(/[/\\]/);
});

test("folderName: names that only look alike keep folders of their own", () => {
  expect(new Set(["a/b", "a\\b", "a:b", "a_b"].map(folderName)).size).toBe(4);
});

test("Quiet: one that wants the machine for itself waits for the others, and nobody new begins", async () => {
  const quiet = new Quiet();
  const log: string[] = [];
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const job = (name: string, alone: boolean) =>
    quiet.together(async () => {
      log.push(`${name} begins`);
      await pause(5);
      if (alone)
        await quiet.byItself(async () => {
          log.push(`${name} alone`);
          await pause(5);
          log.push(`${name} done`);
        });
      log.push(`${name} ends`);
    });
  await Promise.all([job("a", true), job("b", true), job("c", false)]);
  const at = log.indexOf("a alone");
  expect(log[at + 1]).toBe("a done");
  expect(log[log.indexOf("b alone") + 1]).toBe("b done");
  expect(log.indexOf("c ends")).toBeLessThan(at);
  expect(log).toHaveLength(10);
});

test("48 a folder that may not be written: a clear message, no half-written file, and it goes on later", async () => {
  const out = temporaryFolder();
  writeFileSync(join(out, "ada"), "a file where a folder must be");
  const run = gradeAll(grader, [{ file: good, learner: "ada" }], { out, jobs: 1 });
  await expect(run).rejects.toThrow(OutputError);
  rmSync(join(out, "ada"));
  expect(await gradeAll(grader, [{ file: good, learner: "ada" }], { out, jobs: 1 })).toMatchObject({ graded: 1 });
});

/** A file system of 256 KB, where this machine lets root mount one. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return undefined;
  }
}

test("48 a full disk: a clear message, no half-written file, and it goes on when there is room", async ({ skip }) => {
  const disk = smallDisk();
  if (!disk) skip("mounting a small disk takes root");
  const out = disk as string;
  try {
    writeFileSync(join(out, "filler"), Buffer.alloc(220 * 1024));
    const submissions = Array.from({ length: 8 }, (_, k): Submission => ({ file: good, learner: `learner${k}` }));
    const run = gradeAll(grader, submissions, { out, jobs: 2 });
    await expect(run).rejects.toThrow(/result\.json: the disk is full\. What was graded is kept/);
    for (const { gradable } of results(out)) expect(gradable).toBe(true);
    expect(readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith(".new"))).toEqual([]);
    rmSync(join(out, "filler"));
    await gradeAll(grader, submissions, { out, jobs: 2 });
    expect(results(out)).toHaveLength(8);
  } finally {
    execFileSync("umount", ["-l", out]);
  }
});

test("48 a disk that has become read-only: a clear message, what was graded stays, and it goes on later", async ({
  skip,
}) => {
  const disk = smallDisk();
  if (!disk) skip("mounting a small disk takes root");
  const out = disk as string;
  const remount = (how: string): Buffer => execFileSync("mount", ["-o", `remount,${how}`, out]);
  const [ada, bob]: Submission[] = ["ada", "bob"].map((learner) => ({ file: good, learner }));
  try {
    await gradeAll(grader, [ada], { out, jobs: 1 });
    remount("ro");
    const run = gradeAll(grader, [ada, bob], { out, jobs: 1 });
    await expect(run).rejects.toThrow(/bob.*result\.json: it may not be written\. What was graded is kept/);
    expect(results(out)).toHaveLength(1);
    remount("rw");
    expect(await gradeAll(grader, [ada, bob], { out, jobs: 1 })).toMatchObject({ graded: 1, kept: 1 });
  } finally {
    execFileSync("umount", ["-l", out]);
  }
});

const commandLine = (input: string, out: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `const { main } = await import(${JSON.stringify(`${courseRoot()}lib/dist/cli/grade.js`)});
       process.exitCode = await main(${JSON.stringify([input, "--out", out, "--jobs", "2"])}, { root: ${JSON.stringify(courseRoot())} });`,
    ],
    { stdio: "ignore" },
  );
const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once("close", resolve));

const [kills, size] = process.env.UNROLLED_SOAK === "1" ? [50, 100] : [5, 20];

test(
  `48 killed ${kills} times in a batch of ${size}: then exactly ${size} results, each that of an undisturbed run`,
  async () => {
    const [input, out] = [temporaryFolder(), temporaryFolder()];
    const slip = answered({ "ex-05-2-answer": "function forgetGate() { return [NaN]; }" });
    const kinds = [readFileSync(good), readFileSync(fileOf(slip)), readFileSync(fileOf(stubs())), Buffer.from("{")];
    const undisturbed = await Promise.all(
      kinds.map((content) => grader.grade({ file: fileOf(content), learner: "x" })),
    );
    for (let k = 0; k < size; k++) {
      const folder = join(input, `learner${String(k).padStart(2, "0")}`, "05-gates");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "05-gates.ipynb"), kinds[k % 4]);
    }
    for (let kill = 0; kill < kills; kill++) {
      const before = existsSync(out) ? results(out).length : 0;
      const child = commandLine(input, out);
      const over = ended(child);
      const more = before + 1 + Math.floor(Math.random() * 3);
      while (child.exitCode === null && results(out).length < more)
        await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
      child.kill("SIGKILL");
      await over;
      await expect.poll(() => runningWith(`unrolled-grade-${child.pid}-`)).toEqual([]);
      expect(readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith("result.json")).length).toBe(
        results(out).length,
      );
    }
    expect(await ended(commandLine(input, out))).toBe(1); // a quarter is no notebook
    const all = results(out);
    expect(all).toHaveLength(size);
    expect(all.map(({ fault }) => fault?.message)).toEqual(all.map((_, k) => undisturbed[k % 4].fault?.message));
    for (const [k, result] of all.entries()) {
      const { learner, key: _, submission, ...rest } = verdict(undisturbed[k % 4]) as GradeResult;
      const { bytes, sha256 } = submission;
      expect(learner).toBe("x");
      expect(result).toMatchObject({
        ...(rest.gradable ? rest : { gradable: false, fault: rest.fault }),
        submission: { bytes, sha256 },
      });
    }
  },
  kills * 36_000,
);
