import type { ManifestTest } from "./pack.js";
import type { Finding } from "./trace.js";

export type TestState = "passed" | "failed" | "not-started";

/** One call, as the table shows it: `lstmStep({ i: [0.1], ... }, [1])` gave `{ h: ..., c: ... }`. */
export interface ShownCall {
  readonly call: string;
  readonly answer?: string;
}

/** What a test left behind for its row. */
export interface ShownTrace {
  readonly calls: readonly ShownCall[];
  readonly kind?: Finding["kind"];
  readonly problem?: string;
  readonly looksLike?: string;
  readonly got?: string;
  readonly expected?: string;
}

export interface TestReport extends Partial<ShownTrace> {
  readonly name: string;
  readonly state: TestState;
  readonly visibility: ManifestTest["visibility"];
  readonly earned: number;
  readonly points: number;
}

export interface ExerciseReport {
  readonly id: string;
  readonly title: string;
  readonly state: TestState;
  readonly earned: number;
  readonly points: number;
  readonly tests: readonly TestReport[];
}
