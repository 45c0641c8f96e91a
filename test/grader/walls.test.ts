// The walls behind Node's permission flags: the same strict sandbox with the flags taken off.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { type Command, defaultLimits, type Host, sandboxCommand } from "../../lib/src/grader/sandbox/command.js";
import { openFolder, readHost } from "../../lib/src/grader/sandbox/probe.js";
import { runningWith } from "./submissions.js";

let host: Host;
beforeAll(async () => {
  host = await readHost();
});

const isPermission = (arg: string): boolean => /^--((experimental-)?permission|allow-fs-read=.*|no-addons)$/.test(arg);

/** The strict tier's command line for a program, without the flags that Node itself would hold it back by. */
function unflagged(program: string, limits = defaultLimits): Command {
  const code = join(openFolder(), "walls.mjs");
  writeFileSync(code, program, { mode: 0o644 });
  const command = sandboxCommand("strict", host, { code, limits, uid: 0 });
  expect(command.args.some(isPermission)).toBe(true);
  return { ...command, args: command.args.filter((arg) => !isPermission(arg)) };
}

/** What a program in there prints, as JSON. */
function report(program: string, limits = defaultLimits): unknown {
  const { file, args } = unflagged(`${program}\nconsole.log(JSON.stringify(await run()));`, limits);
  const { stdout, stderr } = spawnSync(file, args, { encoding: "utf8", env: {}, cwd: "/", timeout: 60_000 });
  return JSON.parse(stdout || JSON.stringify({ stderr }));
}

/** A program that tries each of these and gives the names of those that worked. */
const tries = (actions: Readonly<Record<string, string>>): string => `
  import fs from "node:fs"; import child from "node:child_process"; import os from "node:os";
  const run = async () => {
    const worked = [];
    ${Object.entries(actions)
      .map(([name, code]) => `try { ${code}; worked.push(${JSON.stringify(name)}); } catch {}`)
      .join("\n    ")}
    return worked;
  };`;

describe("strict without Node's permission flags", () => {
  test("the flags are off: the program reads itself, so what follows is bubblewrap's doing", () => {
    expect(report(tries({ itself: 'fs.readFileSync("/runner.mjs")', variables: "os.cpus()" }))).toEqual([
      "itself",
      "variables",
    ]);
  });

  test("there is nothing to read: no course, no home, no /proc, no /dev, no other program", () => {
    const suite = JSON.stringify(join(courseRoot(), "test/exercises/05-gates.test.ts"));
    const actions = {
      suite: `fs.readFileSync(${suite})`,
      passwd: 'fs.readFileSync("/etc/passwd")',
      proc: 'fs.readdirSync("/proc")',
      devices: 'fs.readdirSync("/dev")',
      temporary: 'fs.readdirSync("/tmp")',
      home: 'fs.readdirSync("/root")',
      shell: 'child.execFileSync("/bin/sh", ["-c", "true"])',
      environment: 'if (Object.keys(process.env).filter((name) => name !== "PWD").length === 0) throw 1',
    };
    expect(report(tries(actions))).toEqual([]);
    const listing = 'import fs from "node:fs"; const run = async () => fs.readdirSync("/");';
    const folders = [...host.libraries, host.node, host.prlimit ?? ""].map((file) => file.split("/")[1]);
    expect(new Set(report(listing) as string[])).toEqual(new Set([...folders, "runner.mjs"]));
  });

  test("there is nothing to write on, and no way to become somebody", () => {
    const actions = {
      runner: 'fs.writeFileSync("/runner.mjs", "x")',
      root: 'fs.mkdirSync("/pwned")',
      temporary: 'fs.writeFileSync("/tmp/pwned", "x")',
      library: `fs.appendFileSync(${JSON.stringify(host.libraries[0])}, "x")`,
      chmod: 'fs.chmodSync("/runner.mjs", 0o777)',
      root2: "process.setuid(0)",
      group: "process.setgid(0)",
      nice: "os.setPriority(0, -10)",
      parent: "if (process.ppid > 1) process.kill(process.ppid, 0); else throw 1",
      strangers: "for (let pid = 10; pid < 5000; pid++) if (pid !== process.pid) process.kill(pid, 0)",
    };
    expect(report(tries(actions))).toEqual([]);
  });

  test("29 no network: neither this machine's ports nor anything beyond", async () => {
    const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const program = `import net from "node:net"; import dgram from "node:dgram";
      const reach = (port, host) => new Promise((resolve) => net.connect({ port, host, timeout: 2000 }, () => resolve("reached"))
        .on("timeout", () => resolve("closed")).on("error", () => resolve("closed")));
      const run = async () => [await reach(${port}, "127.0.0.1"), await reach(53, "192.0.2.1"),
        await new Promise((resolve) => dgram.createSocket("udp4").send("x", 53, "192.0.2.1", (error) => resolve(error ? "closed" : "sent")))];
      console.log(JSON.stringify(await run())); process.exit();`;
    const { file, args } = unflagged(program);
    const child = spawn(file, args, { env: {}, cwd: "/", stdio: ["ignore", "pipe", "ignore"] });
    let printed = "";
    for await (const chunk of child.stdout) printed += chunk;
    server.close();
    expect(JSON.parse(printed)).toEqual(["closed", "closed", "closed"]);
  });

  test("26 a fork bomb: the number of processes is limited, and all end with the first", async () => {
    const mark = `walls ${process.pid}`;
    const program = `import { spawn } from "node:child_process";
      const idle = ["-e", "setInterval(() => {}, 1000) // ${mark}"];
      const bomb = Array.from({ length: 64 }, () => spawn(process.execPath, idle, { stdio: "inherit", detached: true }).on("error", () => {}));
      console.log(bomb.filter(({ pid }) => pid).length); // nothing was waited for meanwhile, so even those that ended count
      process.exit();`;
    const { file, args } = unflagged(program);
    const { stdout } = spawnSync(file, args, { encoding: "utf8", env: {}, cwd: "/", timeout: 60_000 });
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(defaultLimits.processes);
    await expect.poll(() => runningWith(mark)).toEqual([]);
  }, 90_000);

  test("27 threads and memory are limited as well", () => {
    const program = `const run = async () => { const held = []; try { for (;;) held.push(new Uint8Array(2 ** 26).fill(1)); } catch {} return held.length; };`;
    expect(report(program)).toBeLessThan(16);
  }, 60_000);
});
