import { execFile } from "node:child_process";
import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Tier } from "../result.js";
import { defaultLimits, type Host, sandboxCommand } from "./command.js";

function which(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/bin", "/usr/local/bin"];
  return folders
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Standard output of a program that may not exist, may fail, may hang; a machine that is busy has time to answer. */
const outputOf = (file: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(file, [...args], { timeout: 60_000, env: {}, killSignal: "SIGKILL" }, (error, stdout) =>
      resolve(error ? "" : String(stdout)),
    );
  });

async function librariesOf(programs: readonly string[]): Promise<string[]> {
  const ldd = which("ldd");
  if (!ldd) return [];
  const lists = await Promise.all(programs.map((program) => outputOf(ldd, [program])));
  return [...new Set(lists.flatMap((list) => list.match(/\/\S+(?= \(0x)/g) ?? []))];
}

export async function readHost(): Promise<Host> {
  const linux = process.platform === "linux";
  const prlimit = linux ? which("prlimit") : undefined;
  return {
    node: process.execPath,
    permissionFlag: process.allowedNodeEnvironmentFlags.has("--permission")
      ? "--permission"
      : "--experimental-permission",
    libraries: linux ? await librariesOf([process.execPath, ...(prlimit ? [prlimit] : [])]) : [],
    bwrap: linux ? which("bwrap") : undefined,
    prlimit,
    setpriv: linux ? which("setpriv") : undefined,
    engine: which("podman") ?? which("docker"),
    root: process.getuid?.() === 0,
  };
}

const has = {
  strict: ({ bwrap, prlimit, root, setpriv }: Host) => Boolean(bwrap && prlimit && (setpriv || !root)),
  uid: ({ prlimit, setpriv, root }: Host) => Boolean(prlimit && setpriv && root),
  docker: ({ engine }: Host) => Boolean(engine),
  basic: () => true,
} satisfies Record<Tier, (host: Host) => boolean>;

const GREETING = "the sandbox works";

/** Whether a tier works here: it is not asked for its version, it is made to run a line of code. */
export async function works(tier: Tier, host: Host, folder: string): Promise<boolean> {
  if (!has[tier](host)) return false;
  const code = join(folder, `probe-${tier}.mjs`);
  writeFileSync(code, `process.stdout.write(${JSON.stringify(GREETING)});`, { mode: 0o644 });
  const { file, args } = sandboxCommand(tier, host, { code, limits: defaultLimits, uid: 64_000 });
  return (await outputOf(file, args)) === GREETING;
}

export const tiers: readonly Tier[] = ["strict", "docker", "uid", "basic"];

const PREFIX = "unrolled-grade-";

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Folders of graders that were killed before they could tidy up. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : Number.NaN);
    if (!Number.isInteger(pid) || pid <= 0 || isRunning(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // another user's
    }
  }
}

/** A new folder that the sandbox's user can read, but not write. */
export function openFolder(): string {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** The strongest tier that works here. */
export async function probe(host: Host): Promise<Tier> {
  const folder = openFolder();
  try {
    for (const tier of tiers) if (await works(tier, host, folder)) return tier;
    return "basic";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
