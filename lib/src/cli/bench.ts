import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { hasItsPackages } from "../grader/batch/queue-package.js";

/**
 * npm run bench [-- --json] [--only A1,C] [--write]: times training against other libraries. These are packages of bench/ alone
 * and are installed at the first run: 400 MB that no learner needs.
 */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  const folder = join(root, "bench");
  if (!hasItsPackages(folder)) {
    console.error("Installing the benchmark's own packages, about 400 MB in bench/ …");
    const windows = process.platform === "win32"; // npm is a .cmd file there, which only a shell can start
    const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    const { status } = spawnSync("npm", options, { cwd: folder, stdio: ["ignore", 2, 2], shell: windows });
    if (status !== 0) return 1;
  }
  const child = spawn(process.execPath, [join(folder, "index.mjs"), ...args], { stdio: "inherit" });
  const stop = (): boolean => child.kill("SIGINT");
  process.once("SIGINT", stop);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      process.off("SIGINT", stop);
      resolve(code ?? 1);
    });
  });
}
