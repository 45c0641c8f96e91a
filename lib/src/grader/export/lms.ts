import { basename, extname } from "node:path";
import type { GradeResult } from "../result.js";
import { csvText, parseCsv, restored } from "./csv.js";
import { roundPoints } from "./learner-view.js";

/** What the name of a file says that a learning management system made for its instructor. */
export interface DownloadName {
  readonly system: "canvas" | "moodle";
  /** Canvas: the user's id. Moodle: the number of "Participant 123", other in each assignment. */
  readonly id: string;
  /** Moodle: "Ada Lovelace". Canvas: "lovelaceada", all that is left of the name. */
  readonly name: string;
  /** What the learner had called the file. */
  readonly file: string;
  readonly late: boolean;
}

// lovelaceada_LATE_4711_99812_05-gates-2.ipynb; Canvas numbers a file that was handed in again
const CANVAS = /^([^/_]+)(_LATE)?_(\d+)_(\d+)_(.+)$/i;
const CANVAS_ANONYMOUS = /^(LATE_)?anon_([A-Za-z0-9]+)_(\d+)_(.+)$/;
// Ada Lovelace_4711_assignsubmission_file_/05-gates.ipynb, or in one folder with the file's name behind it
const MOODLE = /(?:^|\/)([^/]+)_(\d+)_assignsubmission_file_?(?:\/(?:.*\/)?([^/]+)|([^/]+))$/;

/**
 * Reads the path of a submission inside a download from Canvas or Moodle; undefined for any other path.
 * @param path with / between folders
 */
export function downloadName(path: string): DownloadName | undefined {
  const moodle = MOODLE.exec(path);
  if (moodle) {
    const [, name, id, inside, behind] = moodle;
    return { system: "moodle", id, name, file: inside ?? behind, late: false };
  }
  const last = basename(path);
  const anonymous = CANVAS_ANONYMOUS.exec(last);
  if (anonymous) {
    const [, late, id, , file] = anonymous;
    return { system: "canvas", id: `anon_${id}`, name: "", file: firstName(file), late: late !== undefined };
  }
  const canvas = CANVAS.exec(last);
  if (!canvas) return undefined;
  const [, name, late, id, , file] = canvas;
  return { system: "canvas", id, name, file: firstName(file), late: late !== undefined };
}

/** "05-gates-2.ipynb" is Canvas's name for a second "05-gates.ipynb". */
function firstName(file: string): string {
  const ending = extname(file);
  return basename(file, ending).replace(/-\d{1,3}$/, "") + ending;
}

/** Points as they count, late penalty off; undefined where there is no grade yet. */
const finalPoints = ({ gradable, exercises, earned, late }: GradeResult): number | undefined =>
  gradable && !exercises.some(({ state }) => state === "to-mark")
    ? roundPoints(earned - (late?.penalty ?? 0))
    : undefined;

/** What a filled-in gradebook says about itself. */
export interface FilledGradebook {
  readonly csv: string;
  /** How many learners of the file got points. */
  readonly filled: number;
  /** Results whose learner is not in the file: their names or ids. */
  readonly unmatched: readonly string[];
}

interface Table {
  readonly header: string[];
  readonly rows: string[][];
}

function tableOf(csv: string, wanted: readonly string[], name: string): Table {
  const [header = [], ...rows] = parseCsv(csv, name);
  const missing = wanted.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw new RangeError(
      `${name} must have a column ${JSON.stringify(missing)}, got ${header.slice(0, 12).join(", ")}`,
    );
  return { header, rows };
}

const plain = (text = ""): string => restored(text).trim().toLowerCase();

/** Finds the result of a row by any of its columns. */
function resultFinder(
  results: readonly GradeResult[],
): (cells: readonly (string | undefined)[]) => GradeResult | undefined {
  const byName = new Map(results.map((result) => [plain(result.learner), result]));
  return (cells) => cells.map((cell) => byName.get(plain(cell))).find((result) => result !== undefined);
}

const at = ({ header }: Table, row: readonly string[], column: string): string | undefined =>
  row[header.indexOf(column)];

/**
 * Canvas's own gradebook export with the points of one assignment put in: what Canvas imports again. The assignment's
 * column is the one whose title begins with `column`; if there is none, a new one is added, and Canvas offers to create it.
 * Learners are found by ID, SIS User ID or SIS Login ID.
 * @throws RangeError if the file is no gradebook of Canvas's
 */
export function canvasGradebook(csv: string, results: readonly GradeResult[], column: string): FilledGradebook {
  const table = tableOf(csv, ["Student", "ID"], "the Canvas gradebook");
  const { header, rows } = table;
  const found = header.findIndex((title) => title === column || title.replace(/ \(\d+\)$/, "") === column);
  const place = found >= 0 ? found : header.length;
  const find = resultFinder(results);
  const matched = new Set<GradeResult>();
  const possible = results.length > 0 ? String(roundPoints(results[0].points)) : "";
  const filledRows = rows.map((row) => {
    const cells = header.map((_, k) => row[k] ?? "");
    if (/^\s*points possible$/i.test(restored(row[0] ?? ""))) {
      if (found < 0) cells[place] = possible;
      return cells;
    }
    const result = find(["ID", "SIS User ID", "SIS Login ID"].map((title) => at(table, row, title)));
    cells[place] = String((result && finalPoints(result)) ?? (found >= 0 ? cells[place] : ""));
    if (result) matched.add(result);
    return cells;
  });
  const titles = found >= 0 ? header : [...header, column];
  return filled([titles, ...filledRows], results, matched);
}

/**
 * Moodle's offline grading worksheet with the grades put in: what the assignment imports again. Learners are found by
 * "Participant 123", ID number, email address or username.
 * @throws RangeError if the file is no grading worksheet
 */
export function moodleWorksheet(csv: string, results: readonly GradeResult[]): FilledGradebook {
  const table = tableOf(csv, ["Identifier", "Grade", "Last modified (grade)"], "the Moodle grading worksheet");
  const { header, rows } = table;
  const find = resultFinder(results);
  const matched = new Set<GradeResult>();
  const filledRows = rows.map((row) => {
    const cells = header.map((_, k) => row[k] ?? "");
    const number = at(table, row, "Identifier")?.match(/\d+$/)?.[0];
    const named = ["Identifier", "ID number", "Email address", "Username"].map((title) => at(table, row, title));
    const result = find([number, ...named]);
    if (!result) return cells;
    matched.add(result);
    const grade = finalPoints(result);
    if (grade !== undefined)
      cells[header.indexOf("Grade")] = scaled(grade, result.points, at(table, row, "Maximum grade"));
    return cells;
  });
  return filled([header, ...filledRows], results, matched);
}

/** Points on the scale of the LMS's column: 8 of 16 are 50 where it gives up to 100. */
function scaled(grade: number, points: number, maximum: string | undefined): string {
  const top = Number(restored(maximum ?? "").replace(",", "."));
  return String(roundPoints(top > 0 && points > 0 ? (grade / points) * top : grade));
}

function filled(rows: string[][], results: readonly GradeResult[], matched: ReadonlySet<GradeResult>): FilledGradebook {
  const unmatched = results.filter((result) => !matched.has(result)).map(({ learner }) => learner);
  return { csv: csvText(rows.map((row) => row.map(restored))), filled: matched.size, unmatched };
}
