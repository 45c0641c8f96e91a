import { inspect, stripVTControlCharacters, types } from "node:util";
import type { Diagnostic } from "tslab/dist/converter.js";
import { type ExecutedCell, sourceLine } from "./lines.js";

/** The content of a Jupyter `error` message. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A cell was stopped by its reader. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("the cell was stopped");
  }
}

const SHOWN_FRAMES = 5;
const red = (text: string): string => `\x1b[31m${text}\x1b[39m`;
const bold = (text: string): string => `\x1b[1m${text}\x1b[22m`;

/** What the compiler found in a cell: each message with its line of code and a caret under the place. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], source: string): ErrorContent {
  const lines = source.split("\n");
  const traceback = diagnostics.flatMap(({ fileName, start, end, code, messageText }) => {
    const place = `${fileName ?? "line"} ${start.line + 1}:${start.character + 1}`;
    const title = `${red(place)} ${bold(messageText)} (TS${code})`;
    const text = lines[start.line];
    if (fileName || text === undefined) return [title];
    const width = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
    return [title, ...codeLine(start.line + 1, text, start.character, width)];
  });
  const [first] = diagnostics;
  const evalue = `${first.start.line + 1}:${first.start.character + 1} ${first.messageText}`;
  return { ename: "TypeScriptError", evalue, traceback };
}

/** What a cell threw: name, message, and the lines of the learner's cells that it came through, innermost first. */
export function describeThrown(thrown: unknown, cells: ReadonlyMap<string, ExecutedCell>): ErrorContent {
  if (isInterrupt(thrown))
    return { ename: "Interrupted", evalue: "the cell was stopped", traceback: [red("Stopped.")] };
  if (!isError(thrown)) {
    const evalue = inspect(thrown);
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
  const { name, message } = thrown;
  return { ename: name, evalue: message, traceback: [...errorLines(thrown, cells), ...causeLines(thrown, cells)] };
}

/** The same as plain text, for an error that belongs to no running cell. */
export function asText({ traceback }: ErrorContent): string {
  return `${stripVTControlCharacters(traceback.join("\n"))}\n`;
}

export function isInterrupt(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  if (thrown instanceof Interrupted || code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return true;
  return thrown instanceof Error && thrown.message === "Interrupted asynchronously"; // tslab's own
}

function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

function errorLines(error: Error, cells: ReadonlyMap<string, ExecutedCell>): string[] {
  return [`${red(error.name)}: ${bold(error.message)}`, ...learnerFrames(error, cells)];
}

function causeLines({ cause }: Error, cells: ReadonlyMap<string, ExecutedCell>, depth = 0): string[] {
  if (cause === undefined || depth > 3) return [];
  if (!isError(cause)) return ["", `Caused by ${inspect(cause)}`];
  const [title, ...frames] = errorLines(cause, cells);
  return ["", `Caused by ${title}`, ...frames, ...causeLines(cause, cells, depth + 1)];
}

/** Frames name a cell by the address that the session gave its script: cell-3:4:9. */
const FRAME = /^\s+at (?:async )?(?:(?<fn>.+?) \()?(?<cell>cell-\d+):(?<line>\d+):\d+\)?$/;

function learnerFrames({ stack = "" }: Error, cells: ReadonlyMap<string, ExecutedCell>): string[] {
  const frames = String(stack)
    .split("\n")
    .flatMap((text) => {
      const { fn, cell, line } = FRAME.exec(text)?.groups ?? {};
      const executed = cells.get(cell);
      const isWrapper = Number(line) > (executed?.emitted.split("\n").length ?? 0); // tslab's call of the cell
      return executed && !isWrapper ? [{ fn, cell, executed, emittedLine: Number(line) }] : [];
    });
  const shown = frames.slice(0, SHOWN_FRAMES).flatMap(({ fn, cell, executed, emittedLine }) => {
    const line = sourceLine(executed, emittedLine);
    const name = fn?.replace(/^(Proxy|Object|Timeout|Immediate)\./, ""); // who called it is none of the learner's
    const where = `  in cell [${cell.slice("cell-".length)}]${name ? `, ${name}` : ""}`;
    return line === undefined ? [where] : [where, ...codeLine(line, executed.source.split("\n")[line - 1])];
  });
  const rest = frames.length - SHOWN_FRAMES;
  return rest > 0 ? [...shown, `  … ${rest} more`] : shown;
}

function codeLine(line: number, text: string, caretAt?: number, width = 1): string[] {
  const shown = `  ${line} | ${text}`;
  if (caretAt === undefined) return [shown];
  const indent = text.slice(0, caretAt).replace(/[^\t]/g, " ");
  return [shown, `  ${" ".repeat(String(line).length)} | ${indent}${red("^".repeat(width))}`];
}
