import type { ExerciseReport } from "../../exercise/report.js";
import type { ProgramPart } from "../runner/program.js";
import type { CellProblem } from "../runner/protocol.js";
import type { Command, Limits } from "../sandbox/command.js";

/** The descriptor of the pipe between a judge and the grader, in the judge. */
export const PIPE = 3;

/** Exercises that may import the same, so that one process can serve them. */
export interface Group {
  readonly exercises: readonly string[];
  readonly command: Command;
}

/** What a judge is told. */
export interface JudgeJob {
  readonly masters: string;
  readonly suites: string;
  readonly seed: string;
  readonly groups: readonly Group[];
  readonly parts: readonly ProgramPart[];
  /** Cells left out before anything ran. */
  readonly problems: readonly CellProblem[];
  readonly exports: readonly string[];
  /** The id of each cell, for messages. */
  readonly cellIds: readonly string[];
  readonly limits: Limits;
}

/** What a judge is told while it works: nothing else computes now. */
export interface Alone {
  readonly type: "alone";
}

export type FromJudge =
  | { readonly type: "wants-alone" }
  | { readonly type: "done-alone" }
  | {
      readonly type: "report";
      readonly exercises: readonly ExerciseReport[];
      readonly problems: readonly CellProblem[];
    }
  | { readonly type: "fault"; readonly message: string };
