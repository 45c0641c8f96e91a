import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillAct, DrillPayload } from "./payload.js";

/** Work for the queue's own tests: something to compute, a time to sleep, and ways to go wrong. */
export interface Drill {
  readonly number: number;
  readonly milliseconds?: number;
  readonly act?: DrillAct;
}

export interface DrillResult {
  readonly number: number;
  readonly digest: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What a drill's result must be, wherever it is computed. */
export function drillResult({ number }: Drill): DrillResult {
  let digest = String(number);
  for (let k = 0; k < 100; k++) digest = sha256(digest);
  return { number, digest };
}

/** The payload of a drill; the batch keeps one test's jobs from another's. */
export const drillJob = (batch: string, { number, milliseconds = 0, act = "well" }: Drill) =>
  ({ kind: "drill", key: sha256(`drill ${batch} ${number}`), number, milliseconds, act }) as const;

/** Does one, in a worker. */
export async function doDrill({ number, milliseconds, act }: DrillPayload, failed: number): Promise<DrillResult> {
  await sleep(milliseconds);
  if (act === "kills") process.kill(process.pid, "SIGKILL");
  if (act === "fails" || (act === "fails twice" && failed < 2)) throw new Error("failed as it was told to");
  return drillResult({ number });
}
