import { type Rng, seededRng } from "../tensor/rng.js";
import { between, checkRange, common, guessing, oneOf, type Task, type TaskOptions } from "./task.js";
import { filler, type SentenceBatch, sentences, vocabularyOfWords } from "./words.js";

export interface AgreementOptions extends TaskOptions {
  /** Nouns of the other number between subject and verb: a count, or a range to draw from. Default [0, 4]. */
  attractors?: number | readonly [number, number];
  /** Words between subject and verb, at least three for every attractor. Default [12, 20]. */
  distance?: number | readonly [number, number];
}

export interface AgreementBatch extends SentenceBatch {
  /** Of each sentence: how many nouns of the other number stand in between. */
  attractors: number[];
  /** Of each sentence: how many words stand between subject and verb. */
  distances: number[];
}

export interface AgreementTask extends Task<AgreementBatch> {
  /** What each input component stands for. */
  readonly vocabulary: readonly string[];
  /** The verb of class 0 and of class 1. */
  readonly answers: readonly ["is", "are"];
  readonly baselines: {
    readonly accuracy: number;
    readonly crossEntropy: number;
    readonly mse: number;
    readonly recentNoun: number;
  };
}

const nouns = [
  ["key", "keys"],
  ["letter", "letters"],
  ["picture", "pictures"],
  ["ladder", "ladders"],
  ["lamp", "lamps"],
  ["coat", "coats"],
  ["cabinet", "cabinets"],
  ["bicycle", "bicycles"],
  ["basket", "baskets"],
  ["mirror", "mirrors"],
];
const adjectives = ["old", "small", "red", "heavy", "broken", "lovely"];
const prepositions = ["near", "behind", "beside", "under", "above", "beyond"];
/** Words that fit a singular and a plural alike: no noun, and verbs in the past. */
const neutral = [
  "upstairs",
  "outside",
  "over there",
  "up here",
  "that you found",
  "that she painted",
  "that I almost sold",
  "that we once borrowed",
  "that they never quite finished",
  "that we carefully cleaned yesterday",
  "that he once said we needed",
  "that you and I found together",
];

/**
 * Subject and verb agree in number: "the old keys near the cabinet that you found" — is, or are?
 *
 * Between subject and verb stand `distance` words, among them `attractors` nouns of the other number, each as "near
 * the cabinet"; the rest fits both numbers. The class is the subject's number, singular 0 or plural 1, equally
 * likely. Grammar and lexicon are small and made for this course; word order is looser than in print.
 *
 * Baselines. A guess: accuracy 1/2, cross-entropy ln 2 nats, mean squared error 1/4. `recentNoun` is the accuracy of
 * agreeing with the noun last seen: right without attractors, always wrong with them, so the share of sentences that
 * have none: 1/5 with the default range.
 *
 * @see Linzen, Dupoux & Goldberg (2016), Assessing the ability of LSTMs to learn syntax-sensitive dependencies, TACL 4.
 */
export function agreement(options: AgreementOptions = {}, rng: Rng = seededRng(0)): AgreementTask {
  const { batchSize, dtype } = common("agreement", options, ["attractors", "distance"], rng);
  const attractors = checkRange("agreement", "attractors", options.attractors ?? [0, 4], 0);
  const distance = checkRange("agreement", "distance", options.distance ?? [12, 20], 1);
  if (distance[0] < 3 * attractors[1]) {
    const room = `${attractors[1]} attractors need ${3 * attractors[1]} words`;
    throw new RangeError(`agreement: distance must leave room for all attractors; ${room}, got ${distance[0]}`);
  }
  const vocabulary = vocabularyOfWords(["the", ...nouns.flat(), ...adjectives, ...prepositions, ...neutral]);
  return {
    inputSize: vocabulary.length,
    outputSize: 2,
    batchSize,
    vocabulary,
    answers: ["is", "are"],
    baselines: { ...guessing(2), recentNoun: attractors[0] === 0 ? 1 / (attractors[1] + 1) : 0 },
    batch() {
      const rows = Array.from({ length: batchSize }, () => ({
        plural: rng.int(2),
        attractors: between(rng, ...attractors),
        distance: between(rng, ...distance),
      }));
      const texts = rows.map((row) => sentence(row, rng));
      const classes = rows.map((row) => row.plural);
      return {
        ...sentences(texts, classes, { vocabulary, outputSize: 2, dtype }),
        attractors: rows.map((row) => row.attractors),
        distances: rows.map((row) => row.distance),
      };
    },
  };
}

function sentence(row: { plural: number; attractors: number; distance: number }, rng: Rng): string {
  const subject = `the ${oneOf(rng, adjectives)} ${oneOf(rng, nouns)[row.plural]}`;
  const attractors = Array.from(
    { length: row.attractors },
    () => `${oneOf(rng, prepositions)} the ${oneOf(rng, nouns)[1 - row.plural]}`,
  );
  const rest = filler(neutral, row.distance - 3 * row.attractors, rng);
  return [subject, ...shuffled([...attractors, ...rest], rng)].join(" ");
}

/** Every order equally likely: Fisher & Yates (1938). */
function shuffled<T>(things: readonly T[], rng: Rng): T[] {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last--) {
    const k = rng.int(last + 1);
    [order[last], order[k]] = [order[k], order[last]];
  }
  return order;
}
