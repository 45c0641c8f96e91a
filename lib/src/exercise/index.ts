// What a check is made of. Suites import "unrolled/exercise/suite", which only vitest can load; it is not exported here.
export { codeCells, loadCells, type Modules } from "./cells.js";
export { type CloseOptions, difference, uninformative } from "./difference.js";
export { Draw, visibleSeed } from "./draw.js";
export { Engine, type RunOptions } from "./engine.js";
export { defaultFrameLimits, FrameError, type FrameLimits, FrameReader, toFrame } from "./frames.js";
export { loadSuites, runInProcess, type SuiteBody } from "./in-process.js";
export { invoke, type Outcome, type Problem, readOutcome } from "./invoke.js";
export { matchers } from "./matchers.js";
export { modulesFor } from "./modules.js";
export {
  type Notebook,
  type NotebookCell,
  nbgraderChecksum,
  notebookText,
  readNotebook,
  sourceOf,
} from "./nbformat.js";
export { NotStarted, notStarted } from "./not-started.js";
export {
  coursePack,
  type Exercise,
  findExercise,
  markedByHand,
  type Pack,
  parseManifest,
  type RubricItem,
  readPack,
} from "./pack.js";
export { learnersCells, releaseNotebook } from "./release/release.js";
export { stamp } from "./release/stamp.js";
export type { ExerciseReport, ExerciseState, TestReport, TestState } from "./report.js";
export { answersCaller, cellsCaller, solutionCaller } from "./solution.js";
export { type Caller, type Subject, SubjectError, subjectOver } from "./subject.js";
export { CrossingError, decode, encode } from "./values.js";
