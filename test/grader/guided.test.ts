// Hostile streams and notebooks, led by the code that they reach. In a file of their own: V8 counts the blocks of those
// functions only that were first called while it counts.
import { expect, test } from "vitest";
import { toFrame } from "../../lib/src/exercise/frames.js";
import { notebookText } from "../../lib/src/exercise/nbformat.js";
import { guided } from "./guided.js";
import { answered } from "./submissions.js";
import { patience, readFile, readStream, soak } from "./trusted-side.js";

/** Throws for one input in four billion. */
function fussy(bytes: Buffer): void {
  if (bytes[0] !== 0x4c) return;
  if (bytes[1] !== 0x53) return;
  if (bytes[2] !== 0x54) return;
  if (bytes[3] === 0x4d) throw new Error("found");
}

test("guided: four bytes in a row are found one by one", async () => {
  const start = { seeds: () => [Buffer.from("....")], words: ["x"], files: /guided\.test/, runs: 40_000, seed: 1 };
  await expect(guided(fussy, start)).rejects.toThrow('seed 1: "LSTM');
}, 120_000);

const runs = soak ? 300_000 : 3000;
const seed = soak ? Math.floor(Math.random() * 2 ** 31) : 1;

test(
  "guided frames: whatever code they reach, nothing but a refusal",
  async () => {
    const seeds = () => [toFrame({ type: "answer", call: 1, outcome: { value: [1, Number.NaN, { a: "b" }] } })];
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
    const seeds = () => [
      Buffer.from(notebookText(answered())),
      Buffer.from('{"cells":[{"cell_type":"code","source":"1"}]}'),
    ];
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
