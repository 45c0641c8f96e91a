import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * npm run bench [-- --json] [--only A1,C] [--write]: times training against other libraries. These are packages of bench/ alone
 * and are installed at the first run: 400 MB that no learner needs.
 */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  const folder = join(root, "bench");
  if (!isInstalled(folder)) {
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

/** Whether npm's own record of node_modules holds every package that the lock file asks for. */
function isInstalled(folder: string): boolean {
  const record = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const [installed, wanted] = [record, join(folder, "package-lock.json")].map(
    (file) => JSON.parse(readFileSync(file, "utf8")).packages as Record<string, { version: string }>,
  );
  return Object.keys(wanted).every((path) => path === "" || installed[path]?.version === wanted[path].version);
}
