import { createInterface } from "node:readline/promises";
import { plainText } from "../export/learner-view.js";
import type { MarkBook } from "./mark-book.js";
import { entryFor, type QueueItem } from "./queue.js";

export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly by?: string;
}

const rule = "─".repeat(72);

function card(item: QueueItem, at: string): string {
  const indent = (text: string): string => plainText(text).replace(/^/gm, "  ");
  const changed = item.earlier ? `\nThis answer replaces one that had ${sum(item.earlier.marks)} points.` : "";
  return `\n${rule}\n${at}  ${item.exercise} ${plainText(item.title)} · ${item.points} points · ${plainText(item.name ?? item.learner)}${changed}\n\n${indent(item.answer)}\n\n`;
}

const sum = (marks: readonly { earned: number }[]): number => marks.reduce((total, { earned }) => total + earned, 0);

/** "1", "0.5 too short": points and a comment. Nothing is full points. */
export function readAnswer(line: string, points: number): { earned: number; comment: string } | undefined {
  const [, number = String(points), comment = ""] = /^\s*([\d.,]+)?\s*(.*)$/.exec(line) ?? [];
  const earned = Number(number.replace(",", "."));
  return Number.isFinite(earned) && earned >= 0 && earned <= points ? { earned, comment: comment.trim() } : undefined;
}

/**
 * Marks the queue in a terminal. Each line of the rubric takes points and, after a space, a comment.
 * @returns how many answers were marked
 */
export async function markInTerminal(
  queue: readonly QueueItem[],
  book: MarkBook,
  { input, output, by }: TerminalOptions,
): Promise<number> {
  const lines = createInterface({ input, output, terminal: false });
  const waiting = lines[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string | undefined> => {
    output.write(question);
    const { value, done } = await waiting.next();
    return done ? undefined : value;
  };
  output.write(
    "For each line: points, then a comment if you like (1, or 0.5 too short). Enter gives all. s skips, q ends.\n",
  );
  let marked = 0;
  try {
    for (const [k, item] of queue.entries()) {
      output.write(card(item, `${k + 1} of ${queue.length}`));
      const given = await markOne(item, ask, output);
      if (given === "quit") break;
      if (given === "skip") continue;
      book.add(
        entryFor(
          item,
          given.map(({ earned }) => earned),
          given.map(({ comment }) => comment),
          by,
        ),
      );
      marked++;
    }
  } finally {
    lines.close();
  }
  return marked;
}

type Given = readonly { earned: number; comment: string }[];

async function markOne(
  item: QueueItem,
  ask: (question: string) => Promise<string | undefined>,
  output: NodeJS.WritableStream,
): Promise<Given | "skip" | "quit"> {
  const given: { earned: number; comment: string }[] = [];
  while (given.length < item.rubric.length) {
    const { name, points } = item.rubric[given.length];
    const line = await ask(`${plainText(name)} [0 to ${points}]: `);
    if (line === undefined || line.trim() === "q") return "quit";
    if (line.trim() === "s") return "skip";
    const answer = readAnswer(line, points);
    if (answer) given.push(answer);
    else output.write(`That must be 0 to ${points}, got ${plainText(line)}\n`);
  }
  return given;
}
