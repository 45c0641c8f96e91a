import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, recordFile } from "./files.js";
import { type LoadOptions, loadResult } from "./load-result.js";
import type { Tier } from "./record.js";
import type { SweepName } from "./registry.js";
import { scoreboardEntries } from "./scoreboard-entries.js";
import type { SweepResults } from "./sweep.js";

/** What came out when we measured, in words and numbers as a table shows them. */
export interface Measured {
  readonly ours: string;
  readonly seeds?: number;
  /** Of what is in `ours`, over the seeds: best to worst, or Wilson's 95 % for a share. */
  readonly interval?: string;
  /** From the paper's number. */
  readonly deviation?: string;
  readonly agrees: boolean;
}

/** Where a row's number comes from: a kept record, arithmetic that is done on the spot, a lesson's cell, or nowhere. */
export type Origin =
  | { readonly record: SweepName; readonly tier?: Tier; readonly measure: (results: SweepResults) => Measured }
  | { readonly compute: () => Measured }
  | { readonly lesson: string }
  | { readonly missing: string };

/** One row of the scoreboard before it is measured. */
export interface ScoreboardEntry {
  readonly id: string;
  readonly experiment: string;
  /** The published number, with its unit. */
  readonly paper: string;
  readonly source: string;
  readonly year: number;
  readonly origin: Origin;
  /** Why ours is what it is, or what makes the two hard to compare. */
  readonly why: string;
}

export type Verdict = "agrees" | "differs" | "see the lesson" | "not run yet" | "not reproduced";

/** A row of the table; a type and not an interface, so that `table` takes it. */
export type ScoreboardRow = {
  readonly id: string;
  readonly experiment: string;
  readonly paper: string;
  /** Author and year. */
  readonly source: string;
  readonly ours: string;
  readonly seeds: number | undefined;
  readonly interval: string;
  readonly deviation: string;
  readonly verdict: Verdict;
  readonly why: string;
  /** What to run or read to get the number. */
  readonly measuredBy: string;
};

/**
 * Published numbers beside ours, a row each. What can be computed is computed; what takes long comes from the kept
 * records; a row without a record says which command makes one.
 *
 *     table(scoreboard(), { columns: ["experiment", "paper", "ours", "deviation", "verdict"] })
 *
 * @throws Error if a record was changed after it was measured, or comes from another setting, as `loadResult` does
 */
export function scoreboard({ folder }: Pick<LoadOptions, "folder"> = {}): ScoreboardRow[] {
  return scoreboardEntries.map((entry) => rowOf(entry, folder));
}

function rowOf({ origin, year, ...entry }: ScoreboardEntry, folder?: string): ScoreboardRow {
  const source = `${entry.source} ${year}`;
  const open = (verdict: Verdict, measuredBy: string): ScoreboardRow => ({
    ...entry,
    source,
    ours: "",
    seeds: undefined,
    interval: "",
    deviation: "",
    verdict,
    measuredBy,
  });
  const closed = ({ agrees, ...measured }: Measured, measuredBy: string): ScoreboardRow => ({
    ...open(agrees ? "agrees" : "differs", measuredBy),
    ...measured,
  });
  if ("missing" in origin) return open("not reproduced", origin.missing);
  if ("lesson" in origin) return open(isThere(origin.lesson) ? "see the lesson" : "not run yet", origin.lesson);
  if ("compute" in origin) return closed(origin.compute(), "computed on the spot");
  const { record, tier = "quick", measure } = origin;
  const command = `npm run reproduce -- ${record}${tier === "full" ? " --tier full" : ""}`;
  if (!existsSync(recordFile(record, tier, folder))) return open("not run yet", command);
  return closed(measure(loadResult(record, { tier, folder }).results), command);
}

/** Whether a lesson, "08-forget-gate/stream-run", is in this edition. */
const isThere = (place: string): boolean =>
  existsSync(join(packageFolder, "../notebooks", `${place.split("/")[0]}.ipynb`));
