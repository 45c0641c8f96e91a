import type { SecondThread } from "../tensor/kernels/simd/second-thread.js";

/**
 * Shares rows between two threads. Work on one row does not look at the others, so that each thread may go through all
 * steps of its rows without waiting; only where work is divided otherwise do both meet. Who computes a number changes
 * nothing about it: every number is summed by one thread, in the order that one thread alone would take.
 */
export class Crew {
  /** By what the work under way is divided: a number of rows, columns, or 0 for what one thread does alone. */
  #division: number | "columns" = 0;

  constructor(
    private readonly second: SecondThread,
    /** Fewer rows are not worth sharing. */
    private readonly fewest: number,
  ) {}

  /** How many of `rows`, from the first on, this thread has to do; the second thread does the rest. */
  ownRows(rows: number): number {
    if (!this.#divide(rows >= this.fewest, rows)) return rows;
    return 4 * Math.ceil(rows / 8); // in fours, as the kernels take them
  }

  /** The same for columns of a sum over all rows. */
  ownColumns(columns: number): number {
    return this.#divide(columns >= 16, "columns") ? 8 * Math.ceil(columns / 16) : columns;
  }

  /** Waits until the second thread has done its part. */
  meet(): void {
    this.#division = 0;
    this.second.settle();
  }

  #divide(worth: boolean, division: number | "columns"): boolean {
    const shared = worth && this.second.ready;
    if (!shared || this.#division !== division) this.meet();
    if (shared) this.#division = division;
    return shared;
  }
}
