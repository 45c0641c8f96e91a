import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { readSeedFile } from "../grader/batch/queue-options.js";
import { loadQueue, type WorkOptions } from "../grader/batch/queue-package.js";
import type { Tier } from "../grader/result.js";
import { tiers } from "../grader/sandbox/probe.js";

const usage = `usage: unrolled worker --queue redis://… [options]     does what unrolled grade and reproduce send, see docs/scaling.md
  --queue <url>           redis://host:port, or rediss:// for TLS; UNROLLED_QUEUE_PASSWORD holds the password
  --queue-name <name>     one of several queues in the same Redis (default: course)
  --jobs <n>              jobs at a time, a process each (default: one a core)
  --seed-file <file>      the secret seed, which does not travel
  --pack <folder>         the pack that the sender grades by
  --tier <name>           strict, docker, uid or basic (default: the strongest that works here)
  --allow-weak-sandbox    takes submissions below tier strict
  --lock <seconds>        how long a worker may be silent before its job goes to another (default: 30)
  --drill                 takes the jobs that the queue's own tests are made of
Exit code: 0 stopped, 2 wrong usage, or this machine does not fit the work.`;

function readOptions(args: string[], root: string): WorkOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      queue: text,
      "queue-name": { ...text, default: "course" },
      jobs: text,
      "seed-file": text,
      pack: text,
      tier: text,
      "allow-weak-sandbox": flag,
      lock: { ...text, default: "30" },
      drill: flag,
    },
  });
  const { queue: url, jobs = availableParallelism(), lock, tier } = values;
  if (!url) throw new TypeError("--queue is missing");
  if (!(Number.isInteger(Number(jobs)) && Number(jobs) >= 1 && Number(jobs) <= 256))
    throw new RangeError(`--jobs must be 1 to 256, got ${jobs}`);
  if (!(Number(lock) >= 1 && Number(lock) <= 3600)) throw new RangeError(`--lock must be 1 to 3600, got ${lock}`);
  if (tier !== undefined && !tiers.includes(tier as Tier))
    throw new TypeError(`--tier must be one of ${tiers.join(", ")}, got ${tier}`);
  return {
    url,
    name: values["queue-name"],
    jobs: Number(jobs),
    root,
    pack: values.pack,
    hiddenSeed: readSeedFile(values["seed-file"]),
    tier: tier as Tier | undefined,
    weak: values["allow-weak-sandbox"],
    lockSeconds: Number(lock),
    drill: values.drill,
  };
}

/** `unrolled worker`: a machine that grades and trains for others. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let options: WorkOptions;
  try {
    options = readOptions(args, root);
  } catch (error) {
    console.error(`worker: ${(error as Error).message}\n${usage}`);
    return 2;
  }
  try {
    return await (await loadQueue(root)).work(options);
  } catch (error) {
    console.error(`worker: ${(error as Error).message}`);
    return 2;
  }
}
