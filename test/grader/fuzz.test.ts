// Thousands of hostile streams and notebooks; `npm run soak` has the millions.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameError, FrameReader } from "../../lib/src/exercise/frames.js";
import { readOutcome } from "../../lib/src/exercise/invoke.js";
import { notebookText } from "../../lib/src/exercise/nbformat.js";
import { CrossingError, decode } from "../../lib/src/exercise/values.js";
import { extract } from "../../lib/src/grader/extract.js";
import { readSubmittedNotebook, SubmissionError } from "../../lib/src/grader/intake/notebook.js";
import { assemble } from "../../lib/src/grader/runner/program.js";
import { answerLimits } from "../../lib/src/grader/sandbox/session.js";
import { allowlistOf, transform } from "../../lib/src/grader/transform.js";
import { mutated, notebook, stream } from "./fuzz.js";
import { answered, released } from "./submissions.js";

const soak = process.env.UNROLLED_SOAK === "1";
/** So many cases in the soak, so many in `npm test`. */
const cases = (long: number, short: number) => ({ numRuns: soak ? long : short, endOnFailure: !soak });
const patience = soak ? 3_600_000 : 60_000;

const allowed = allowlistOf([{ imports: [] }]);

/** All that the trusted side does with bytes from a sandbox. */
function readStream([pieces, cuts]: readonly [readonly Uint8Array[], readonly number[]]): void {
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
function readFile(text: string): void {
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

/** Resident memory in MB, once what nobody holds is gone. */
function residentMb(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().rss / 1e6;
}

test(
  "frames: no stream of bytes crashes the reader, gives anything but data, or stays in memory",
  () => {
    const resident = ["first half", "second half"].map(() => {
      fc.assert(fc.property(stream, readStream), cases(500_000, 5_000));
      return residentMb();
    });
    expect(Object.keys(Object.prototype)).toEqual([]);
    if (!soak) return; // a short run still grows as it warms up
    console.log(`resident after each half: ${resident.map((mb) => mb.toFixed(0)).join(", ")} MB`);
    expect(resident[1] - resident[0]).toBeLessThan(40);
  },
  patience,
);

test("notebooks: nothing that looks like one crashes intake, extraction or transform", () => {
  fc.assert(
    fc.property(notebook, (value) => readFile(JSON.stringify(value))),
    { numRuns: 500 },
  );
});

test(
  "notebooks: nor does a real one with bytes changed, and its code cannot leave its cells",
  () => {
    fc.assert(fc.property(mutated(notebookText(answered())), readFile), cases(10_000, 100));
  },
  patience,
);
