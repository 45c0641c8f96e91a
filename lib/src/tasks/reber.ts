import { checkChoice, checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { type GrammarString, spell } from "./grammar.js";
import type { GrammarBatch, Predict } from "./legal.js";
import { common, oneOf, type Task, type TaskOptions } from "./task.js";

export interface ReberOptions extends TaskOptions {
  /** What `targets` hold: the symbol that came "next" (default), or all that were "legal". */
  predict?: Predict;
}

export interface ContinualReberOptions extends ReberOptions {
  /** Steps per batch; the next batch goes on where this one ended. Default 100. */
  seqLen?: number;
}

export interface ReberTask extends Task<GrammarBatch> {
  /** What each component of input and output stands for. */
  readonly symbols: readonly string[];
  readonly baselines: {
    readonly memoryless: number;
    readonly innerOnly: number;
    readonly solved: number;
    readonly accuracy: number;
  };
}

const symbols = [..."BTPSXVE"];

/** The Reber grammar: from each node two arcs, equally likely; an arc writes its letter. Node 5 is the end. */
const arcs = [
  { T: 1, P: 2 },
  { S: 1, X: 3 },
  { T: 2, V: 4 },
  { X: 2, S: 5 },
  { P: 3, V: 5 },
] as const;

/** B, a walk through the grammar, E. */
function reberString(rng: Rng): GrammarString {
  let text = "B";
  const legal: string[] = [];
  for (let node = 0; node < arcs.length; ) {
    const ways = Object.entries(arcs[node]);
    legal.push(ways.map(([letter]) => letter).join(""));
    const [letter, to] = oneOf(rng, ways);
    text += letter;
    node = to;
  }
  return { text: `${text}E`, legal: [...legal, "E"] };
}

/** B, T or P, a Reber string, the same T or P, E. */
function embeddedString(rng: Rng): GrammarString {
  const outer = oneOf(rng, ["T", "P"]);
  const inner = reberString(rng);
  return { text: `B${outer}${inner.text}${outer}E`, legal: ["TP", "B", ...inner.legal, outer, "E"] };
}

/** ln 2, ln 3 and ln 5 of the costs below. */
const [ln2, ln3, ln5] = [Math.log(2), Math.log(3), Math.log(5)];

/**
 * The embedded Reber grammar: predict the next letter. Only the last but one is hard: it repeats the second, with
 * a whole Reber string, itself full of T and P, in between.
 *
 *     B T [B P V P S E] T E
 *
 * The inner string makes six coin tosses on average (the expected number from node 0 is N₀ = 1 + (N₁ + N₂)/2, and so
 * on: N = 6, 16/3, 14/3, 10/3, 8/3) and has eight letters; the whole string has twelve, so 11 predictions. Strings
 * have at least nine letters and no greatest length.
 *
 * Baselines, in nats per prediction (all strings' costs over all strings' predictions). `solved`: seven tosses,
 * 7 ln 2 / 11. `innerOnly`: walks the inner grammar and has forgotten the second letter, one more toss: 8 ln 2 / 11.
 * `memoryless`: sees only the present letter. Counting what follows each letter, weighted by how often each node is
 * passed (1, 1, 2, 1, 1 times), gives (12 ln 2 + 3/2 ln 3 + 5/2 ln 5) / 11. `accuracy` is the share of strings that
 * can be predicted legally throughout without the second letter: 1/2.
 *
 * Success in the papers is `followsGrammar` on every string, not a low cross-entropy.
 *
 * @see Reber (1967), J. Verbal Learning and Verbal Behavior 6; Cleeremans, Servan-Schreiber & McClelland (1989), Neural
 * Computation 1(3); Hochreiter & Schmidhuber (1997), Neural Computation 9(8), experiment 1.
 */
export function embeddedReber(options: ReberOptions = {}, rng: Rng = seededRng(0)): ReberTask {
  const { batchSize, dtype, predict } = checked("embeddedReber", options, [], rng);
  return {
    inputSize: symbols.length,
    outputSize: symbols.length,
    batchSize,
    symbols,
    baselines: {
      memoryless: (12 * ln2 + 1.5 * ln3 + 2.5 * ln5) / 11,
      innerOnly: (8 * ln2) / 11,
      solved: (7 * ln2) / 11,
      accuracy: 1 / 2,
    },
    batch() {
      const strings = Array.from({ length: batchSize }, () => embeddedString(rng));
      return spell(strings, { inputs: symbols, outputs: symbols, predict, dtype });
    },
  };
}

/**
 * The continual embedded Reber grammar: strings follow each other without a sign or a reset, B right after E. A cell
 * that cannot forget has to carry all that it ever took in.
 *
 * Each row of a batch is a stream of its own, and the next batch goes on where this one ended, so that a state carried
 * over still fits: its first input is the letter that the last batch asked for at its end.
 *
 * Baselines as in `embeddedReber`, per prediction, of which a string now has twelve: E is followed by B, which is
 * certain for who knows which E it is. `solved` 7 ln 2 / 12, `innerOnly` 8 ln 2 / 12. Without memory the inner and
 * the outer E look the same: `memoryless` (14 ln 2 + 3/2 ln 3 + 5/2 ln 5) / 12.
 *
 * @see Gers, Schmidhuber & Cummins (2000), Learning to forget, Neural Computation 12(10).
 */
export function continualReber(
  options: ContinualReberOptions = {},
  rng: Rng = seededRng(0),
): ReberTask & { readonly seqLen: number } {
  const { batchSize, dtype, predict } = checked("continualReber", options, ["seqLen"], rng);
  const { seqLen = 100 } = options;
  checkCount("continualReber", "seqLen", seqLen);
  const streams: GrammarString[] = Array.from({ length: batchSize }, () => ({ text: "", legal: [] }));
  return {
    inputSize: symbols.length,
    outputSize: symbols.length,
    batchSize,
    seqLen,
    symbols,
    baselines: {
      memoryless: (14 * ln2 + 1.5 * ln3 + 2.5 * ln5) / 12,
      innerOnly: (8 * ln2) / 12,
      solved: (7 * ln2) / 12,
      accuracy: 1 / 2,
    },
    batch() {
      const windows = streams.map((stream, b) => {
        let { text, legal } = stream;
        while (text.length <= seqLen) {
          const string = embeddedString(rng);
          text += string.text;
          legal = [...legal, ...string.legal, "B"];
        }
        streams[b] = { text: text.slice(seqLen), legal: legal.slice(seqLen) };
        return { text: text.slice(0, seqLen + 1), legal: legal.slice(0, seqLen) };
      });
      return spell(windows, { inputs: symbols, outputs: symbols, predict, dtype });
    },
  };
}

function checked(where: string, options: ReberOptions, known: readonly string[], rng: Rng) {
  const checkedCommon = common(where, options, ["predict", ...known], rng);
  const { predict = "next" } = options;
  checkChoice(where, "predict", predict, ["next", "legal"]);
  return { ...checkedCommon, predict };
}
