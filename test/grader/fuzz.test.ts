// Thousands of hostile streams and notebooks; `npm run soak` has the millions.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameError, FrameReader, toFrame } from "../../lib/src/exercise/frames.js";
import { readOutcome } from "../../lib/src/exercise/invoke.js";
import { notebookText } from "../../lib/src/exercise/nbformat.js";
import { CrossingError, decode } from "../../lib/src/exercise/values.js";
import { extract } from "../../lib/src/grader/extract.js";
import { readSubmittedNotebook, SubmissionError } from "../../lib/src/grader/intake/notebook.js";
import { assemble } from "../../lib/src/grader/runner/program.js";
import { answerLimits } from "../../lib/src/grader/sandbox/session.js";
import { allowlistOf, transform } from "../../lib/src/grader/transform.js";
import { mutated, notebook, stream } from "./fuzz.js";
import { guided } from "./guided.js";
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

/** Throws for one input in four billion. */
function fussy(bytes: Buffer): void {
  if (bytes[0] !== 0x4c) return;
  if (bytes[1] !== 0x53) return;
  if (bytes[2] !== 0x54) return;
  if (bytes[3] === 0x4d) throw new Error("found");
}

test("guided: four bytes in a row are found one by one", async () => {
  const start = { seeds: [Buffer.from("....")], words: ["x"], files: /fuzz\.test/, runs: 40_000, seed: 1 };
  await expect(guided(fussy, start)).rejects.toThrow('seed 1: "LSTM');
}, 120_000);

const runs = soak ? 300_000 : 3000;
const seed = soak ? Math.floor(Math.random() * 2 ** 31) : 1;

test(
  "guided frames: whatever code they reach, nothing but a refusal",
  async () => {
    const seeds = [toFrame({ type: "answer", call: 1, outcome: { value: [1, Number.NaN, { a: "b" }] } })];
    const words = ["\0\0\0\x02{}", '"$number"', '"$array"', '"$object"', '"$tensor"', '"NaN"', '"Infinity"', '"-0"'];
    words.push('{"outcome":', '{"value":', '{"error":', '"data":[', '"shape":[', "1e999", '"__proto__":', "[[[[[[[[");
    const readBytes = (bytes: Buffer): void => readStream([[bytes], [3]]);
    const { blocks, corpus } = await guided(readBytes, { seeds, words, files: /src\/exercise/, runs, seed });
    if (soak) console.log(`frames: ${blocks} blocks of code reached, ${corpus.length} inputs kept`);
    expect(corpus.length).toBeGreaterThan(5);
  },
  patience,
);

test(
  "guided notebooks: whatever code they reach, nothing but a refusal",
  async () => {
    const seeds = [Buffer.from(notebookText(answered())), Buffer.from('{"cells":[{"cell_type":"code","source":"1"}]}')];
    const words = ['"cells":[', '"worksheets":[', '"source":', '"id":"ex-05-2-answer"', '"metadata":{"nbgrader":{'];
    words.push('"grade_id":', "import ", "export ", "\\n", "//", "/*", "`${", "}", "await ", '"\\ud800"', "\ufeff");
    const readBytes = (bytes: Buffer): void => readFile(bytes.toString("utf8"));
    const files = /src\/grader\/(intake|extract|transform|runner)/;
    const { blocks, corpus } = await guided(readBytes, { seeds, words, files, runs: runs / 10, seed });
    if (soak) console.log(`notebooks: ${blocks} blocks of code reached, ${corpus.length} inputs kept`);
    expect(corpus.length).toBeGreaterThan(5);
  },
  patience,
);
