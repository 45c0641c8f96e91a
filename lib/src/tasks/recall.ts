import { checkChoice, checkCount } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { common, guessing, oneOf, type Task, type TaskOptions } from "./task.js";
import { filler, type SentenceBatch, sentences, vocabularyOfWords, wordCount } from "./words.js";

export interface RecallOptions extends TaskOptions {
  /** Words (full stops count) between the clue and the blank, at least 5; for "short", words before the sentence. Default 20. */
  gap?: number;
  /** "long" (default): the country is the clue to the language. "short": clouds, then sky. "mixed": half and half. */
  kind?: "long" | "short" | "mixed";
}

export interface RecallTask extends Task<SentenceBatch> {
  readonly gap: number;
  /** What each input component stands for. */
  readonly vocabulary: readonly string[];
  /** What each output component stands for. */
  readonly answers: readonly string[];
  readonly baselines: {
    readonly accuracy: number;
    readonly crossEntropy: number;
    readonly mse: number;
    readonly nearWords: number;
  };
}

const languages: Readonly<Record<string, string>> = {
  France: "French",
  Italy: "Italian",
  Japan: "Japanese",
  Poland: "Polish",
  Turkey: "Turkish",
  Greece: "Greek",
  Finland: "Finnish",
  Portugal: "Portuguese",
};
const places: Readonly<Record<string, string>> = {
  clouds: "sky",
  fish: "sea",
  trains: "station",
  books: "library",
  cows: "meadow",
  monkeys: "jungle",
  loaves: "oven",
  letters: "mailbox",
};

const origins = [
  "I grew up in",
  "my family comes from",
  "as a child I lived in",
  "my parents met in",
  "I went to school in",
];
const questions = ["I speak fluent", "I still speak", "I dream in", "at home we speak", "my mother tongue is"];
const sightings = ["the CLUE are in the", "look at the CLUE in the", "there are CLUE in the"];
const story = [
  "it rained often .",
  "winters were long .",
  "my father painted houses .",
  "we never had a car .",
  "my sister learned the violin .",
  "our street led to a bridge .",
  "on Sundays we walked in the hills .",
  "my grandmother told the same joke every year .",
  "nobody in the village owned a telephone then .",
];
/** One word, two, three: for what is left when no sentence of the story fits any more. */
const asides = ["well", "of course", "to this day"];

/**
 * Recall: "I grew up in France . it rained often . … I speak fluent" — which word is next? A clue, a story that has
 * nothing to do with it, a question that says what kind of word is wanted but not which one. `gap` is the distance
 * in words. The short kind, "… the clouds are in the", has the same story in front and the clue three words away at most.
 *
 * Words are one-hot over `vocabulary`, the class is the number of the next word among `answers`: eight languages, eight
 * places, or with "mixed" all sixteen. The sentences are made for this course.
 *
 * Baselines. The question leaves eight words, all as likely, so without the clue: accuracy 1/8, cross-entropy ln 8
 * nats, mean squared error (1 − 1/8) / answers. `nearWords` is the accuracy of who sees the last five words only:
 * 1/8 for "long", 1 for "short", 9/16 for "mixed".
 *
 * @see Bengio, Simard & Frasconi (1994) for why the distance matters; Olah (2015), Understanding LSTM networks, for
 * the two sentences that this task makes measurable.
 */
export function recall(options: RecallOptions = {}, rng: Rng = seededRng(0)): RecallTask {
  const { batchSize, dtype } = common("recall", options, ["gap", "kind"], rng);
  const { gap = 20, kind = "long" } = options;
  checkChoice("recall", "kind", kind, ["long", "short", "mixed"]);
  checkCount("recall", "gap", gap, 5);
  const asked = { long: [languages], short: [places], mixed: [languages, places] }[kind];
  const answers = asked.flatMap((pairs) => Object.values(pairs));
  const clues = asked.flatMap((pairs) => Object.keys(pairs));
  const vocabulary = vocabularyOfWords([...origins, ...questions, ...sightings, ...story, ...asides, ...clues]).filter(
    (word) => word !== "CLUE",
  );
  return {
    inputSize: vocabulary.length,
    outputSize: answers.length,
    batchSize,
    gap,
    vocabulary,
    answers,
    baselines: { ...guessing(8, answers.length), nearWords: { long: 1 / 8, short: 1, mixed: 9 / 16 }[kind] },
    batch() {
      const classes: number[] = [];
      const texts = Array.from({ length: batchSize }, () => {
        const pairs = oneOf(rng, asked);
        const clue = oneOf(rng, Object.keys(pairs));
        classes.push(answers.indexOf(pairs[clue]));
        return (pairs === languages ? grewUpIn(clue, gap, rng) : inThe(clue, gap, rng)).join(" ");
      });
      return sentences(texts, classes, { vocabulary, outputSize: answers.length, dtype });
    },
  };
}

/** "I grew up in France . … I speak fluent", with `gap` words after France. */
function grewUpIn(country: string, gap: number, rng: Rng): string[] {
  const question = oneOf(rng, questions);
  return [oneOf(rng, origins), country, ".", ...told(gap - 1 - wordCount(question), rng), question];
}

/** "… look at the clouds in the", with `gap` words of story before it. */
function inThe(clue: string, gap: number, rng: Rng): string[] {
  return [...told(gap, rng), oneOf(rng, sightings).replace("CLUE", clue)];
}

/** A story of `count` words. */
function told(count: number, rng: Rng): string[] {
  const sentences = filler(story, count, rng);
  const left = count - sentences.reduce((sum, sentence) => sum + wordCount(sentence), 0);
  return left === 0 ? sentences : [...sentences, asides[left - 1]];
}
