import { existsSync, mkdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Pack } from "../exercise/pack.js";
import { readShard, type Shard } from "../experiments/shard.js";
import { type BatchSummary, gradeAll } from "../grader/batch/batch.js";
import { chooseNewest } from "../grader/batch/choose.js";
import { findSubmissions } from "../grader/batch/find.js";
import {
  queueFlags,
  queueUsage,
  readQueueFlags,
  readSeedFile,
  rememberLeft,
  sayReport,
} from "../grader/batch/queue-options.js";
import { loadQueue, type QueueOptions } from "../grader/batch/queue-package.js";
import { isInShard } from "../grader/batch/shard.js";
import { OutputError, resultFolder, writeResult } from "../grader/batch/store.js";
import { type Format, formats, isFormat } from "../grader/export/format.js";
import { downloadName } from "../grader/export/lms.js";
import { Grader, type Submission } from "../grader/grade.js";
import { unpackZip } from "../grader/intake/zip.js";
import { packAt } from "../grader/pack-at.js";
import { writeReports, writeResultPages } from "../grader/report/write-reports.js";
import type { GradeResult, Tier } from "../grader/result.js";
import { gradeTable } from "../grader/table.js";

const usage = `usage: unrolled grade <notebook>              a table, and graded/<learner>/<assignment>/result.json and feedback.html
       unrolled grade <folder> [options]     all of a class: <learner>/<assignment>/*.ipynb, a flat folder or zip, or a download from Canvas or Moodle
  --out <folder>          where results go (default: graded)
  --jobs <n>              submissions at a time (default: 2, or 1 on one core)
  --shard <i>/<n>         only the i-th of n parts of the learners, for many machines: see docs/scaling.md
  --seed-file <file>      draws secret inputs from this file's text; a test counts where it passes on these too
  --pack <folder>         an instructor's pack, see docs/packs.md
  --assignment <name>     refuses other notebooks
  --format <name>         also writes each result as gradescope, classroom, prairielearn, nbgrader, junit or json
  --learner <id>          whose one notebook it is (default: the file's name)
  --tier <name>           strict, docker, uid or basic (default: the strongest that works here)
  --allow-weak-sandbox    grades below tier strict
${queueUsage}
Exit code: 0 all graded, 1 some could not be graded, 2 wrong usage.`;

/** Submissions in the queue at a time: enough for hundreds of workers, and little enough to hold. */
const UNDER_WAY = 500;

interface Settings {
  readonly root: string;
  readonly args: readonly string[];
  readonly path: string;
  readonly folder: boolean;
  readonly out: string;
  readonly jobs: number;
  readonly shard?: Shard;
  readonly queue?: QueueOptions;
  readonly hiddenSeed?: string;
  readonly pack: Pack;
  readonly assignment?: string;
  readonly format?: Format;
  readonly learner?: string;
  readonly tier?: Tier;
  readonly weak: boolean;
}

const tierNames: readonly string[] = ["strict", "docker", "uid", "basic"] satisfies Tier[];

function readJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64) throw new RangeError(`--jobs must be 1 to 64, got ${text}`);
  return jobs;
}

function readSettings(args: string[], root: string): Settings {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: "string", default: "graded" },
      jobs: { type: "string", default: String(Math.min(2, availableParallelism())) },
      shard: { type: "string" },
      "seed-file": { type: "string" },
      pack: { type: "string" },
      assignment: { type: "string" },
      format: { type: "string" },
      learner: { type: "string" },
      tier: { type: "string" },
      "allow-weak-sandbox": { type: "boolean", default: false },
      ...queueFlags,
    },
  });
  if (positionals.length !== 1) throw new TypeError(`give one notebook or folder, got ${positionals.length}`);
  const path = resolve(positionals[0]);
  if (!existsSync(path)) throw new TypeError(`there is no ${positionals[0]}`);
  const folder = statSync(path).isDirectory() || path.endsWith(".zip");
  const queue = readQueueFlags(values);
  if (values.shard !== undefined && !folder) throw new TypeError("--shard is for a folder of many");
  if (queue && !folder) throw new TypeError("--queue is for a folder of many");
  if (values.tier !== undefined && !tierNames.includes(values.tier))
    throw new TypeError(`--tier must be one of ${tierNames.join(", ")}, got ${values.tier}`);
  if (values.format !== undefined && !isFormat(values.format))
    throw new TypeError(`--format must be one of ${formats.join(", ")}, got ${values.format}`);
  const pack = packAt(values.pack, root);
  return {
    root,
    args,
    path,
    folder,
    out: resolve(values.out),
    jobs: readJobs(values.jobs),
    shard: values.shard === undefined ? undefined : readShard(values.shard),
    queue,
    hiddenSeed: readSeedFile(values["seed-file"]),
    pack,
    assignment: values.assignment,
    format: values.format,
    learner: values.learner,
    tier: values.tier as Tier | undefined,
    weak: values["allow-weak-sandbox"],
  };
}

const weakness: Record<Tier, string> = {
  strict: "",
  docker: "the container engine's own walls",
  uid: "the network is not blocked",
  basic: "learner's code runs as you, held back by Node's permission flags only",
};

/** Below strict, grading others needs a yes; rehearsing one's own notebook needs none. */
function tierProblem(tier: Tier, { weak, folder, hiddenSeed }: Settings): string | undefined {
  if (tier === "strict") return undefined;
  if (!weak && (folder || hiddenSeed !== undefined))
    return `the strongest sandbox here is ${tier} (${weakness[tier]}). Install bubblewrap, or say --allow-weak-sandbox.`;
  console.error(`Sandbox: ${tier} (${weakness[tier]}). Fine for code of your own, not for code of strangers.`);
  return undefined;
}

async function gradeOne(grader: Grader, settings: Settings, signal: AbortSignal): Promise<number> {
  const { path, learner = basename(path, ".ipynb"), assignment, out, format } = settings;
  const result = await grader.grade({ file: path, learner, assignment }, signal);
  console.log(gradeTable(result));
  const folder = resultFolder(out, learner, result.assignment);
  await writeResult(folder, result);
  await writeResultPages(out, folder, result, format);
  console.log(`Result: ${join(folder, "result.json")}`);
  return result.gradable ? 0 : 1;
}

function progressLine(total: number): (done: number, result: GradeResult) => void {
  return (done, { learner, earned, points, gradable }) => {
    const width = 24;
    const filled = Math.round((done / total) * width);
    const bar = "#".repeat(filled).padEnd(width, ".");
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${bar} ${done}/${total}`);
    else if (total <= 20 || done === total || done % Math.ceil(total / 20) === 0)
      process.stderr.write(
        `${done}/${total} ${JSON.stringify(learner)}: ${gradable ? `${earned} of ${points}` : "not gradable"}\n`,
      );
  };
}

/** A zip from a learning management system is unpacked beside the other temporary files, and graded as a folder. */
async function gradeZip(grader: Grader, settings: Settings, signal: AbortSignal): Promise<number> {
  const folder = join(grader.folder, "unpacked");
  mkdirSync(folder, { mode: 0o700 });
  for (const note of await unpackZip(settings.path, folder)) console.error(JSON.stringify(note).slice(1, -1));
  return gradeFolder(grader, { ...settings, path: folder }, signal);
}

/** Here, or by the machines that serve a queue. */
async function gradeThem(
  grader: Grader,
  wanted: readonly Submission[],
  { out, jobs, queue, root }: Settings,
  signal: AbortSignal,
): Promise<BatchSummary> {
  const show = progressLine(wanted.length);
  let done = 0;
  if (!queue) return gradeAll(grader, wanted, { out, jobs, signal, onResult: (result) => show(++done, result) });
  const remote = await (await loadQueue(root)).queuedGrader(grader, queue);
  try {
    const onResult = async (result: GradeResult, _: string, again: boolean): Promise<void> => {
      if (!again && result.gradable) await remote.forget(result.key);
      show(++done, result);
    };
    const summary = await gradeAll(remote, wanted, { out, jobs: UNDER_WAY, retries: 0, signal, onResult });
    sayReport(remote.report);
    return summary;
  } finally {
    await remote.close();
  }
}

async function gradeFolder(grader: Grader, settings: Settings, signal: AbortSignal): Promise<number> {
  const { path, out, shard, queue, root, pack, assignment, format } = settings;
  const assignments = [...new Set(pack.exercises.map(({ file }) => file.replace(/\.ipynb$/, "")))];
  const { submissions, notes } = await findSubmissions(path, downloadName, assignments);
  for (const note of notes) console.error(JSON.stringify(note).slice(1, -1));
  if (submissions.length === 0) throw new TypeError(`there is no notebook below ${path}`);
  const named = submissions
    .filter(({ learner }) => !shard || isInShard(learner, shard))
    .map((submission): Submission => ({ ...submission, ...(assignment && { assignment }) }));
  const wanted = await chooseNewest(grader, named);
  const start = performance.now();
  const summary = await gradeThem(grader, wanted, settings, signal);
  if (process.stderr.isTTY) process.stderr.write("\n");
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const whole = !signal.aborted && !shard;
  if (whole) await writeReports(out, { format });
  for (const { learner, file, message } of summary.ungradable)
    console.log(`not gradable: ${JSON.stringify(learner)}, ${JSON.stringify(file)}: ${JSON.stringify(message)}`);
  const kept = summary.kept > 0 ? `, ${summary.kept} kept from before` : "";
  console.log(
    `${summary.graded} graded${kept}, ${summary.ungradable.length} not gradable, ${seconds} s; results in ${out}`,
  );
  if (summary.pending > 0) console.log(`${summary.pending} to come.`);
  if (whole) console.log(`Class report: ${join(out, "class.html")}`);
  if (shard)
    console.log(`Part ${shard.index} of ${shard.count}. With all parts in one folder: unrolled export reports`);
  if (signal.aborted) console.log("Stopped. The same command goes on from here.");
  if (queue) rememberLeft(root, { command: "grade", args: settings.args, folder: process.cwd() }, summary.pending);
  return summary.ungradable.length > 0 || signal.aborted ? 1 : 0;
}

async function run(settings: Settings): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const { pack, hiddenSeed, queue } = settings;
  const tier = settings.tier ?? (queue ? "strict" : undefined); // that of the workers; none is needed here
  const grader = await Grader.start({ pack, tier, hiddenSeed });
  try {
    const problem = tierProblem(grader.tier, settings);
    if (problem) {
      console.error(`grade: ${problem}`);
      return 2;
    }
    if (grader.tier === "strict" && !queue) console.error("Sandbox: strict");
    const grade = settings.path.endsWith(".zip") ? gradeZip : settings.folder ? gradeFolder : gradeOne;
    return await grade(grader, settings, stop.signal);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    await grader.close();
  }
}

/** `unrolled grade`: what a course gives for a notebook, or for all notebooks of a class. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args, root);
  } catch (error) {
    console.error(`grade: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  try {
    return await run(settings);
  } catch (error) {
    console.error(`grade: ${(error as Error).message}`);
    return error instanceof OutputError ? 1 : 2;
  }
}
