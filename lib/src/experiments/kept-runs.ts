import { rmSync } from "node:fs";
import type { Finished } from "./experiment.js";
import { readJson, writeJson } from "./files.js";

/**
 * Finished runs on disk, so that an experiment goes on where a kill stopped it. Runs that other code or another
 * config made are dropped: the stamp tells.
 */
export class KeptRuns<Outcome> {
  readonly #runs: Record<string, Outcome> = {};

  /** @param others files of the same kind, from other machines: their runs are taken over */
  constructor(
    readonly file: string,
    private readonly stamp: string,
    private readonly others: readonly string[] = [],
  ) {
    for (const source of [...others, file]) {
      let kept: { stamp?: string; runs?: Finished<Outcome> } | undefined;
      try {
        kept = readJson(source) as typeof kept;
      } catch {
        // not ours, or damaged: start over
      }
      if (kept?.stamp === stamp) Object.assign(this.#runs, kept.runs);
    }
  }

  get finished(): Finished<Outcome> {
    return this.#runs;
  }

  add(key: string, outcome: Outcome): void {
    this.#runs[key] = outcome;
    writeJson(this.file, { stamp: this.stamp, runs: this.#runs });
  }

  /** After the record is written. */
  clear(): void {
    for (const file of [this.file, ...this.others]) rmSync(file, { force: true });
  }
}
