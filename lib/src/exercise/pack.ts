import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type Kind = "trace" | "implement" | "backward" | "fix" | "predict" | "experiment" | "explain" | "quiz";

export interface ManifestTest {
  /** The title of the test in the suite. */
  readonly name: string;
  readonly points: number;
  readonly visibility: "visible" | "hidden";
}

/** One exercise, as `manifest.json` has it; everything else about it is derived from this. */
export interface Exercise {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly kind: Kind;
  readonly points: number;
  /** One to five. */
  readonly difficulty: number;
  readonly importance: number;
  readonly minutes: number;
  /** The names that the learner declares and `check` is given. */
  readonly exports: readonly string[];
  /** What the answer may import: "mathjs", "unrolled:tensor,sigmoid". */
  readonly imports: readonly string[];
  readonly tests: readonly ManifestTest[];
  /** The file of its suite; the one named after the notebook unless told. */
  readonly suite?: string;
  /** What a person gives points for, where the answer is marked by hand. */
  readonly rubric?: readonly RubricItem[];
}

export interface RubricItem {
  /** What the answer says or shows. */
  readonly name: string;
  readonly points: number;
}

/** A manifest, its master notebooks and its suites. */
export interface Pack {
  readonly exercises: readonly Exercise[];
  /** The folder of manifest and masters. */
  readonly masters: string;
  /** The folder of the suites, NN-name.test.ts each. */
  readonly suites: string;
}

const fields = {
  id: "string",
  file: "string",
  title: "string",
  kind: "string",
  points: "number",
  difficulty: "number",
  importance: "number",
  minutes: "number",
};

function checkEntry(entry: Exercise, where: string): void {
  for (const [field, type] of Object.entries(fields)) {
    const value = (entry as unknown as Record<string, unknown>)[field];
    if (typeof value !== type)
      throw new TypeError(`${where}: ${field} must be a ${type}, got ${JSON.stringify(value)}`);
  }
  if (!/^\d\d\.\d+$/.test(entry.id)) throw new TypeError(`${where}: id must look like 05.3, got ${entry.id}`);
  for (const field of ["exports", "imports", "tests"] as const) {
    if (!Array.isArray(entry[field]))
      throw new TypeError(`${where}: ${field} must be an array, got ${JSON.stringify(entry[field])}`);
  }
  const byHand = markedByHand(entry);
  const { rubric = [] } = entry;
  if (byHand && entry.tests.length > 0)
    throw new RangeError(`${where}: is marked by hand, so tests must be [], got ${entry.tests.length}`);
  if (!byHand && rubric.length > 0) throw new RangeError(`${where}: only an explain exercise has a rubric`);
  const sum = (byHand ? rubric : entry.tests).reduce((total, part) => total + part.points, 0);
  if (Math.abs(sum - entry.points) > 1e-9)
    throw new RangeError(
      `${where}: the points of the ${byHand ? "rubric" : "tests"} must add up to ${entry.points}, got ${sum}`,
    );
}

/** @throws TypeError or RangeError that says which entry and field is wrong */
export function parseManifest(json: string, name = "manifest.json"): Exercise[] {
  const entries: unknown = JSON.parse(json);
  if (!Array.isArray(entries)) throw new TypeError(`${name}: must be an array of exercises`);
  const seen = new Set<string>();
  for (const entry of entries as Exercise[]) {
    checkEntry(entry, `${name}, ${entry?.id ?? "an entry without id"}`);
    if (seen.has(entry.id)) throw new RangeError(`${name}: ${entry.id} is there twice`);
    seen.add(entry.id);
  }
  return entries as Exercise[];
}

export const readPack = (masters: string, suites: string): Pack => {
  const file = join(masters, "manifest.json");
  return { exercises: parseManifest(readFileSync(file, "utf8"), file), masters, suites };
};

/** The course's own folder: this file is three levels below it, built or not. */
export const courseRoot = (): string => fileURLToPath(new URL("../../..", import.meta.url));

/** The exercises of the course itself. A student's package has no solutions: its manifest lies with the exercises. */
export function coursePack(root = courseRoot()): Pack {
  const [masters, exercises] = [join(root, "solutions"), join(root, "exercises")];
  return readPack(existsSync(join(masters, "manifest.json")) ? masters : exercises, join(root, "test/exercises"));
}

export const suiteFile = (pack: Pack, { file, suite }: Exercise): string =>
  join(pack.suites, suite ?? file.replace(/\.ipynb$/, ".test.ts"));

export const masterFile = (pack: Pack, { file }: Exercise): string => join(pack.masters, file);

/** Whether the learner writes values into constants, not functions. */
export const asksForValues = ({ kind }: Exercise): boolean => kind === "trace" || kind === "predict" || kind === "quiz";

/** Whether nothing of it is checked before it is handed in: an exam item whose suite learners do not have. */
export const checkedLater = ({ tests }: Pick<Exercise, "tests">): boolean =>
  tests.length > 0 && tests.every(({ visibility }) => visibility === "hidden");

/** Whether a person marks the answer, which is text. */
export const markedByHand = ({ kind }: Pick<Exercise, "kind">): boolean => kind === "explain";

/** The name of an exercise's cells in nbgrader's metadata: "05.3" is "ex-05-3". */
export const gradeId = (id: string): string => `ex-${id.replace(".", "-")}`;

/** The fewest single-character edits that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The exercise of this id, or the one that was probably meant. */
export function findExercise(exercises: readonly Exercise[], id: unknown): { found?: Exercise; meant?: Exercise } {
  const found = exercises.find((exercise) => exercise.id === id);
  if (found) return { found };
  const asked = String(id).trim();
  const ranked = exercises
    .map((exercise) => ({ exercise, distance: editDistance(asked, exercise.id) }))
    .sort((a, b) => a.distance - b.distance);
  return { meant: ranked[0]?.distance <= 2 ? ranked[0].exercise : undefined };
}
