import { randomUUID } from "node:crypto";
import { courseProgress } from "./check/course-progress.js";
import type { Output } from "./output.js";
import { publish } from "./publish.js";

/** A line that says how far a long computation is. */
export interface ProgressLine {
  /** This many of the total are done. */
  at(done: number): void;
  /** All is done, or the loop was stopped: writes the last line. */
  end(): void;
}

const INTERVAL_MS = 100;
const WIDTH = 24;

/** What is done of the course's exercises: a bar and a table, from a file that the checks write on this machine. */
export function progress(): Output;
/**
 * Shows `label` with a bar that fills in place; for whatever takes over two seconds. The last line holds no times, so
 * that a notebook's output is the same from run to run.
 */
export function progress(label: string, total: number): ProgressLine;
export function progress(label?: string, total = 0): Output | ProgressLine {
  return label === undefined ? courseProgress() : progressLine(label, total);
}

function progressLine(label: string, total: number): ProgressLine {
  const id = `progress-${randomUUID()}`;
  const start = performance.now();
  let shownAt = -Infinity;
  let done = 0;
  let update = false;
  const show = (text: string): void => {
    const published = publish({ "text/plain": text }, { id, update });
    update ||= published;
    if (!published && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    shownAt = performance.now();
  };
  show(bar(label, 0, total));
  return {
    at(now) {
      done = now;
      if (performance.now() - shownAt < INTERVAL_MS) return;
      const left = ((performance.now() - start) / 1000 / Math.max(done, 1)) * (total - done);
      show(`${bar(label, done, total)}  ${left.toFixed(0)} s left`);
    },
    end() {
      show(`${label}: ${done} of ${total}`);
      if (!update && process.stderr.isTTY) process.stderr.write("\n");
    },
  };
}

function bar(label: string, done: number, total: number): string {
  const full = Math.round((WIDTH * Math.min(done, total)) / total);
  return `${label} [${"█".repeat(full)}${"░".repeat(WIDTH - full)}] ${done}/${total}`;
}
