import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Dealer, Subscriber } from "zeromq";
import { kernelCommand } from "./kernelspec.js";
import { address, type Connection, type Content, decode, encode, type Message, message } from "./wire.js";
import { loadZeromq } from "./zeromq.js";

/** Called for each message about a request: stream, display_data, error ... */
export type OnOutput = (type: string, content: Content) => void;

export interface KernelOptions {
  /** Where the kernel runs; a notebook's imports resolve from there. */
  readonly directory?: string;
  /** Program and arguments before `--config-path`. */
  readonly command?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface ExecuteOptions {
  readonly onOutput?: OnOutput;
  readonly stopOnError?: boolean;
  readonly silent?: boolean;
}

interface Waiting {
  readonly onOutput?: OnOutput;
  readonly resolve: (reply: Content) => void;
  readonly reject: (error: Error) => void;
  reply?: Content;
  idle?: boolean;
}

/** The kernel's process ended while something was still asked of it. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
}

const START_TIMEOUT_MS = 60_000;
const KEPT_STDERR = 4000;
/** How long what a kernel said before it died may still be on its way. */
const LAST_WORDS_MS = 50;

/** A kernel process and the conversation with it: the protocol's client side, without Python. */
export class KernelClient {
  /** Resolves when the process ends, with what it left behind. */
  readonly exited: Promise<KernelDied>;
  private readonly waiting = new Map<string, Waiting>();
  private readonly session = randomUUID();
  private death: KernelDied | undefined;
  private stderr = "";

  private constructor(
    readonly process: ChildProcess,
    private readonly connection: Connection,
    private readonly file: string,
    private readonly shell: Dealer,
    readonly control: Dealer,
    private readonly iopub: Subscriber,
  ) {
    this.process.stderr?.on("data", (data) => {
      this.stderr = (this.stderr + data).slice(-KEPT_STDERR);
    });
    this.exited = new Promise((resolve) => {
      this.process.once("error", (error) => resolve(this.died(error.message)));
      this.process.once("close", (code, signal) => resolve(this.died(signal ?? `exit code ${code}`)));
    });
    for (const socket of [shell, control, iopub]) void this.receive(socket);
  }

  /** Starts a kernel and waits until it answers. */
  static async start({
    directory,
    command = kernelCommand(),
    env = process.env,
  }: KernelOptions = {}): Promise<KernelClient> {
    const zmq = loadZeromq();
    const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
    const connection = await newConnection(folder);
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [program, ...args] = [...command, "--config-path", file];
    const plain = { ...env, FORCE_COLOR: undefined }; // what cells show is the same whoever runs them
    const child = spawn(program, args, { cwd: directory, env: plain, stdio: ["ignore", "ignore", "pipe"] });
    const shell = new zmq.Dealer({ linger: 0 });
    const control = new zmq.Dealer({ linger: 0 });
    const iopub = new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 0 });
    const kernel = new KernelClient(child, connection, file, shell, control, iopub);
    shell.connect(address(connection, "shell"));
    control.connect(address(connection, "control"));
    iopub.subscribe();
    iopub.connect(address(connection, "iopub"));
    try {
      await kernel.ready();
    } catch (error) {
      await kernel.kill();
      throw error;
    }
    return kernel;
  }

  /** Runs a cell; resolves with the reply once everything it printed has come. @throws KernelDied */
  execute(code: string, { onOutput, stopOnError = true, silent = false }: ExecuteOptions = {}): Promise<Content> {
    const options = { silent, store_history: !silent, user_expressions: {}, allow_stdin: false };
    return this.request("execute_request", { code, ...options, stop_on_error: stopOnError }, onOutput);
  }

  /** Sends any request on the shell channel. @throws KernelDied */
  request(type: string, content: Content, onOutput?: OnOutput, socket = this.shell): Promise<Content> {
    if (this.death) return Promise.reject(this.death);
    const asked = message(type, content, undefined, this.session);
    return new Promise((resolve, reject) => {
      this.waiting.set(asked.header.msg_id, { onOutput, resolve, reject });
      socket.send(encode(asked, this.connection.key)).catch(reject);
    });
  }

  /** The stop button. */
  async interrupt(): Promise<void> {
    if (process.platform === "win32") await this.request("interrupt_request", {}, undefined, this.control);
    else this.process.kill("SIGINT");
  }

  /** Asks the kernel to end, and waits until it has. */
  async shutdown(): Promise<void> {
    this.request("shutdown_request", { restart: false }, undefined, this.control).catch(() => {});
    await this.exited;
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.exited;
  }

  /** Answers only count once iopub delivers, so ask until the kernel's idle comes through. */
  private async ready(): Promise<void> {
    const until = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < until) {
      const answered = this.request("kernel_info_request", {}).then(() => true);
      answered.catch(() => {}); // an earlier question, answered by the kernel's death
      if (await Promise.race([answered, pause(300)])) return;
    }
    throw new Error(`the kernel did not answer within ${START_TIMEOUT_MS / 1000} s\n${this.stderr}`);
  }

  private async receive(socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) this.handle(decode(frames, this.connection.key), socket === this.iopub);
    } catch (error) {
      if (!socket.closed) throw error;
    }
  }

  private handle({ header, parent, content }: Message, published: boolean): void {
    const id = parent.msg_id ?? "";
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    if (!published) waiting.reply = content;
    else if (header.msg_type !== "status") waiting.onOutput?.(header.msg_type, content);
    else if (content.execution_state === "idle") waiting.idle = true;
    if (!waiting.reply || !waiting.idle) return;
    this.waiting.delete(id);
    waiting.resolve(waiting.reply);
  }

  private died(how: string): KernelDied {
    this.death = new KernelDied(`the kernel died: ${how}${this.stderr ? `\n${this.stderr}` : ""}`);
    const asked = [...this.waiting.values()];
    this.waiting.clear();
    setTimeout(() => {
      for (const { reject } of asked) reject(this.death!);
      this.close();
    }, LAST_WORDS_MS);
    return this.death;
  }

  private close(): void {
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
    rmSync(dirname(this.file), { recursive: true, force: true });
  }
}

const pause = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(resolve, ms, false));

/** Socket files in our own folder where there are such; two kernels can never meet on one port there. */
async function newConnection(folder: string): Promise<Connection> {
  const windows = process.platform === "win32";
  const ports = windows ? await freePorts(5) : [1, 2, 3, 4, 5];
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  return {
    ...{ transport: windows ? "tcp" : "ipc", ip: windows ? "127.0.0.1" : join(folder, "k") },
    ...{ key: randomUUID(), signature_scheme: "hmac-sha256" },
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
