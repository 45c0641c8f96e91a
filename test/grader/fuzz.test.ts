// Thousands of hostile streams and notebooks; `npm run soak` has the millions.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { notebookText } from "../../lib/src/exercise/nbformat.js";
import { mutated, notebook, stream } from "./fuzz.js";
import { answered } from "./submissions.js";
import { patience, readFile, readStream, soak } from "./trusted-side.js";

/** So many cases in the soak, so many in `npm test`. */
const cases = (long: number, short: number) => ({ numRuns: soak ? long : short, endOnFailure: !soak });

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
    fc.assert(fc.property(mutated(notebookText(answered())), readFile), cases(20_000, 100));
  },
  patience,
);
