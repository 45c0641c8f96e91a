import { spawn } from "node:child_process";

export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a program and keeps what it prints; with `show`, it is printed as it comes too. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; show?: boolean },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk;
      if (options.show) process.stderr.write(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ ok: false, output: `${program}: ${error.message}` }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs a named step, says how long it took, and shows its output only where it failed. */
export async function stage(label: string, work: () => Promise<Outcome>): Promise<boolean> {
  const start = performance.now();
  process.stderr.write(`${label} … `);
  const { ok, output } = await work();
  process.stderr.write(`${ok ? "ok" : "FAILED"}, ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  if (!ok) process.stderr.write(`${output.trimEnd()}\n`);
  return ok;
}
