import type { Outcome } from "../../exercise/invoke.js";
import type { ExerciseReport } from "../../exercise/report.js";

/** What the kernel says to its checker. */
export type ToChecker =
  | { readonly type: "run"; readonly run: number; readonly exercise: string }
  | { readonly type: "outcome"; readonly call: number; readonly outcome: Outcome };

/** What the checker says to its kernel. */
export type FromChecker =
  | { readonly type: "ready" }
  | { readonly type: "call"; readonly call: number; readonly name: string; readonly args: readonly unknown[] | null }
  | { readonly type: "report"; readonly run: number; readonly report: ExerciseReport }
  | { readonly type: "fault"; readonly run: number; readonly message: string };

/** The descriptor of the pipe between the two, in the checker. */
export const PIPE = 3;
