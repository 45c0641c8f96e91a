import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Converter, createConverter, type Diagnostic } from "tslab/dist/converter.js";
import { createExecutor, type Executor } from "tslab/dist/executor.js";
import type { Content } from "../wire.js";
import { asText, describeDiagnostics, describeThrown, type ErrorContent, Interrupted, isInterrupt } from "./errors.js";
import type { ExecutedCell } from "./lines.js";
import { awaitsAtTopLevel, guardLoops } from "./loops.js";
import { CellRun, type Publish } from "./run.js";
import { dropStrayExports, expandShorthand } from "./shorthand.js";

/** What a front end asks: run this code, and say when it starts and how it went. */
export interface Job {
  readonly code: string;
  readonly silent: boolean;
  readonly stopOnError: boolean;
  readonly publish: Publish;
  starts(): void;
  ends(reply: Content): void;
}

/** A cell as a check sees it; `ok` is undefined while the cell still runs. */
export interface RecordedCell {
  readonly source: string;
  ok: boolean | undefined;
}

/** After an error, requests that the front end had already sent arrive within this time; they are aborted. */
const ABORT_WINDOW_MS = 50;
/** How long a loop that listens to interrupts may take to end by itself. */
const GRACE_MS = 1500;
const CHECK = "__tslab__.stopIfAsked();";

/** The learner's session: one cell after the other, on tslab's compiler and executor. */
export class Session {
  readonly interrupts = new EventTarget();
  readonly recorded: RecordedCell[] = [];
  private readonly runs = new AsyncLocalStorage<CellRun>();
  private readonly executed = new Map<string, ExecutedCell>();
  private readonly queue: Job[] = [];
  private readonly converter: Converter;
  private readonly executor: Executor;
  private busy = false;
  private count = 0;
  private running: CellRun | undefined;
  private last: CellRun | undefined;
  private diagnostics: readonly Diagnostic[] = [];
  private thrown: unknown[] = [];
  private declarations = ""; // of all cells so far, also those of a cell that threw or was stopped halfway

  constructor(directory: string) {
    this.converter = createConverter({ isJS: false, isBrowser: false });
    const node = { ...this.converter, convert: this.convert.bind(this) };
    const converters = { node, browser: node, close: () => this.converter.close() };
    this.executor = createExecutor(directory, converters, {
      log: (value) => this.running?.result(value),
      error: (...args) => this.fails(args),
    });
    const internals = (globalThis as unknown as { __tslab__: Record<string, unknown> }).__tslab__;
    internals.stopIfAsked = () => {
      if (this.runs.getStore()?.interrupted) throw new Interrupted();
    };
  }

  /** The cell that the calling code belongs to; for code outside any cell the last one. */
  get current(): CellRun | undefined {
    return this.runs.getStore() ?? this.last;
  }

  submit(job: Job): void {
    this.queue.push(job);
    if (!this.busy) void this.work();
  }

  interrupt(): void {
    const run = this.running;
    if (!run) return;
    const event = new Event("interrupt", { cancelable: true });
    this.interrupts.dispatchEvent(event);
    setTimeout(() => this.stop(run), event.defaultPrevented ? GRACE_MS : 0);
  }

  /** An error that no cell awaited: shown where the code came from; the session goes on. */
  reportLate(error: unknown): void {
    if (isInterrupt(error)) return; // a loop that the reader stopped and nobody awaited
    const text = asText(describeThrown(error, this.executed));
    if (this.current) this.current.write("stderr", text);
    else process.stderr.write(text);
  }

  complete(code: string, position: number): Content {
    const { start, end, candidates } = this.converter.complete(this.declarations, code, position);
    return { status: "ok", matches: candidates, cursor_start: start, cursor_end: end, metadata: {} };
  }

  inspect(code: string, position: number): ReturnType<Converter["inspect"]> | undefined {
    return this.converter.inspect(this.declarations, code, position);
  }

  private stop(run: CellRun): void {
    if (this.running !== run) return;
    run.interrupted = true;
    this.executor.interrupt();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let job = this.queue.shift(); job; job = this.queue.shift()) {
      job.starts();
      const reply = await this.run(job);
      if (reply.status === "error" && job.stopOnError) {
        await sleep(ABORT_WINDOW_MS);
        const aborted = this.queue.splice(0);
        job.ends(reply);
        for (const other of aborted) {
          other.starts();
          other.ends({ status: "aborted", execution_count: this.count });
        }
      } else job.ends(reply);
    }
    this.busy = false;
  }

  private async run({ code, silent, publish }: Job): Promise<Content> {
    if (!silent) this.count++;
    const run = new CellRun(code, this.count, silent, publish);
    const record: RecordedCell = { source: code, ok: undefined };
    if (!silent) this.recorded.push(record);
    this.running = this.last = run;
    this.diagnostics = [];
    this.thrown = [];
    run.publish("execute_input", { code, execution_count: run.count });

    const ok = await this.runs.run(run, () => this.execute(code));
    this.running = undefined;
    record.ok = ok;
    if (ok) {
      run.flush();
      return { status: "ok", execution_count: run.count, user_expressions: {}, payload: [] };
    }
    const error = this.failure(code);
    run.publish("error", { ...error });
    return { status: "error", execution_count: run.count, ...error };
  }

  private async execute(code: string): Promise<boolean> {
    try {
      return await this.executor.execute(code);
    } catch (error) {
      this.thrown = [error]; // from the compiler, or from a value that could not be displayed
      return false;
    }
  }

  private failure(source: string): ErrorContent {
    if (this.diagnostics.length) return describeDiagnostics(this.diagnostics, source);
    return describeThrown(this.thrown[0], this.executed);
  }

  /** tslab reports a thrown value as one argument; diagnostics come as several, and we have them already. */
  private fails(args: unknown[]): void {
    if (args.length === 1) this.thrown.push(args[0]);
    else if (!this.diagnostics.length) this.running?.write("stderr", `${args.slice(1).join(" ")}\n`);
  }

  private convert(_previous: string, source: string): ReturnType<Converter["convert"]> {
    const converted = this.converter.convert(this.declarations, source);
    this.diagnostics = converted.diagnostics;
    if (!this.diagnostics.length) this.declarations = converted.declOutput ?? "";
    if (!converted.output) return converted;
    const name = `cell-${this.count}`;
    const known = expandShorthand(dropStrayExports(converted.output), (name) =>
      Object.hasOwn(this.executor.locals, name),
    );
    const emitted = guardLoops(known, CHECK);
    const hasToplevelAwait = converted.hasToplevelAwait || awaitsAtTopLevel(converted.output);
    this.executed.set(name, { source, emitted });
    return { ...converted, hasToplevelAwait, output: `${emitted}\n//# sourceURL=${name}` };
  }
}
