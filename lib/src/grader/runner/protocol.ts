import type { Outcome } from "../../exercise/invoke.js";

/** What the trusted side says to the runner. */
export type ToRunner =
  | {
      readonly type: "load";
      readonly program: string;
      /** The names that the program gives back. */
      readonly exports: readonly string[];
    }
  | { readonly type: "call"; readonly call: number; readonly name: string; readonly args: readonly unknown[] | null };

/** What the runner says. Every byte of it may be forged: it decides nothing but the answers to calls. */
export type FromRunner =
  | { readonly type: "ready" }
  | { readonly type: "cell"; readonly cell: number }
  | { readonly type: "loaded"; readonly problems: readonly CellProblem[] }
  | { readonly type: "answer"; readonly call: number; readonly outcome: Outcome };

/** A cell whose code stopped with an error while the notebook was read in. */
export interface CellProblem {
  readonly cell: number;
  readonly message: string;
}
