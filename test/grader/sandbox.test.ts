import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { Grader } from "../../lib/src/grader/grade.js";
import type { Tier } from "../../lib/src/grader/result.js";
import { defaultLimits, type Host, type Job, sandboxCommand } from "../../lib/src/grader/sandbox/command.js";
import { openFolder, probe, readHost, works } from "../../lib/src/grader/sandbox/probe.js";
import { builtin, gate } from "./attacks/attack.js";
import { answered, fileOf, fullPoints, pack, runningWith } from "./submissions.js";

const host: Host = {
  node: "/usr/bin/node",
  permissionFlag: "--permission",
  libraries: ["/lib/libc.so.6"],
  bwrap: "/usr/bin/bwrap",
  prlimit: "/usr/bin/prlimit",
  setpriv: "/usr/bin/setpriv",
  engine: "/usr/bin/podman",
  root: true,
};
const job: Job = { code: "/tmp/code.mjs", limits: defaultLimits, uid: 60_007 };
const line = (tier: Tier, change: Partial<Host> = {}) => {
  const { file, args } = sandboxCommand(tier, { ...host, ...change }, job);
  return [file, ...args].join(" ");
};

describe("sandboxCommand", () => {
  test("strict: nobody first where root, then namespaces, then limits inside them, then Node's permissions", () => {
    expect(line("strict")).toMatch(
      /^\/usr\/bin\/setpriv --reuid=65534 .*bwrap --unshare-all .*-- \/usr\/bin\/prlimit .*node --permission --allow-fs-read=\/runner\.mjs/,
    );
    expect(line("strict", { root: false })).toMatch(/^\/usr\/bin\/bwrap/);
    for (const part of [
      "--disable-userns",
      "--new-session",
      "--die-with-parent",
      "--cap-drop ALL",
      "--clearenv",
      "--remount-ro /",
    ])
      expect(line("strict")).toContain(part);
    expect(line("strict")).not.toMatch(/--(share-net|proc|dev|bind|tmpfs) /);
  });

  test("strict: the sandbox sees node, its libraries, prlimit and one file of code", () => {
    const seen = [...line("strict").matchAll(/--ro-bind (\S+) (\S+)/g)].map(([, from, to]) => `${from} ${to}`);
    expect(seen).toEqual([
      "/lib/libc.so.6 /lib/libc.so.6",
      "/usr/bin/prlimit /usr/bin/prlimit",
      "/usr/bin/node /usr/bin/node",
      "/tmp/code.mjs /runner.mjs",
    ]);
  });

  test("uid: a uid of its own, no privileges, gone with its parent", () => {
    expect(line("uid")).toMatch(/^\/usr\/bin\/setpriv --reuid=60007 --regid=60007 --clear-groups --no-new-privs/);
    expect(line("uid")).toContain("--pdeathsig=KILL");
  });

  test("docker: no network, nothing to write, no privileges, frames over standard input and output", () => {
    const { args, descriptors, sweep } = sandboxCommand("docker", host, { ...job, image: "node:24-slim" });
    expect(descriptors).toEqual([0, 1]);
    expect(sweep).toEqual(["/usr/bin/podman", "rm", "--force", args[args.indexOf("--name") + 1]]);
    const command = args.join(" ");
    for (const part of ["--rm --interactive", "--network none", "--read-only", "--user 65534:65534", "--cap-drop ALL"])
      expect(command).toContain(part);
    for (const part of ["--security-opt no-new-privileges", "--pids-limit 48", "--memory 700m --memory-swap 700m"])
      expect(command).toContain(part);
    expect(command).toMatch(
      /source=\/tmp\/code\.mjs,target=\/runner\.mjs,readonly node:24-slim node --permission .* \/runner\.mjs 0 1$/,
    );
  });

  test("basic: without prlimit and setpriv, as on macOS, Node's permissions remain", () => {
    const bare = line("basic", { prlimit: undefined, setpriv: undefined });
    expect(bare).toMatch(/^\/usr\/bin\/node --permission --allow-fs-read=\/tmp\/code\.mjs/);
  });
});

describe("probe", () => {
  test("a tier counts only if code runs in it: a broken bubblewrap is none", async () => {
    const real = await readHost();
    const folder = openFolder();
    expect(await works("strict", real, folder)).toBe(true);
    expect(await works("strict", { ...real, bwrap: "/bin/false" }, folder)).toBe(false);
    expect(await works("strict", { ...real, bwrap: undefined }, folder)).toBe(false);
    expect(await works("docker", { ...real, engine: "/bin/true" }, folder)).toBe(false);
    expect(await probe({ ...real, bwrap: undefined, engine: undefined, root: false })).toBe("basic");
  });
});

const asRoot = process.getuid?.() === 0;

const dockerWorks = await works("docker", await readHost(), openFolder());
/** The weaker tiers that there are here. A container engine with the image node:22-slim is rare where tests run. */
const here: readonly Tier[] = [
  ...(asRoot ? (["uid"] as const) : []),
  ...(dockerWorks ? (["docker"] as const) : []),
  "basic",
];

describe.each(here)("tier %s", (tier) => {
  let grader: Grader;
  beforeAll(async () => {
    grader = await Grader.start({ pack, tier, limits: { callSeconds: 2 } });
  });
  afterAll(() => grader.close());
  const grade = async (notebook = answered()) => grader.grade({ file: fileOf(notebook), learner: "ada" });
  const problem = async (body: string) => {
    const { exercises } = await grade(gate(body));
    return exercises.find(({ id }) => id === "05.2")?.tests[0].problem ?? "";
  };

  test("right answers earn all points, and the result names the tier", async () => {
    expect(await grade()).toMatchObject({ gradable: true, earned: fullPoints, tier });
  });

  test("14, 15, 26, 27: no files, no processes, no threads", async () => {
    const tried = `const [fs, child, worker] = [${builtin("fs")}, ${builtin("child_process")}, ${builtin("worker_threads")}];
      const tries: Record<string, () => unknown> = {
        read: () => fs.readFileSync("/etc/passwd"), write: () => fs.writeFileSync("/tmp/pwned", "x"),
        suite: () => fs.readFileSync(${JSON.stringify(`${courseRoot()}solutions/manifest.json`)}),
        spawn: () => child.spawnSync("true"), thread: () => new worker.Worker("", { eval: true }) };
      const worked = Object.keys(tries).filter((name) => { try { tries[name](); return true; } catch { return false; } });
      throw new Error("worked: " + worked.join());`;
    expect(await problem(tried)).toMatch(/worked: $/);
    expect(existsSync("/tmp/pwned")).toBe(false);
  });

  test("20: a loop without end ends", async () => {
    expect(await problem("for (;;);")).toMatch(/did not return within 2 s/);
    await expect.poll(() => runningWith(`unrolled-${process.pid}-`)).toEqual([]); // a container outlives its client
  });

  const shut = tier === "docker" || Number(process.versions.node.split(".")[0]) >= 25;
  test(`29: the network is ${shut ? "shut" : "open, which is why the tier is weak"}`, async () => {
    const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const body = `return new Promise((_, reject) => ${builtin("net")}.connect(${port}, "127.0.0.1", () => reject(new Error("reached"))).on("error", () => reject(new Error("closed"))));`;
    expect(await problem(body)).toMatch(shut ? /closed|ERR_ACCESS_DENIED/ : /reached/);
    server.close();
  });
});

const asPlainUser = (): void => {
  const file = fileOf(answered());
  const out = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
  execFileSync("chown", ["-R", "65534:65534", out, file.slice(0, file.lastIndexOf("/"))]);
  const cli = `const { main } = await import(${JSON.stringify(`${courseRoot()}lib/dist/cli/grade.js`)});
    process.exitCode = await main([${JSON.stringify(file)}, "--out", ${JSON.stringify(out)}], { root: ${JSON.stringify(courseRoot())} });`;
  const user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  const done = spawnSync("setpriv", [...user, process.execPath, "--input-type=module", "-e", cli], {
    encoding: "utf8",
  });
  execFileSync("rm", ["-rf", out]);
  expect(done.stderr).toContain("Sandbox: strict");
  expect(done.stdout).toContain(`05-gates: ${fullPoints} of ${fullPoints} points`);
  expect(done.status).toBe(0);
};
if (asRoot) test("strict as a plain user: the same verdict", asPlainUser);
