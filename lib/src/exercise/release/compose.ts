import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Notebook, type NotebookCell, notebookText, readNotebook } from "../nbformat.js";
import { coursePack, type Exercise, gradeId, masterFile, type Pack, parseManifest } from "../pack.js";
import { stamp } from "./stamp.js";

/** What `pack.json` in an instructor's folder says. The folder also holds masters and suites of what it adds. */
interface PackFile {
  /** Exercises ("05.4") or whole notebooks ("07") to leave out. */
  readonly drop?: readonly string[];
  /** New fields of exercises, by id; new points scale those of the tests. */
  readonly change?: Readonly<Record<string, Partial<Exercise>>>;
  /** Whole entries; one whose id the course has takes its place. */
  readonly add?: readonly Exercise[];
}

const knownFields = ["drop", "change", "add"];

function readPackFile(folder: string): PackFile {
  const file = join(folder, "pack.json");
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new TypeError(`${file}: ${(error as Error).message}`);
  }
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw new TypeError(`${file}: must be an object`);
  const unknown = Object.keys(read).find((key) => !knownFields.includes(key));
  if (unknown !== undefined)
    throw new TypeError(`${file}: unknown field ${unknown}; there are ${knownFields.join(", ")}`);
  return read as PackFile;
}

/** An entry with some fields changed; new points scale the tests' (or the rubric's), unless these are given, too. */
function changed(entry: Exercise, change: Partial<Exercise>): Exercise {
  const next = { ...entry, ...change };
  if (change.points === undefined) return next;
  const factor = change.points / entry.points;
  const scale = <Part extends { points: number }>(parts: readonly Part[]): Part[] =>
    parts.map((part) => ({ ...part, points: part.points * factor }));
  return {
    ...next,
    tests: change.tests ?? scale(entry.tests),
    ...(entry.rubric && { rubric: change.rubric ?? scale(entry.rubric) }),
  };
}

function composeManifest(base: readonly Exercise[], { drop = [], change = {}, add = [] }: PackFile): Exercise[] {
  const missing = [...drop, ...Object.keys(change)].find(
    (id) => !base.some((entry) => entry.id === id || entry.id.startsWith(`${id}.`)),
  );
  if (missing !== undefined) throw new RangeError(`pack.json: the course has no exercise ${missing}`);
  const dropped = (id: string): boolean => drop.some((name) => id === name || id.startsWith(`${name}.`));
  const kept = base
    .filter(({ id }) => !dropped(id) && !add.some((entry) => entry.id === id))
    .map((entry) => changed(entry, change[entry.id] ?? {}));
  const all = [...kept, ...add].sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  return parseManifest(JSON.stringify(all), "pack.json");
}

/** The exercise that a cell belongs to, by its id: ex-05-3-card is of 05.3. */
const owner = ({ id }: NotebookCell): string | undefined => /^ex-(\d\d)-(\d+)-/.exec(id)?.slice(1, 3).join(".");

/** The cells of the course's master, without what the pack drops, and the pack's own in place. */
function composeCells(base: Notebook | undefined, own: Notebook | undefined, keep: ReadonlySet<string>): Notebook {
  const shell = (base ?? own)!;
  const replaced = new Set(own?.cells.map(owner).filter((id) => id !== undefined));
  const cells: NotebookCell[] = [];
  for (const cell of base?.cells ?? []) {
    const id = owner(cell);
    if (id !== undefined && (replaced.has(id) || !keep.has(id))) {
      if (keep.has(id)) cells.push(...take(own!, id).filter((mine) => !cells.includes(mine)));
    } else if (!own?.cells.some((mine) => mine.id === cell.id)) cells.push(cell);
    else cells.push(own.cells.find((mine) => mine.id === cell.id)!);
  }
  const placed = new Set(cells.map(({ id }) => id));
  const rest = (own?.cells ?? []).filter(({ id }) => !placed.has(id));
  const end = cells.findLastIndex((cell) => owner(cell) !== undefined) + 1;
  cells.splice(base ? end : cells.length, 0, ...rest);
  return { ...shell, cells };
}

const take = (notebook: Notebook, id: string): NotebookCell[] => notebook.cells.filter((cell) => owner(cell) === id);

const notebookAt = (file: string): Notebook | undefined => (existsSync(file) ? readNotebook(file) : undefined);

/**
 * Writes a course with an instructor's pack applied to it: masters in `out/solutions`, suites in `out/test/exercises`,
 * laid out as the course's own, so that everything that reads a pack reads this one.
 * @throws TypeError or RangeError that says what is wrong with the pack
 */
export function composePack(folder: string, out: string, base: Pack = coursePack()): Pack {
  const file = readPackFile(folder);
  const exercises = composeManifest(base.exercises, file);
  const [masters, suites] = [join(out, "solutions"), join(out, "test/exercises")];
  for (const place of [masters, suites]) mkdirSync(place, { recursive: true });
  cpSync(base.suites, suites, { recursive: true });
  const fixtures = join(base.suites, "../fixtures");
  if (existsSync(fixtures)) cpSync(fixtures, join(out, "test/fixtures"), { recursive: true });
  for (const name of readdirSync(folder).filter((name) => /\.(ts|json)$/.test(name) && name !== "pack.json")) {
    if (existsSync(join(suites, name)))
      throw new RangeError(`${name}: the course has a file of this name; choose another`);
    cpSync(join(folder, name), join(suites, name));
  }
  const keep = new Set(exercises.map(({ id }) => id));
  for (const exercise of exercises) {
    const target = join(masters, exercise.file);
    if (existsSync(target)) continue;
    const own = notebookAt(join(folder, exercise.file));
    const original = notebookAt(masterFile(base, exercise));
    if (!own && !original) throw new RangeError(`${exercise.id}: there is no ${basename(exercise.file)}`);
    const here = exercises.filter(({ file }) => file === exercise.file);
    const notebook = composeCells(original, own, keep);
    const without = here.find(({ id }) => !notebook.cells.some(({ id: cell }) => cell.startsWith(`${gradeId(id)}-`)));
    if (without) throw new RangeError(`${without.id}: ${exercise.file} has no cells ${gradeId(without.id)}-…`);
    writeFileSync(target, notebookText(stamp(notebook, here)));
  }
  writeFileSync(join(masters, "manifest.json"), `${JSON.stringify(exercises, null, 2)}\n`);
  return { exercises, masters, suites };
}
