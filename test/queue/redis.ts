// Whether there is a real redis-server; and machines that work for it, each in a network of its own where root may.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { familyOf } from "../../lib/src/grader/sandbox/cpu.js";
import { findProgram } from "../../lib/src/notebook/system.js";

/** BullMQ as the package in queue/ has it: from here its name leads nowhere. */
export const { Queue } = createRequire(`${courseRoot()}queue/package.json`)("bullmq") as typeof import("bullmq");

/** Without it these tests are left out, but for continuous integration, where it has to be there. */
export const hasRedis = findProgram("redis-server") !== undefined || process.env.CI === "true";
/** For certificates. */
export const hasOpenssl = findProgram("openssl") !== undefined || process.env.CI === "true";
if (!hasRedis) console.log("There is no redis-server here: tests with a real one are left out.");

/** A bridge of one's own with an address, and a network for each machine behind it. */
export class Networks {
  private readonly bridge = `unr${process.pid % 100_000}`;
  private readonly subnet = `10.${64 + (process.pid % 64)}.${Math.floor(process.pid / 64) % 256}`;
  private count = 0;

  private constructor() {
    this.ip("link", "add", this.bridge, "type", "bridge");
    this.ip("addr", "add", `${this.host}/24`, "dev", this.bridge);
    this.ip("link", "set", this.bridge, "up");
  }

  /** Undefined where this machine does not allow it. */
  static open(): Networks | undefined {
    if (process.platform !== "linux" || process.getuid?.() !== 0 || !findProgram("ip")) return undefined;
    try {
      return new Networks();
    } catch {
      return undefined;
    }
  }

  get host(): string {
    return `${this.subnet}.1`;
  }

  /** A new network: its name, to run programs in. */
  add(): string {
    const k = ++this.count;
    const name = `${this.bridge}-${k}`;
    const [outside, inside] = [`${this.bridge}o${k}`, `${this.bridge}i${k}`];
    this.ip("netns", "add", name);
    this.ip("link", "add", outside, "type", "veth", "peer", "name", inside);
    this.ip("link", "set", outside, "master", this.bridge, "up");
    this.ip("link", "set", inside, "netns", name);
    this.inside(name, "addr", "add", `${this.subnet}.${k + 1}/24`, "dev", inside);
    this.inside(name, "link", "set", inside, "up");
    this.inside(name, "link", "set", "lo", "up");
    return name;
  }

  /** Pulls the plug of one machine, or puts it back. */
  plug(name: string, state: "up" | "down"): void {
    this.ip("link", "set", `${this.bridge}o${name.split("-")[1]}`, state);
  }

  close(): void {
    for (let k = 1; k <= this.count; k++) spawnSync("ip", ["netns", "del", `${this.bridge}-${k}`]);
    spawnSync("ip", ["link", "del", this.bridge]);
  }

  private inside(name: string, ...args: string[]): void {
    this.ip("-n", name, ...args);
  }

  private ip(...args: string[]): void {
    execFileSync("ip", args, { stdio: "ignore" });
  }
}

export interface MachineOptions {
  readonly url: string;
  readonly args?: readonly string[];
  readonly network?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** `unrolled worker` on a machine of its own. What it says is kept. */
export class Machine {
  private readonly child: ChildProcess;
  said = "";
  readonly over: Promise<number | null>;

  constructor(readonly options: MachineOptions) {
    const { url, args = [], network, env = {} } = options;
    const program = `const { main } = await import(${JSON.stringify(`${courseRoot()}lib/dist/cli/worker.js`)});
      process.exitCode = await main(${JSON.stringify(["--queue", url, ...args])}, { root: ${JSON.stringify(courseRoot())} });`;
    const command = [process.execPath, "--input-type=module", "-e", program];
    const [file, ...rest] = network ? ["ip", "netns", "exec", network, ...command] : command;
    this.child = spawn(file, rest, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (text) => {
        this.said += String(text);
      });
    this.over = new Promise((resolve) => void this.child.once("close", resolve));
  }

  /** Of the process that looks after the workers, and of the workers. */
  get processes(): number[] {
    const { pid } = this.child;
    if (pid === undefined) return [];
    return familyOf(pid);
  }

  async until(text: string | RegExp, seconds = 120): Promise<void> {
    for (let tries = 0; tries < seconds * 20; tries++) {
      if (typeof text === "string" ? this.said.includes(text) : text.test(this.said)) return;
      if (this.child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`a worker never said ${text}, but: ${this.said}`);
  }

  /** To all of it at once. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.child.pid as number), signal);
    } catch {
      // it is gone
    }
  }

  /** Asks it to stop after the jobs at hand. */
  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return this.over;
  }

  async kill(): Promise<void> {
    this.signal("SIGCONT");
    this.signal("SIGKILL");
    await this.over;
  }
}
