import { parseArgs } from "node:util";
import { loadQueue } from "../grader/batch/queue-package.js";
import { findProgram } from "../notebook/system.js";

const usage = `usage: unrolled bench-queue [--small] [--json]
  --small   a fiftieth of the jobs: whether it works, not how fast
  --json    only JSON on standard output
Exit code: 0 all within the targets, 1 something fell short, 2 wrong usage.`;

/** npm run bench:queue [-- --small] [-- --json]: what the queue costs, and what a course of ten thousand needs. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let values: { small?: boolean; json?: boolean };
  try {
    ({ values } = parseArgs({ args, options: { small: { type: "boolean" }, json: { type: "boolean" } } }));
    if (!findProgram("redis-server")) throw new Error("it needs redis-server: apt install redis-server");
  } catch (error) {
    console.error(`bench:queue: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  try {
    const { bench } = await loadQueue(root);
    return (await bench({ root, small: values.small ?? false, json: values.json ?? false })) ? 0 : 1;
  } catch (error) {
    console.error(`bench:queue: ${(error as Error).message}`);
    return 1;
  }
}
