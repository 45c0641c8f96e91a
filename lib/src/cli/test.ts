import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareQueue } from "../grader/batch/queue-package.js";
import { ensureDebianPackages, findProgram } from "../notebook/system.js";
import { main as check } from "./check.js";
import { main as notebooks } from "./notebooks.js";

/** What the tests need that open a real browser on a real Jupyter, grade in a real sandbox, and send work through a real Redis. */
const testTools = ["jupyter-notebook", "jupyter-nbconvert", "chromium", "bubblewrap", "redis-server", "openssl"];

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs some of vitest's projects and counts their tests. */
async function vitest(root: string, projects: readonly string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-test-"));
  const report = join(folder, "report.json");
  try {
    const program = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const chosen = projects.flatMap((name) => ["--project", name]);
    const workers = `--maxWorkers=${availableParallelism()}`; // vitest would leave one core for an editor
    const child = spawn(process.execPath, [program, "run", ...chosen, workers, ...reporters], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code] = await once(child, "close");
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
    // a file that cannot even load fails no test, but it fails the run
    return { passed: numPassedTests, failed: Math.max(numFailedTests, code === 0 ? 0 : 1), skipped: numPendingTests };
  } catch (error) {
    console.error(`vitest left no report: ${(error as Error).message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Part = [string, () => Promise<Count>];

const counted = (code: number): Count => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** `npm test`: everything that must hold, on a machine that may have nothing yet. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let yes: boolean;
  try {
    yes = parseArgs({ args, options: { yes: { type: "boolean", default: false } } }).values.yes;
  } catch (error) {
    console.error(
      `test: ${(error as Error).message}\nusage: npm test [-- --yes]   --yes: install missing Debian packages without asking`,
    );
    return 2;
  }
  const ci = process.env.CI === "true";
  await ensureDebianPackages(testTools, { yes: yes || ci });
  const redis = findProgram("redis-server") !== undefined || ci; // which has to have it
  if (redis) prepareQueue(root);
  else console.error("There is no redis-server: the tests of the queue are left out.");
  const parts: Part[] = [
    ["types, lint and format", async () => counted(await check([], { root }))],
    ["vitest: library, grading, notebooks", () => vitest(root, ["lib", "grading", "notebooks"])],
    ...(redis ? [["vitest: many machines, a real Redis", () => vitest(root, ["queue"])] satisfies Part] : []),
    ["every notebook, headless", async () => counted(await notebooks([], { root }))],
    // the book is made of what the notebooks showed
    ["vitest: the book, real Jupyter, real browser", () => vitest(root, ["book", "e2e"])],
  ];

  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const [label, part] of parts) {
    const start = performance.now();
    console.error(`\n── ${label}`);
    const count = await part();
    for (const key of ["passed", "failed", "skipped"] as const) total[key] += count[key];
    console.error(
      `── ${label}: ${count.failed === 0 ? "ok" : "FAILED"}, ${((performance.now() - start) / 1000).toFixed(0)} s`,
    );
  }
  if (ci && total.skipped > 0) {
    console.error(`With CI=true nothing may be skipped, but ${total.skipped} tests were.`);
    total.failed += 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}
