import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, readAddress } from "./address.js";

/** A port that nobody listens on just now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
  });

const closed = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => void child.once("close", () => resolve()));

/** A redis-server of one's own on a free port of this machine, for tests and measurements; what is written stays over its restarts. */
export class RedisServer {
  private child?: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), "unrolled-redis-"));

  private constructor(
    readonly port: number,
    readonly host: string,
    private readonly flags: readonly string[],
    private readonly password?: string,
  ) {}

  static async start({
    flags = [],
    password,
    host = "127.0.0.1",
  }: {
    flags?: readonly string[];
    password?: string;
    host?: string;
  } = {}): Promise<RedisServer> {
    for (let tries = 1; ; tries++) {
      const server = new RedisServer(await freePort(), host, flags, password);
      try {
        await server.up();
        return server;
      } catch (error) {
        await server.stop();
        if (tries === 3) throw error; // otherwise another program was quicker to take the port
      }
    }
  }

  get url(): string {
    return `redis://${this.password ? `:${this.password}@` : ""}${this.host}:${this.port}`;
  }

  async up(): Promise<void> {
    const own = ["--port", `${this.port}`, "--bind", ...new Set(["127.0.0.1", this.host]), "--dir", this.folder];
    const keep = ["--save", "", "--appendonly", "yes", "--loglevel", "warning"];
    const secret = this.password ? ["--requirepass", this.password] : [];
    this.child = spawn("redis-server", [...own, ...keep, ...secret, ...this.flags], { stdio: "ignore" });
    for (let tries = 0; tries < 300; tries++) {
      if (this.child.exitCode !== null) break;
      const there = await connect(readAddress(this.url)).catch(() => undefined);
      if (!there) {
        await sleep(100);
        continue;
      }
      there.disconnect();
      return;
    }
    throw new Error("redis-server did not start");
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.child?.kill("SIGKILL");
    if (this.child) await closed(this.child);
  }

  async stop(): Promise<void> {
    this.signal("SIGCONT");
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** All that was ever written into it: its append-only file. */
  everything(): string {
    const folder = join(this.folder, "appendonlydir");
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), "latin1"))
      .join("");
  }

  /** Runs one command. */
  async command(...args: [string, ...string[]]): Promise<unknown> {
    const redis = await connect(readAddress(this.url));
    try {
      const [name, ...rest] = args;
      return await redis.call(name, ...rest);
    } finally {
      redis.disconnect();
    }
  }
}
