import { parseArgs } from "node:util";
import { leftWork } from "../grader/batch/queue-options.js";
import { main as grade } from "./grade.js";
import { main as reproduce } from "./reproduce.js";

const usage = `usage: unrolled collect --queue redis://… [--wait] [--retry]     results of what was sent with --detach
  --wait    stays until all is there
  --retry   tries again what the workers gave up
Exit code: 0 all is there, 1 some is not there yet or was given up, 2 wrong usage.`;

/** `unrolled collect`: repeats each command that left work in a queue, and takes what is done. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let values: { queue?: string; wait?: boolean; retry?: boolean };
  try {
    const flag = { type: "boolean" } as const;
    ({ values } = parseArgs({ args, options: { queue: { type: "string" }, wait: flag, retry: flag } }));
    if (!values.queue) throw new TypeError("--queue is missing");
  } catch (error) {
    console.error(`collect: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  const left = leftWork(root);
  if (left.length === 0) console.log("Nothing was left in a queue.");
  const flags = ["--queue", values.queue, ...(values.wait ? [] : ["--detach"]), ...(values.retry ? ["--retry"] : [])];
  const here = process.cwd();
  let code = 0;
  for (const { command, args: wanted, folder } of left) {
    console.log(`unrolled ${command} ${wanted.join(" ")}`);
    process.chdir(folder);
    const run = command === "grade" ? grade : reproduce;
    code = Math.max(code, await run([...wanted, ...flags], { root }));
  }
  process.chdir(here);
  return Math.max(code, leftWork(root).length > 0 ? 1 : 0);
}
