import { inspect } from "node:util";
import { DISPLAY, isDisplayable, type MimeBundle } from "../bundle.js";
import type { Content } from "../wire.js";

/** Sends one message about a cell to everyone who watches. */
export type Publish = (type: string, content: Content) => void;

/** A front end drops output that comes in too many messages, so text is gathered for this long. */
const GATHER_MS = 20;

/** One execution of a cell, and where its output goes: also what it prints after it has ended. */
export class CellRun {
  interrupted = false;
  private stream = "stdout";
  private text = "";
  private sentAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly source: string,
    readonly count: number,
    readonly silent: boolean,
    private readonly send: Publish,
  ) {}

  write(stream: string, text: string): void {
    if (stream !== this.stream) this.flush();
    this.stream = stream;
    this.text += text;
    const wait = this.sentAt + GATHER_MS - performance.now();
    if (wait <= 0)
      this.flush(); // inside a synchronous loop too, where no timer fires
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  publish(type: string, content: Content): void {
    this.flush();
    if (!this.silent) this.send(type, content);
  }

  result(value: unknown): void {
    const data = toBundle(value);
    this.publish("execute_result", { data, metadata: {}, execution_count: this.count });
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.text) return;
    const content = { name: this.stream, text: this.text };
    this.text = "";
    this.sentAt = performance.now();
    if (!this.silent) this.send("stream", content);
  }
}

function toBundle(value: unknown): MimeBundle {
  if (isDisplayable(value)) return value[DISPLAY]();
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}
