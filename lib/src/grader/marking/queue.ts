import type { Exercise, RubricItem } from "../../exercise/pack.js";
import type { GradeResult } from "../result.js";
import { answerHash, type MarkBook, type MarkEntry } from "./mark-book.js";

/** One answer that a person marks. */
export interface QueueItem {
  readonly assignment: string;
  readonly exercise: string;
  readonly title: string;
  readonly learner: string;
  readonly name?: string;
  readonly points: number;
  readonly rubric: readonly RubricItem[];
  /** What the learner wrote. Hostile text. */
  readonly answer: string;
  /** The marks of this very answer, if it has any. */
  readonly marked?: MarkEntry;
  /** Marks of an earlier answer, which this one replaced. */
  readonly earlier?: MarkEntry;
}

function itemsOf(result: GradeResult, exercises: readonly Exercise[], book: MarkBook): QueueItem[] {
  const { assignment, learner, name } = result;
  return result.exercises.flatMap(({ id, title, kind, points, answer, state }) => {
    if (kind !== "explain" || answer === undefined || state === "not-started") return [];
    const rubric = exercises.find((exercise) => exercise.id === id)?.rubric ?? [{ name: title, points }];
    const who = { assignment, exercise: id, learner };
    const marked = book.find(who, answer);
    const earlier = marked ? undefined : book.last(who);
    return [{ ...who, title, name, points, rubric, answer, marked, earlier }];
  });
}

/** Exercise by exercise; inside one, in an order that the names do not decide, the same at every start. */
const order = (a: QueueItem, b: QueueItem): number =>
  compare(a.exercise, b.exercise) || compare(hashOf(a), hashOf(b)) || compare(a.learner, b.learner);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const hashOf = ({ exercise, learner }: QueueItem): string => answerHash(`${exercise}\n${learner}`);

/** All answers to mark, of all learners: one exercise after the other, so that a marker has one rubric in mind at a time. */
export async function markingQueue(
  results: AsyncIterable<GradeResult> | Iterable<GradeResult>,
  exercises: readonly Exercise[],
  book: MarkBook,
): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  for await (const result of results) items.push(...itemsOf(result, exercises, book));
  return items.sort(order);
}

/** The entry that says these points were given to this answer. */
export function entryFor(
  item: QueueItem,
  earned: readonly number[],
  comments: readonly string[],
  by?: string,
): MarkEntry {
  const marks = item.rubric.map(({ name, points }, k) => ({
    name,
    points,
    earned: earned[k],
    ...(comments[k] ? { comment: comments[k] } : {}),
  }));
  const { assignment, exercise, learner } = item;
  const at = new Date().toISOString();
  return { assignment, exercise, learner, answer: answerHash(item.answer), marks, at, ...(by ? { by } : {}) };
}
