import type { Kind } from "../exercise/pack.js";
import type { ShownCall, TestState } from "../exercise/report.js";

/** How strongly the learner's code was shut in. */
export type Tier = "strict" | "uid" | "docker" | "basic";

/** Something an instructor may want to look at: a duplicated cell, an edited grade_id, a changed kernelspec. */
export interface Flag {
  /** Stable, for programs: "duplicate-cell". */
  readonly code: string;
  /** For people; may quote the submission, so it is hostile text. */
  readonly message: string;
}

/** Why there are no points. "grader": our fault, retried. "submission": the file cannot be read; someone must look. */
export interface Fault {
  readonly by: "grader" | "submission";
  readonly message: string;
}

/** One test of the manifest. A hidden one has name, points and state only: never inputs, answers or reasons. */
export interface ResultTest {
  readonly name: string;
  readonly visibility: "visible" | "hidden";
  readonly points: number;
  readonly earned: number;
  readonly state: TestState;
  /** Passed on the inputs that the learner sees, failed on the secret ones. */
  readonly failsOnOtherInputs?: boolean;
  readonly problem?: string;
  readonly looksLike?: string;
  readonly calls?: readonly ShownCall[];
  readonly got?: string;
  readonly expected?: string;
}

/** Marks that a person gave, one for each line of the rubric. */
export interface Mark {
  readonly name: string;
  readonly points: number;
  readonly earned: number;
  readonly comment?: string;
}

export interface ResultExercise {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly state: TestState | "to-mark";
  readonly earned: number;
  readonly points: number;
  readonly tests: readonly ResultTest[];
  /** What the learner wrote, where a person marks it. Hostile text. */
  readonly answer?: string;
  readonly marks?: readonly Mark[];
}

/** What a late policy did to the points. */
export interface Late {
  /** Whole days after the deadline, grace and extensions taken off. */
  readonly days: number;
  /** Points taken off `earned`. */
  readonly penalty: number;
}

/** One graded submission: the content of result.json. Everything else (tables, CSV, exports) is made from it. */
export interface GradeResult {
  readonly schema: 1;
  /** The id that the submission came under; hostile text. */
  readonly learner: string;
  readonly name?: string;
  /** The notebook's name without its ending: "05-gates". */
  readonly assignment: string;
  readonly submission: {
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
    /** ISO 8601, UTC. */
    readonly receivedAt?: string;
  };
  readonly gradable: boolean;
  readonly fault?: Fault;
  /** sha256 over everything that the verdict depends on; the same key means the same result. */
  readonly key: string;
  readonly tier: Tier;
  readonly graderVersion: string;
  readonly packHash: string;
  readonly lockHash: string;
  readonly hiddenSeedHash?: string;
  readonly flags: readonly Flag[];
  /** In the order of the manifest; empty where nothing could be graded. */
  readonly exercises: readonly ResultExercise[];
  /** The sum over the exercises, before any late penalty. */
  readonly earned: number;
  readonly points: number;
  readonly late?: Late;
  readonly seconds: number;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === "boolean";
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);

type Shape = { readonly [field: string]: Check | Shape | readonly [Shape] };

const test: Shape = {
  name: isText,
  visibility: oneOf("visible", "hidden"),
  points: isNumber,
  earned: isNumber,
  state: oneOf("passed", "failed", "not-started"),
  "failsOnOtherInputs?": isFlag,
  "problem?": isText,
  "looksLike?": isText,
  "calls?": [{ call: isText, "answer?": isText }],
  "got?": isText,
  "expected?": isText,
};

const exercise: Shape = {
  id: isText,
  title: isText,
  kind: isText,
  state: oneOf("passed", "failed", "not-started", "to-mark"),
  earned: isNumber,
  points: isNumber,
  tests: [test],
  "answer?": isText,
  "marks?": [{ name: isText, points: isNumber, earned: isNumber, "comment?": isText }],
};

const result: Shape = {
  schema: oneOf(1),
  learner: isText,
  "name?": isText,
  assignment: isText,
  submission: { file: isText, sha256: isText, bytes: isNumber, "receivedAt?": isText },
  gradable: isFlag,
  "fault?": { by: oneOf("grader", "submission"), message: isText },
  key: isText,
  tier: oneOf("strict", "uid", "docker", "basic"),
  graderVersion: isText,
  packHash: isText,
  lockHash: isText,
  "hiddenSeedHash?": isText,
  flags: [{ code: isText, message: isText }],
  exercises: [exercise],
  earned: isNumber,
  points: isNumber,
  "late?": { days: isNumber, penalty: isNumber },
  seconds: isNumber,
};

function checkShape(value: unknown, shape: Shape, path: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${path} must be an object`);
  const fields = new Map(Object.entries(shape).map(([field, check]) => [field.replace("?", ""), check]));
  const unknown = Object.keys(value).find((field) => !fields.has(field));
  if (unknown !== undefined) throw new TypeError(`${path} has an unknown field ${JSON.stringify(unknown)}`);
  for (const [field, check] of fields) {
    const held = (value as Record<string, unknown>)[field];
    if (held === undefined && `${field}?` in shape) continue;
    const at = `${path}.${field}`;
    if (typeof check === "function") {
      if (!check(held)) throw new TypeError(`${at} cannot be ${JSON.stringify(held)?.slice(0, 80)}`);
    } else if (Array.isArray(check)) {
      if (!Array.isArray(held)) throw new TypeError(`${at} must be an array`);
      held.forEach((entry, k) => {
        checkShape(entry, check[0], `${at}[${k}]`);
      });
    } else checkShape(held, check as Shape, at);
  }
}

/**
 * A result as it stands in result.json.
 * @throws SyntaxError or TypeError that names the field
 */
export function readResult(json: string, name = "result.json"): GradeResult {
  const value: unknown = JSON.parse(json);
  checkShape(value, result, name);
  return value as GradeResult;
}

export const resultText = (value: GradeResult): string => `${JSON.stringify(value, null, 1)}\n`;
