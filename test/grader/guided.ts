// A fuzzer that V8's own coverage guides: an input that reaches code which no input before it reached is kept and changed
// further. (Jazzer.js wants a newer libc than Debian 12 has.)
import { Session } from "node:inspector/promises";
import { seededRng } from "../../lib/src/tensor/rng.js";

interface Guided {
  /** Where to begin; made while code is counted already. */
  readonly seeds: () => readonly Buffer[];
  /** Pieces that the format is made of. */
  readonly words: readonly string[];
  /** How many inputs to try. */
  readonly runs: number;
  /** Whose code counts: part of a file's path. */
  readonly files: RegExp;
  readonly seed: number;
}

/** What a run has reached, and the inputs that got there. */
export interface Reached {
  readonly blocks: number;
  readonly corpus: readonly Buffer[];
}

/** Inputs between two looks: a look takes longer than many inputs. */
const BATCH = 50;

/** Whether other blocks of code ran, or were passed over, since the last look than ever before. */
async function newBlocks(session: Session, files: RegExp, seen: Set<string>): Promise<boolean> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const before = seen.size;
  for (const { url, functions } of result) {
    if (!files.test(url)) continue;
    for (const { functionName, isBlockCoverage, ranges } of functions) {
      if (/^\w/.test(functionName) && !isBlockCoverage && ranges[0].count > 0)
        throw new Error(`${functionName} in ${url} was called before its blocks were counted`);
      for (const { startOffset, endOffset, count } of ranges)
        seen.add(`${url}:${startOffset}:${endOffset}:${count > 0}`); // V8 names a block only where it differs from what is around it
    }
  }
  return seen.size > before;
}

/** An input changed in one to four places. */
function mutate(corpus: readonly Buffer[], words: readonly string[], below: (n: number) => number): Buffer {
  let bytes: Buffer = corpus[below(corpus.length)];
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const [from, to] = [below(bytes.length + 1), below(bytes.length + 1)].sort((a, b) => a - b);
    const other = corpus[below(corpus.length)];
    const middle = [
      Buffer.from([below(256)]),
      Buffer.from(words[below(words.length)]),
      Buffer.concat([bytes.subarray(from, to), bytes.subarray(from, to)]),
      other.subarray(below(other.length + 1), other.length),
      Buffer.alloc(0),
    ][below(5)];
    const short = below(2) === 0; // a small change, or one from here to there
    bytes = Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(short ? Math.min(from + 1, to) : to)]);
  }
  return bytes.subarray(0, 64 * 1024);
}

/** Tries inputs, and goes on from those that lead further. What `run` throws is a find; the input is in its message. */
export async function guided(run: (bytes: Buffer) => void, options: Guided): Promise<Reached> {
  const { words, runs, files, seed } = options;
  const rng = seededRng(seed);
  const below = (n: number): number => Math.floor(rng.uniform() * n);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set<string>();
  const seeds = options.seeds();
  const corpus = [...seeds];
  const attempt = (bytes: Buffer): void => {
    try {
      run(bytes);
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(bytes.toString("latin1"))}`, { cause: error });
    }
  };
  try {
    for (const bytes of seeds) attempt(bytes);
    await newBlocks(session, files, seen);
    for (let done = 0; done < runs; done += BATCH) {
      const batch = Array.from({ length: BATCH }, () => mutate(corpus, words, below));
      for (const bytes of batch) attempt(bytes);
      const before = new Set(seen);
      if (!(await newBlocks(session, files, seen))) continue;
      for (const bytes of batch) {
        attempt(bytes); // again, one by one: which was it?
        if (await newBlocks(session, files, before)) corpus.push(bytes);
      }
    }
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
  return { blocks: seen.size, corpus };
}
