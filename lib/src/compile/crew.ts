import type { SecondThread } from "../tensor/kernels/simd/second-thread.js";
import { sparesThread } from "../tensor/kernels/simd/simd.js";

/**
 * Shares rows between two threads. Work on one row does not look at the others, so that each thread may go through all
 * steps of its rows without waiting; only where work is divided otherwise do both meet. Who computes a number changes
 * nothing about it: every number is summed by one thread, in the order that one thread alone would take.
 */
export class Crew {
  /** By what the work under way is divided: a number of rows, columns, or 0 for what one thread does alone. */
  #division: number | "columns" = 0;
  #shared = false;

  constructor(
    private readonly second: SecondThread,
    /** Fewer rows are not worth sharing. */
    private readonly fewest: number,
  ) {}

  /** Says how many rows the work to come has. @returns whether it is shared */
  share(rows: number): boolean {
    this.meet();
    this.#shared = rows >= this.fewest && this.second.ready && sparesThread();
    return this.#shared;
  }

  /** How many of `rows`, from the first on, this thread has to do; the second thread does the rest. */
  ownRows(rows: number): number {
    return this.#divide(rows > 4, rows) ? 4 * Math.ceil(rows / 8) : rows; // in fours, as the kernels take them
  }

  /** The same for columns of a sum over all rows. */
  ownColumns(columns: number): number {
    return this.#divide(columns > 8, "columns") ? 8 * Math.ceil(columns / 16) : columns;
  }

  /** Waits until the second thread has done its part. */
  meet(): void {
    this.#division = 0;
    this.second.settle();
  }

  #divide(worth: boolean, division: number | "columns"): boolean {
    const shared = worth && this.#shared;
    if (!shared || this.#division !== division) this.meet();
    if (shared) this.#division = division;
    return shared;
  }
}
