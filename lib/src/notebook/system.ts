import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline/promises";

/** Where a program is on the PATH, if it is. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (env.PATH ?? env.Path ?? "").split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Asks a person at the terminal; where there is none the answer is no. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

export interface StepOptions {
  readonly log?: (text: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutSeconds?: number;
  /** How many of the last lines to show when it fails. */
  readonly lines?: number;
}

/** Runs a program quietly and says what it did and how long it took; what it printed is shown when it fails. */
export async function runStep(label: string, command: readonly string[], options: StepOptions = {}): Promise<boolean> {
  const { log = console.error, env = process.env, cwd, timeoutSeconds = 600, lines = 5 } = options;
  const start = performance.now();
  const [program, ...args] = command;
  const { ok, text } = await new Promise<{ ok: boolean; text: string }>((resolve) => {
    let printed = "";
    const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutSeconds * 1000 });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += data));
    child.once("error", (error) => resolve({ ok: false, text: error.message }));
    child.once("close", (code) => resolve({ ok: code === 0, text: printed }));
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  log(`${label}: ${ok ? "done" : "failed"}, ${seconds} s`);
  if (!ok) log(lastLines(text, lines));
  return ok;
}

function lastLines(text: string, count: number): string {
  return text
    .trimEnd()
    .split("\n")
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}

export interface PackageOptions extends StepOptions {
  /** Install without asking. */
  readonly yes?: boolean;
}

/**
 * Sees to it that these Debian packages are installed: as root on Debian it installs the missing ones, after asking.
 * Returns whether all are there.
 */
export async function ensureDebianPackages(names: readonly string[], options: PackageOptions = {}): Promise<boolean> {
  const { yes = false, log = console.error } = options;
  if (!findProgram("dpkg-query")) return false;
  const missing = names.filter((name) => !isInstalled(name));
  if (!missing.length) return true;
  const list = missing.join(" ");
  if (process.getuid?.() !== 0 || !findProgram("apt-get")) {
    log(`Missing Debian packages: ${list}. To install them: sudo apt-get install --no-install-recommends ${list}`);
    return false;
  }
  if (!yes && !(await askYes(`Install the Debian packages ${list}?`))) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const update = ["apt-get", "update", "-q"];
  const install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", ...missing];
  if (!(await runStep("Reading Debian's package lists", update, { log, env }))) return false;
  return runStep(`Installing ${list}`, install, { log, env, timeoutSeconds: 1800 });
}

function isInstalled(name: string): boolean {
  if (!existsSync("/var/lib/dpkg")) return false;
  const asked = spawnSync("dpkg-query", ["--status", name], { encoding: "utf8" });
  return /^Status: .* installed$/m.test(asked.stdout);
}
