import type { Redis } from "ioredis";

/** How a job stands. */
export type Standing =
  | { readonly state: "missing" }
  | { readonly state: "open" }
  | (Ended &
      ({ readonly state: "done"; readonly result: unknown } | { readonly state: "parked"; readonly reason: string }));

export interface Ended {
  /** How often it was begun, and how often the worker that had it was lost. */
  readonly tries: number;
  readonly lost: number;
}

/** The fields that BullMQ keeps of a job; a test holds them against its own reader. */
const fields = ["timestamp", "finishedOn", "returnvalue", "failedReason", "ats", "stc"] as const;

function standing([timestamp, finishedOn, returnvalue, failedReason, started, stalled]: (string | null)[]): Standing {
  if (timestamp === null) return { state: "missing" };
  if (finishedOn === null) return { state: "open" };
  const ended = { tries: Number(started ?? 1), lost: Number(stalled ?? 0) };
  if (returnvalue === null) return { state: "parked", reason: failedReason ?? "", ...ended };
  return { state: "done", result: JSON.parse(returnvalue), ...ended };
}

/** How several jobs stand, in one exchange and without what they carry. */
export async function standings(
  redis: Redis,
  toKey: (id: string) => string,
  ids: readonly string[],
): Promise<Standing[]> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hmget(toKey(id), ...fields);
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, values]) => {
    if (error) throw error;
    return standing(values as (string | null)[]);
  });
}

const [soon, late] = [20, 500];

/** Asks for many jobs at once how they stand: often while results come in, seldom while none do. */
export class Waiting {
  private readonly waiting = new Map<string, Set<(ended: Standing) => void>>();
  private pause = soon;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly ask: (ids: readonly string[]) => Promise<Standing[]>) {}

  /** Resolves when the job is done, parked, or not there any more. */
  wait(id: string, signal?: AbortSignal): Promise<Standing> {
    return new Promise((resolve) => {
      const stop = (): void => settle({ state: "open" });
      const settle = (ended: Standing): void => {
        signal?.removeEventListener("abort", stop);
        waiters.delete(settle);
        if (waiters.size === 0) this.waiting.delete(id);
        resolve(ended);
      };
      const waiters = this.waiting.get(id) ?? new Set();
      if (signal?.aborted || this.closed) return resolve({ state: "open" });
      signal?.addEventListener("abort", stop, { once: true });
      this.waiting.set(id, waiters.add(settle));
      this.timer ??= setTimeout(() => this.look(), this.pause);
    });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const waiters of [...this.waiting.values()]) for (const settle of [...waiters]) settle({ state: "open" });
  }

  private async look(): Promise<void> {
    let ended = 0;
    try {
      const ids = [...this.waiting.keys()];
      for (let from = 0; from < ids.length; from += 200) {
        const some = ids.slice(from, from + 200);
        for (const [k, found] of (await this.ask(some)).entries()) {
          if (found.state === "open") continue;
          ended++;
          for (const settle of [...(this.waiting.get(some[k]) ?? [])]) settle(found);
        }
      }
    } catch {
      // Redis is away, or loading: asked again
    }
    this.pause = ended > 0 ? soon : Math.min(this.pause * 1.5, late);
    this.timer = this.waiting.size > 0 && !this.closed ? setTimeout(() => this.look(), this.pause) : undefined;
  }
}
