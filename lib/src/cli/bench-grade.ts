import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gradeAll } from "../grader/batch/batch.js";
import { Grader } from "../grader/grade.js";
import { callMilliseconds } from "../grader/measure/call-cost.js";
import { assignment, fullSizeClass, fullSizePack } from "../grader/measure/full-size.js";
import { writeReports } from "../grader/report/write-reports.js";
import type { GradeResult } from "../grader/result.js";

const usage = `usage: unrolled bench-grade [--full] [--json]
  --full   300 submissions; without it 30, and the time of 300 is ten times theirs
  --json   only JSON on standard output
Exit code: 0 all within the targets, 1 something fell short, 2 wrong usage.`;

const JOBS = 2;
const CLASS = 300;

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number;
  readonly ok: boolean;
}

const row = (name: string, value: number, unit: string, target: number): Row => ({
  name,
  value: Number(value.toPrecision(3)),
  unit,
  target,
  ok: value <= target,
});

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half) - 1]) / 2;
}

/** Only right verdicts are timed. */
function mustBeFull({ learner, earned, points, fault }: GradeResult): void {
  if (fault || Math.abs(earned - points) > 1e-9)
    throw new Error(`${learner} must get all ${points} points, got ${fault?.message ?? earned}`);
}

async function measure(folder: string, size: number, signal: AbortSignal): Promise<Row[]> {
  const pack = fullSizePack(folder);
  const [first, ...others] = fullSizeClass(pack, join(folder, "submitted"), size + 1);
  const begin = performance.now();
  const grader = await Grader.start({ pack, tier: "strict" });
  try {
    mustBeFull(await grader.grade(first, signal));
    const firstSeconds = (performance.now() - begin) / 1000;
    const seconds: number[] = [];
    const onResult = (result: GradeResult): void => {
      mustBeFull(result);
      seconds.push(result.seconds);
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${seconds.length}/${size}`);
    };
    const out = join(folder, "graded");
    const start = performance.now();
    await gradeAll(grader, others, { out, jobs: JOBS, signal, onResult });
    await writeReports(out, {});
    const minutes = ((performance.now() - start) / 60_000) * (CLASS / size);
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    const residentMb = process.resourceUsage().maxRSS / 1024;
    const callMs = median(await callMilliseconds(grader.folder));
    const scaled = size === CLASS ? "" : `, from ${size}`;
    return [
      row("the first submission, with the grader's start", firstSeconds, "s", 2),
      row(`one of a batch at ${JOBS} jobs, median`, median(seconds), "s", 0.7),
      row(`${CLASS} submissions and their reports${scaled}`, minutes, "min", 4),
      row(`the grader's memory at its peak, ${size} submissions`, residentMb, "MB", 600),
      row("a call with a number, median of 1,000", callMs, "ms", 0.1),
    ];
  } finally {
    await grader.close();
  }
}

function print(rows: readonly Row[], machine: { cpu: string; cores: number; node: string; load: number }): void {
  const { cpu, cores, node, load } = machine;
  console.log(
    `${assignment} cut to 5 exercises, each test four times: 100 tests. Sandbox strict, a fresh vitest each.`,
  );
  console.log(`${cores} cores of ${cpu}, Node ${node}; load before: ${load.toFixed(1)}`);
  if (load > cores / 2) console.log("The machine is busy with other work: these times say little.");
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, value, unit, target, ok } of rows)
    console.log(
      `${ok ? "✓" : "✗"} ${name.padEnd(width)}  ${`${value} ${unit}`.padStart(10)}   at most ${target} ${unit}`,
    );
}

/** npm run bench:grade [-- --full] [-- --json]: what grading costs, against the targets. */
export async function main(args: string[]): Promise<number> {
  let values: { full?: boolean; json?: boolean };
  try {
    ({ values } = parseArgs({ args, options: { full: { type: "boolean" }, json: { type: "boolean" } } }));
  } catch (error) {
    console.error(`bench:grade: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.versions.node, load: loadavg()[0] };
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
  try {
    const rows = await measure(folder, values.full ? CLASS : 30, stop.signal);
    if (values.json) console.log(JSON.stringify({ machine, rows }, null, 2));
    else print(rows, machine);
    return rows.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    console.error(stop.signal.aborted ? "bench:grade: stopped" : `bench:grade: ${(error as Error).message}`);
    return 1;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    rmSync(folder, { recursive: true, force: true });
  }
}
