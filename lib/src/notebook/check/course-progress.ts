import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readNotebook, sourceOf } from "../../exercise/nbformat.js";
import { coursePack, courseRoot, type Exercise, gradeId, markedByHand } from "../../exercise/pack.js";
import { handStub } from "../../exercise/release/stub.js";
import type { ExerciseReport, ExerciseState } from "../../exercise/report.js";
import { escapeHtml } from "../bundle.js";
import { replaceFile } from "../kernelspec.js";
import { Output } from "../output.js";

/** The best that a check has seen of one exercise. */
interface Done {
  readonly state: ExerciseState;
  readonly earned: number;
  readonly points: number;
}
type Kept = Readonly<Record<string, Done>>;

/** Where a learner's progress is kept, on this machine and nowhere else; it may be deleted. UNROLLED_PROGRESS names another file. */
export const progressFile = (root = courseRoot()): string =>
  process.env.UNROLLED_PROGRESS ?? join(root, ".unrolled", "progress.json");

/** What was done so far; nothing, where the file is missing or broken. */
export function readProgress(file = progressFile()): Kept {
  try {
    const { exercises } = JSON.parse(readFileSync(file, "utf8")) as { exercises?: Kept };
    const entries = Object.entries(exercises ?? {});
    return Object.fromEntries(entries.filter(([, done]) => Number.isFinite(done?.earned)));
  } catch {
    return {};
  }
}

/** Keeps the outcome of a check, if it is the best so far. A folder that cannot be written to is no reason to fail. */
export function recordProgress({ id, state, earned, points }: ExerciseReport, file = progressFile()): void {
  const before = readProgress(file);
  if (state === "not-started" || (before[id] && before[id].earned >= earned)) return;
  const exercises = { ...before, [id]: { state, earned, points } };
  try {
    replaceFile(file, `${JSON.stringify({ exercises }, null, 1)}\n`);
  } catch {}
}

/** Whether the text that a person will mark has been written, in the saved notebook. */
function written(exercise: Exercise, root: string): boolean {
  const file = join(root, "exercises", exercise.file);
  if (!existsSync(file)) return false;
  try {
    const cell = readNotebook(file).cells.find(({ id }) => id === `${gradeId(exercise.id)}-answer`);
    const text = cell ? sourceOf(cell).trim() : "";
    return text !== "" && text !== handStub;
  } catch {
    return false; // caught while it is being written
  }
}

const marks: Record<ExerciseState, string> = { passed: "✓", "to-mark": "●", failed: "◐", "not-started": "○" };
const legend = "✓ passed   ◐ begun   ● written, a person marks it   ○ not started";

interface Row {
  readonly notebook: string;
  readonly marks: string;
  readonly earned: number;
  readonly points: number;
}

interface Summary {
  readonly rows: readonly Row[];
  readonly done: number;
  readonly exercises: number;
  readonly earned: number;
  readonly points: number;
  readonly next?: Exercise;
}

function summarise(exercises: readonly Exercise[], root: string): Summary {
  const kept = readProgress(progressFile(root));
  const byHand = (exercise: Exercise): ExerciseState => (written(exercise, root) ? "to-mark" : "not-started");
  const state = (exercise: Exercise): ExerciseState =>
    markedByHand(exercise) ? byHand(exercise) : (kept[exercise.id]?.state ?? "not-started");
  const earned = ({ id, points }: Exercise): number => Math.min(kept[id]?.earned ?? 0, points);
  const sum = (all: readonly Exercise[], value: (exercise: Exercise) => number): number =>
    all.reduce((total, exercise) => total + value(exercise), 0);
  const finished = exercises.filter((exercise) => ["passed", "to-mark"].includes(state(exercise)));
  const rows = [...new Set(exercises.map(({ file }) => file))].map((file) => {
    const here = exercises.filter((exercise) => exercise.file === file);
    const shown = here.map((exercise) => marks[state(exercise)]).join(" ");
    return { notebook: basename(file, ".ipynb"), marks: shown, earned: sum(here, earned), points: sum(here, points) };
  });
  return {
    rows,
    done: finished.length,
    exercises: exercises.length,
    earned: sum(exercises, earned),
    points: sum(exercises, points),
    next: exercises.find((exercise) => !finished.includes(exercise)),
  };
}

const points = (exercise: Exercise): number => exercise.points;
const WIDTH = 40;

function asText({ rows, done, exercises, earned, points, next }: Summary): string {
  const full = points > 0 ? Math.floor((WIDTH * earned) / points) : 0;
  const wide = Math.max(...rows.map(({ notebook }) => notebook.length));
  const long = Math.max(...rows.map((row) => row.marks.length));
  return [
    `${"█".repeat(full)}${"░".repeat(WIDTH - full)}  ${earned} of ${points} points, ${done} of ${exercises} exercises done`,
    "",
    ...rows.map(
      (row) => `${row.notebook.padEnd(wide)}  ${row.marks.padEnd(long)}  ${row.earned} of ${row.points} points`,
    ),
    "",
    legend,
    ...(next ? [`Next: ${next.id} ${next.title}, ${next.minutes} min, in exercises/${next.file}`] : []),
  ].join("\n");
}

function asHtml({ rows, done, exercises, earned, points, next }: Summary): string {
  const cell = 'style="text-align:left;padding:.2em 1em .2em 0"';
  const body = rows.map(
    (row) =>
      `<tr><th scope="row" ${cell}>${escapeHtml(row.notebook)}</th><td ${cell}>${row.marks}</td><td ${cell}>${row.earned} of ${row.points}</td></tr>`,
  );
  const head = ["Notebook", "Exercises", "Points"].map((name) => `<th scope="col" ${cell}>${name}</th>`).join("");
  return `<div role="group" aria-label="Progress"><p><progress value="${earned}" max="${points}" style="width:20em"></progress> ${earned} of ${points} points, ${done} of ${exercises} exercises done</p>
<table style="border-collapse:collapse;background:none"><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>
<p>${legend}</p>${next ? `<p>Next: ${escapeHtml(`${next.id} ${next.title}, ${next.minutes} min`)}, in <code>exercises/${escapeHtml(next.file)}</code></p>` : ""}</div>`;
}

/** What is done of the course's exercises, as a bar and a table, from the file that checks write on this machine. */
export function courseProgress(root = courseRoot(), { exercises } = coursePack(root)): Output {
  const summary = summarise(exercises, root);
  return new Output({ "text/plain": asText(summary), "text/html": asHtml(summary) });
}
