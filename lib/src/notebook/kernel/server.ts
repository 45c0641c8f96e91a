import { isCompleteCode } from "tslab/dist/converter.js";
import { printQuickInfo } from "tslab/dist/inspect.js";
import type { Publisher, Router } from "zeromq";
import { address, type Connection, type Content, decode, encode, type Message, message } from "../wire.js";
import { loadZeromq } from "../zeromq.js";
import type { Session } from "./session.js";

interface ServerOptions {
  readonly connection: Connection;
  readonly session: Session;
  readonly shutDown: () => void;
}

/** Speaks the Jupyter protocol for a session. */
export class KernelServer {
  private readonly connection: Connection;
  private readonly session: Session;
  private readonly shutDown: () => void;
  private readonly iopub: Publisher;
  private readonly zmq = loadZeromq();

  constructor({ connection, session, shutDown }: ServerOptions) {
    this.connection = connection;
    this.session = session;
    this.shutDown = shutDown;
    this.iopub = new this.zmq.Publisher(UNBOUNDED);
  }

  async listen(): Promise<void> {
    const shell = new this.zmq.Router(UNBOUNDED);
    const control = new this.zmq.Router(UNBOUNDED);
    const stdin = new this.zmq.Router();
    const heartbeat = new this.zmq.Reply();
    await Promise.all([
      this.iopub.bind(address(this.connection, "iopub")),
      shell.bind(address(this.connection, "shell")),
      control.bind(address(this.connection, "control")),
      stdin.bind(address(this.connection, "stdin")),
      heartbeat.bind(address(this.connection, "hb")),
    ]);
    void this.receive(shell);
    void this.receive(control);
    for await (const beat of heartbeat) await heartbeat.send(beat);
  }

  private async receive(socket: Router): Promise<void> {
    for await (const frames of socket) {
      try {
        this.handle(decode(frames, this.connection.key), socket);
      } catch (error) {
        this.session.reportLate(error);
      }
    }
  }

  private handle(request: Message, socket: Router): void {
    const type = request.header.msg_type;
    if (type === "execute_request") {
      this.execute(request, socket);
      return;
    }
    this.status("busy", request);
    try {
      const content = this.answer(type, request.content);
      if (content) this.reply(request, content, socket);
    } catch (error) {
      const { name, message: text } = error as Error;
      this.reply(request, { status: "error", ename: name, evalue: text, traceback: [] }, socket);
    } finally {
      this.status("idle", request);
    }
    if (type === "shutdown_request") this.shutDown();
  }

  /** The reply to everything that is answered at once; undefined for messages that ask nothing of us. */
  private answer(type: string, content: Content): Content | undefined {
    const code = String(content.code ?? "");
    const position = Number(content.cursor_pos ?? code.length);
    switch (type) {
      case "kernel_info_request":
        return KERNEL_INFO;
      case "is_complete_request":
        return completeness(code);
      case "complete_request":
        return this.session.complete(code, position);
      case "inspect_request":
        return this.inspection(code, position);
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "history_request":
        return { status: "ok", history: [] };
      case "interrupt_request":
        this.session.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content.restart === true };
    }
    return undefined;
  }

  private inspection(code: string, position: number): Content {
    const info = this.session.inspect(code, position);
    const data = info ? { "text/plain": printQuickInfo(info) } : {};
    return { status: "ok", found: info !== undefined, data, metadata: {} };
  }

  private execute(request: Message, socket: Router): void {
    const { code, silent, stop_on_error: stopOnError } = request.content;
    this.session.submit({
      code: String(code),
      silent: silent === true,
      stopOnError: stopOnError !== false,
      publish: (type, content) => this.publish(type, content, request),
      starts: () => this.status("busy", request),
      ends: (content) => {
        this.reply(request, content, socket);
        this.status("idle", request);
      },
    });
  }

  private status(state: "busy" | "idle", request: Message): void {
    this.publish("status", { execution_state: state }, request);
  }

  private publish(type: string, content: Content, request: Message): void {
    const published = { ...message(type, content, request), identities: [Buffer.from(type)] };
    void this.iopub.send(encode(published, this.connection.key));
  }

  private reply(request: Message, content: Content, socket: Router): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    void socket.send(encode(message(type, content, request), this.connection.key));
  }
}

/**
 * Sends at once and without limit: by default all beyond some 500 messages in one turn of the event loop are lost.
 * At its end the kernel waits so long (ms) for what is not delivered yet, and not for ever.
 */
const UNBOUNDED = { sendTimeout: 0, sendHighWaterMark: 0, linger: 500 };

const KERNEL_INFO: Content = {
  status: "ok",
  protocol_version: "5.3",
  implementation: "unrolled",
  implementation_version: "1.0.0",
  banner: "Unrolled: TypeScript by tslab",
  help_links: [],
  language_info: {
    name: "typescript",
    version: "5.0.4",
    mimetype: "text/typescript",
    file_extension: ".ts",
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
  },
};

function completeness(code: string): Content {
  const { completed, indent } = isCompleteCode(code);
  return completed ? { status: "complete" } : { status: "incomplete", indent: indent ?? "" };
}
