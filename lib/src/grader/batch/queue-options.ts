import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { QueueOptions, QueueReport } from "./queue-package.js";

/** What `grade` and `reproduce` understand about the queue. */
export const queueFlags = {
  queue: { type: "string" },
  "queue-name": { type: "string", default: "course" },
  detach: { type: "boolean", default: false },
  retry: { type: "boolean", default: false },
} as const;

export const queueUsage = `  --queue <url>           sends the work to machines that run unrolled worker: redis://host:port, or rediss:// for TLS
  --queue-name <name>     one of several queues in the same Redis (default: course)
  --detach                leaves the work there; unrolled collect brings the results
  --retry                 tries again what the workers gave up`;

interface QueueValues {
  readonly queue?: string;
  readonly "queue-name": string;
  readonly detach: boolean;
  readonly retry: boolean;
}

/** @throws TypeError if an option makes sense only with --queue */
export function readQueueFlags(values: QueueValues): QueueOptions | undefined {
  const { queue: url, detach, retry } = values;
  if (url !== undefined) return { url, name: values["queue-name"], wait: !detach, retry };
  if (detach || retry) throw new TypeError(`${detach ? "--detach" : "--retry"} goes with --queue`);
  return undefined;
}

/** The secret in a file. @throws RangeError if it is too short to be one */
export function readSeedFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const seed = readFileSync(file, "utf8").trim();
  if (seed.length < 8)
    throw new RangeError(`--seed-file: a secret must have at least 8 characters, got ${seed.length}`);
  return seed;
}

/** Names what was tried again and what was given up. */
export function sayReport({ retried, parked, pending }: QueueReport): void {
  const list = (title: string, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    console.log(`${lines.length} ${title}`);
    for (const line of lines.slice(0, 50)) console.log(`  ${line}`);
    if (lines.length > 50) console.log(`  and ${lines.length - 50} more`);
  };
  list("tried again:", retried);
  list("given up after three tries; --retry tries them again:", parked);
  if (pending > 0) console.log(`${pending} with the workers: unrolled collect --queue … brings their results.`);
}

/** A command that left work in a queue: what `unrolled collect` repeats. */
export interface LeftWork {
  readonly command: "grade" | "reproduce";
  readonly args: readonly string[];
  readonly folder: string;
}

const withoutQueue = (args: readonly string[]): string[] =>
  args.filter((arg, k) => !/^--(?:queue(?:=.*)?|detach|retry)$/.test(arg) && args[k - 1] !== "--queue");

const folderOf = (root: string): string => join(root, ".unrolled/queued");

/** Remembers a command with work in a queue, without the queue's address, which may hold a password; or forgets it. */
export function rememberLeft(root: string, { command, args, folder }: LeftWork, pending: number): void {
  const left: LeftWork = { command, args: withoutQueue(args), folder };
  const text = JSON.stringify(left);
  const file = join(folderOf(root), `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
  if (pending === 0) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folderOf(root), { recursive: true });
  writeFileSync(file, text);
}

/** The commands whose work is still in a queue. */
export function leftWork(root: string): LeftWork[] {
  let files: string[];
  try {
    files = readdirSync(folderOf(root)).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  return files.map((file) => JSON.parse(readFileSync(join(folderOf(root), file), "utf8")) as LeftWork);
}
