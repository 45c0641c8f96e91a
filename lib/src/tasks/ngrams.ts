import { checkCount, checkOptions, said } from "../tensor/refuse.js";

/** What followed one context: how often each character, and how often in all. */
interface Followers {
  total: number;
  readonly counts: Map<string, number>;
}

/** A language model that only counts. */
export interface Ngrams {
  /** −log₂ p of each character of a text after the first. */
  bits(text: string): number[];
}

/**
 * How often each character follows the n − 1 before it, counted in a text. Order 1 looks at nothing, 2 (bigrams) at
 * the character before. What was never seen gets the next shorter context's opinion, and in the end 1/V:
 *
 *     p(b | context) = (count(context b) + kinds(context) · p(b | shorter context)) / (count(context) + kinds(context))
 *
 * with kinds(context) the number of different characters that followed it.
 *
 * @param options.symbols how many characters there are, V; default: those of the text
 * @see Witten & Bell (1991), The zero-frequency problem, IEEE Transactions on Information Theory 37(4): method C.
 */
export function ngrams(text: string, order: number, options: { symbols?: number } = {}): Ngrams {
  checkOptions("ngrams", options, ["symbols"]);
  checkCount("ngrams", "order", order);
  if (typeof text !== "string" || text === "") throw new TypeError(`ngrams: text must be a text, got ${said(text)}`);
  const { symbols = new Set(text).size } = options;
  checkCount("ngrams", "symbols", symbols);
  const seen = new Map<string, Followers>();
  const letters = [...text];
  letters.forEach((letter, t) => {
    for (const context of contexts(letters, t, order)) {
      const followers = seen.get(context) ?? { total: 0, counts: new Map<string, number>() };
      seen.set(context, followers);
      followers.total++;
      followers.counts.set(letter, (followers.counts.get(letter) ?? 0) + 1);
    }
  });
  const share = (letter: string, longer: readonly string[]): number =>
    longer.reduce((shorter, context) => {
      const followers = seen.get(context);
      if (!followers) return shorter;
      const { total, counts } = followers;
      return ((counts.get(letter) ?? 0) + counts.size * shorter) / (total + counts.size);
    }, 1 / symbols);
  return {
    bits(read) {
      const written = [...read];
      return written.slice(1).map((letter, k) => -Math.log2(share(letter, contexts(written, k + 1, order))));
    },
  };
}

/** What stands before place t: nothing, one character, … up to order − 1. */
function contexts(letters: readonly string[], t: number, order: number): string[] {
  return Array.from({ length: Math.min(order, t + 1) }, (_, n) => letters.slice(t - n, t).join(""));
}
