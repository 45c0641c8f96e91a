import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Exercise } from "../exercise/pack.js";
import { MarkBook } from "../grader/marking/mark-book.js";
import { markingQueue, type QueueItem } from "../grader/marking/queue.js";
import { serveMarking } from "../grader/marking/server.js";
import { markInTerminal } from "../grader/marking/terminal.js";
import { packAt } from "../grader/pack-at.js";
import { gradedBelow } from "../grader/report/read-results.js";
import { marksFile, writeReports } from "../grader/report/write-reports.js";
import type { GradeResult } from "../grader/result.js";

const USAGE = `usage: unrolled mark <graded> [options]
Marks the explain exercises below a folder of results, exercise by exercise over all learners.
Marks go to <graded>/marks.jsonl; grading again never touches it. At the end the reports are made anew.
  --page               on a page in the browser, on this machine only
  --exercise 05.5      only this exercise
  --all                also answers that have marks
  --by <name>          who marks (default: your user name)
  --pack <folder>      the pack with the rubrics (default: this course)
  --port <n>           for --page (default: a free one)`;

interface Settings {
  readonly graded: string;
  readonly page: boolean;
  readonly exercise?: string;
  readonly all: boolean;
  readonly by: string;
  readonly pack?: string;
  readonly port: number;
}

function readSettings(args: string[]): Settings {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      page: { type: "boolean", default: false },
      exercise: { type: "string" },
      all: { type: "boolean", default: false },
      by: { type: "string", default: userInfo().username },
      pack: { type: "string" },
      port: { type: "string", default: "0" },
    },
  });
  if (positionals.length !== 1) throw new Error(`one folder of results must be named, got ${positionals.length}`);
  const graded = resolve(positionals[0]);
  if (!existsSync(graded)) throw new Error(`${positionals[0]} does not exist`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port must be 0 to 65535, got ${values.port}`);
  return { ...values, graded, port };
}

async function* resultsBelow(graded: string): AsyncGenerator<GradeResult> {
  const tell = (path: string, { message }: Error): void => console.error(`passed over ${path}: ${message}`);
  for await (const { result } of gradedBelow(graded, tell)) yield result;
}

async function markOnPage(queue: readonly QueueItem[], book: MarkBook, { by, port }: Settings): Promise<void> {
  const server = await serveMarking(queue, book, { by, port });
  console.log(`Open ${server.url}\nWho has this address can mark. Ctrl-C ends.`);
  await new Promise<void>((stop) => {
    process.once("SIGINT", stop).once("SIGTERM", stop);
  });
  await server.close();
}

/** `unrolled mark graded`: marks by hand. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let settings: Settings;
  let exercises: readonly Exercise[];
  let book: MarkBook;
  try {
    settings = readSettings(args);
    exercises = packAt(settings.pack, root).exercises;
    book = new MarkBook(marksFile(settings.graded));
  } catch (error) {
    console.error(`mark: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  if (book.cutShort) console.error("One line of marks.jsonl was cut short; that answer is to be marked again.");
  const whole = await markingQueue(resultsBelow(settings.graded), exercises, book);
  const wanted = whole.filter(({ exercise }) => settings.exercise === undefined || exercise === settings.exercise);
  const queue = settings.page || settings.all ? wanted : wanted.filter(({ marked }) => !marked);
  if (queue.length === 0) {
    console.log(wanted.length > 0 ? `All ${wanted.length} answers have marks.` : "There is nothing to mark.");
    return 0;
  }
  if (settings.page) await markOnPage(queue, book, settings);
  else await markInTerminal(queue, book, { input: process.stdin, output: process.stdout, by: settings.by });
  await writeReports(settings.graded);
  const left = wanted.filter((item) => !book.find(item, item.answer)).length;
  console.log(`${wanted.length - left} of ${wanted.length} answers have marks. The reports are up to date.`);
  return 0;
}
