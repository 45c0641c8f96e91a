// What the trusted side does with what comes from learners, for the fuzz tests to hand it anything.
import { expect } from "vitest";
import { FrameError, FrameReader } from "../../lib/src/exercise/frames.js";
import { readOutcome } from "../../lib/src/exercise/invoke.js";
import { CrossingError, decode } from "../../lib/src/exercise/values.js";
import { extract } from "../../lib/src/grader/extract.js";
import { readSubmittedNotebook, SubmissionError } from "../../lib/src/grader/intake/notebook.js";
import { assemble } from "../../lib/src/grader/runner/program.js";
import { answerLimits } from "../../lib/src/grader/sandbox/session.js";
import { allowlistOf, transform } from "../../lib/src/grader/transform.js";
import { released } from "./submissions.js";

/** `npm run soak` has the millions. */
export const soak = process.env.UNROLLED_SOAK === "1";
export const patience = soak ? 3_600_000 : 120_000;

const allowed = allowlistOf([{ imports: [] }]);

/** All that the trusted side does with bytes from a sandbox. */
export function readStream([pieces, cuts]: readonly [readonly Uint8Array[], readonly number[]]): void {
  const bytes = Buffer.concat(pieces);
  const reader = new FrameReader(answerLimits);
  let at = 0;
  try {
    for (const cut of [...cuts, bytes.length]) {
      for (const message of reader.push(bytes.subarray(at, at + cut))) {
        const outcome = readOutcome((message as { outcome?: unknown } | null)?.outcome);
        if ("value" in outcome) decode(outcome.value, answerLimits);
      }
      at = Math.min(at + cut, bytes.length);
    }
  } catch (error) {
    if (!(error instanceof FrameError || error instanceof CrossingError)) throw error;
  }
}

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => unknown;

/** All that the trusted side does with a file before any of it runs. */
export function readFile(text: string): void {
  try {
    const { cells, flags } = extract(readSubmittedNotebook(Buffer.from(text)), released);
    expect(cells.some(({ from }) => from === "course")).toBe(true);
    expect(flags.every(({ message }) => message.length < 500)).toBe(true);
    const { parts, problems } = transform(cells, allowed);
    expect(parts.length + problems.length).toBeLessThanOrEqual(cells.length);
    const program = assemble(parts, ["forgetGate"], new Set());
    new AsyncFunction("$unrolledCell", "$unrolledImport", program); // whatever the cells hold, the whole parses
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
  }
}
