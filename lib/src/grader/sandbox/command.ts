import type { Tier } from "../result.js";

/** What one sandboxed process may use. */
export interface Limits {
  /** How long one call into the learner's code may take, in seconds. */
  readonly callSeconds: number;
  /** CPU time over the whole life of one process, in seconds. */
  readonly cpuSeconds: number;
  /** Memory for data (heap, ArrayBuffers, WebAssembly), in MB. */
  readonly memoryMB: number;
  /** Processes and threads; Node itself needs eleven. */
  readonly processes: number;
}

export const defaultLimits: Limits = { callSeconds: 8, cpuSeconds: 300, memoryMB: 700, processes: 48 };

/** What this machine has to build a sandbox from. */
export interface Host {
  readonly node: string;
  /** The permission flag of this Node, which changed its name. */
  readonly permissionFlag: string;
  /** Shared libraries of node and prlimit. */
  readonly libraries: readonly string[];
  readonly bwrap?: string;
  readonly prlimit?: string;
  readonly setpriv?: string;
  /** docker or podman. */
  readonly engine?: string;
  readonly root: boolean;
}

/** One process to start: the runner's code is the only file it sees. */
export interface Job {
  readonly code: string;
  readonly limits: Limits;
  /** The uid of its own in tier uid. */
  readonly uid: number;
  readonly image?: string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** The descriptors of the frames: in and out. Docker passes on 0 and 1 only. */
  readonly descriptors: readonly [number, number];
  /** Ends whatever the process has left behind. */
  readonly sweep?: readonly string[];
}

export const NOBODY = 65534;
/** Where the code lies inside a sandbox with a file system of its own. */
const INSIDE = "/runner.mjs";
const PIPE = 3;

const nodeFlags = ({ permissionFlag }: Pick<Host, "permissionFlag">, code: string, { memoryMB }: Limits): string[] => [
  permissionFlag,
  `--allow-fs-read=${code}`,
  "--no-addons",
  "--no-warnings",
  `--max-old-space-size=${Math.floor(memoryMB / 2)}`,
];

const prlimitFlags = ({ cpuSeconds, memoryMB, processes }: Limits): string[] => [
  `--cpu=${cpuSeconds}:${cpuSeconds + 1}`,
  `--data=${memoryMB * 2 ** 20}`,
  `--nproc=${processes}`,
  "--fsize=0",
  "--nofile=64",
  "--core=0",
];

const binds = (files: readonly string[]): string[] => files.flatMap((file) => ["--ro-bind", file, file]);

/** Root becomes nobody first: a hole in the namespaces is then a hole into nothing. */
function asNobody({ root, setpriv }: Host, uid: number): string[] {
  if (!root || !setpriv) return [];
  return [setpriv, `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--no-new-privs", "--inh-caps=-all"];
}

/** Namespaces of its own for everything, an empty read-only root, no network, no /proc, no variables, no way back. */
function strict(host: Host, { code, limits }: Job): string[] {
  const { node, libraries, bwrap = "bwrap", prlimit = "prlimit" } = host;
  return [
    ...asNobody(host, NOBODY),
    bwrap,
    ...["--unshare-all", "--unshare-user", "--disable-userns", "--uid", `${NOBODY}`, "--gid", `${NOBODY}`],
    ...["--new-session", "--die-with-parent", "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox"],
    ...binds([...libraries, prlimit, node]),
    ...["--ro-bind", code, INSIDE, "--remount-ro", "/", "--chdir", "/", "--"],
    ...[prlimit, ...prlimitFlags(limits), node, ...nodeFlags(host, INSIDE, limits), INSIDE],
  ];
}

/** A uid of its own; the network stays open. */
function ownUid(host: Host, { code, limits, uid }: Job): string[] {
  const { node, prlimit = "prlimit", setpriv = "setpriv" } = host;
  return [
    ...asNobody({ ...host, setpriv }, uid),
    "--bounding-set=-all",
    "--pdeathsig=KILL",
    ...[prlimit, ...prlimitFlags(limits), node, ...nodeFlags(host, code, limits), code],
  ];
}

/** Limits where the system has them, and Node's own permission flags. */
function basic(host: Host, { code, limits }: Job): string[] {
  const { node, prlimit, setpriv } = host;
  const orphan = setpriv ? [setpriv, "--pdeathsig=KILL", "--no-new-privs"] : [];
  const limited = prlimit ? [prlimit, ...prlimitFlags(limits).filter((flag) => !flag.startsWith("--nproc"))] : [];
  return [...orphan, ...limited, node, ...nodeFlags(host, code, limits), code];
}

const containerName = ({ uid }: Job): string => `unrolled-${process.pid}-${uid}`;

function docker({ engine = "docker" }: Host, job: Job): string[] {
  const { code, limits, image = "node:22-slim" } = job;
  const { memoryMB, processes, cpuSeconds } = limits;
  return [
    ...[engine, "run", "--name", containerName(job), "--rm", "--interactive", "--init"],
    ...["--network", "none", "--read-only", "--user", `${NOBODY}:${NOBODY}`],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", `${processes}`, "--cpus", "1"],
    ...["--memory", `${memoryMB}m`, "--memory-swap", `${memoryMB}m`],
    // named, since podman would otherwise raise them to what it may not
    ...[`cpu=${cpuSeconds}`, "core=0", "nofile=64:64", "nproc=4096:4096"].flatMap((limit) => ["--ulimit", limit]),
    ...["--mount", `type=bind,source=${code},target=${INSIDE},readonly`, image],
    ...["node", ...nodeFlags({ permissionFlag: "--permission" }, INSIDE, limits), INSIDE],
  ];
}

const builders = { strict, uid: ownUid, docker, basic } satisfies Record<Tier, (host: Host, job: Job) => string[]>;

/** Whom a dead parent does not take along: other processes of the uid, and a container, whose client is all that was killed. */
const sweeps: Partial<Record<Tier, (host: Host, job: Job) => string[]>> = {
  uid: (host, { uid }) => [...asNobody(host, uid), "/bin/sh", "-c", "kill -9 -1"],
  docker: ({ engine = "docker" }, job) => [engine, "rm", "--force", containerName(job)],
};

/** The command line that starts the runner shut in. */
export function sandboxCommand(tier: Tier, host: Host, job: Job): Command {
  const descriptors = tier === "docker" ? ([0, 1] as const) : ([PIPE, PIPE] as const);
  const [file, ...args] = [...builders[tier](host, job), ...descriptors.map(String)];
  const sweep = sweeps[tier]?.(host, job);
  return { file, args, descriptors, ...(sweep && { sweep }) };
}
