import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Pack } from "../../exercise/pack.js";
import { Grader, type Submission } from "../grade.js";
import type { GradeResult, Tier } from "../result.js";
import { type Format, type FormatOptions, formatted } from "./format.js";

/** Where a grading service puts the submission, and where it wants the verdict. */
interface Place {
  readonly format: Format;
  readonly submission: string;
  /** Who handed in and when, where the service says so. */
  readonly about: (root: string) => Partial<Submission>;
  readonly deliver: (root: string, text: string) => void;
}

function writeResults(root: string, text: string): void {
  const file = join(root, "results/results.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

interface GradescopeMetadata {
  readonly created_at?: string;
  readonly users?: readonly { readonly email?: string; readonly name?: string }[];
}

function gradescopeLearner(root: string): Partial<Submission> {
  const file = join(root, "submission_metadata.json");
  if (!existsSync(file)) return {};
  const { created_at, users = [] } = JSON.parse(readFileSync(file, "utf8")) as GradescopeMetadata;
  const time = Date.parse(created_at ?? "");
  return {
    learner: users.map(({ email, name }) => email ?? name).join(", ") || "unknown",
    name: users.map(({ name }) => name).join(", ") || undefined,
    receivedAt: Number.isFinite(time) ? new Date(time).toISOString() : undefined,
  };
}

/** @throws Error outside a workflow */
function setOutput(_root: string, payload: string): void {
  const file = process.env.GITHUB_OUTPUT;
  if (!file) throw new Error("GITHUB_OUTPUT must name the file for a step's outputs");
  appendFileSync(file, `result=${payload.trim()}\n`);
}

const places = {
  gradescope: { format: "gradescope", submission: "submission", about: gradescopeLearner, deliver: writeResults },
  prairielearn: { format: "prairielearn", submission: "student", about: () => ({}), deliver: writeResults },
  classroom: {
    format: "classroom",
    submission: "submission",
    about: () => ({ learner: process.env.GITHUB_ACTOR ?? "unknown" }),
    deliver: setOutput,
  },
} as const satisfies Record<string, Place>;

export type Service = keyof typeof places;
export const services = Object.keys(places) as Service[];

/** The one notebook that was handed in: the one of the assignment's name, or the only one. */
function handedIn(folder: string, assignment: string): { file: string; problem?: string } {
  const file = `${assignment}.ipynb`;
  const notebooks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ipynb")) : [];
  if (notebooks.includes(file)) return { file: join(folder, file) };
  if (notebooks.length === 1) return { file: join(folder, notebooks[0]) };
  return { file: join(folder, file), problem: `hand in one notebook, ${file}; ${notebooks.length} were found` };
}

export interface AutogradeOptions {
  readonly service: Service;
  /** /autograder, /grade, or $GITHUB_WORKSPACE. */
  readonly root: string;
  readonly pack: Pack;
  readonly hiddenSeed?: string;
  readonly tier?: Tier;
  readonly shown?: FormatOptions;
}

/**
 * Grades the submission inside a service's container and delivers the verdict in the service's words.
 * @throws RangeError unless the pack has exactly one assignment
 */
export async function autograde(options: AutogradeOptions): Promise<GradeResult> {
  const { service, root, pack, hiddenSeed, tier, shown } = options;
  const { format, submission, about, deliver } = places[service];
  const [assignment, ...others] = new Set(pack.exercises.map(({ file }) => file.replace(/\.ipynb$/, "")));
  if (assignment === undefined || others.length > 0)
    throw new RangeError("the pack must have exactly one assignment; make it with `unrolled export`");
  const { file, problem } = handedIn(join(root, submission), assignment);
  const grader = await Grader.start({ pack, hiddenSeed, tier });
  try {
    const graded = await grader.grade({ learner: "learner", ...about(root), file, assignment });
    const result: GradeResult = problem ? { ...graded, fault: { by: "submission", message: problem } } : graded;
    deliver(root, formatted(result, format, shown));
    return result;
  } finally {
    await grader.close();
  }
}
