import { checkOptions } from "../tensor/refuse.js";
import { textDrawing } from "./text-drawing.js";
import { Widget } from "./widget.js";

/** One of the texts that a slider chooses from. */
export interface TextView {
  readonly name: string;
  readonly text: string;
  /** One number in [−1, 1] per character: how it is shaded, blue above 0, orange below. */
  readonly shades?: readonly number[];
}

/** What the page starts from. */
export interface TextsData {
  readonly views: readonly {
    readonly name: string;
    readonly letters: readonly string[];
    readonly shades: readonly number[];
  }[];
}

/**
 * Texts, one at a time, behind a slider: what a network wrote at several temperatures, or one text shaded by what
 * several of its cells hold.
 *
 *     explore.texts([{ name: "0.5", text: cool }, { name: "1", text: warm }], { title: "Temperature" });
 *
 * @throws RangeError if there is no text, or there is not one shade in [−1, 1] per character
 */
export function texts(views: readonly TextView[], options: { title?: string } = {}): Widget {
  checkOptions("explore.texts", options, ["title"]);
  const { title = "Texts" } = options;
  if (!views?.length) throw new RangeError("explore.texts: there must be at least one text, got none");
  const known = views.map(({ name, text, shades }) => {
    const letters = [...text];
    const shaded = shades ?? letters.map(() => 0);
    checkShades(`explore.texts: ${name}`, shaded, letters.length);
    return { name, letters, shades: shaded.map((shade) => Math.round(shade * 100) / 100) };
  });
  return new Widget({
    kind: "texts",
    title,
    data: { views: known } satisfies TextsData,
    still: textDrawing(known[0].letters, known[0].shades, `${title}: ${known[0].name}. ${views[0].text}`),
    words: views.slice(1).map(({ name, text }) => `${name}: ${text}`),
  });
}

function checkShades(where: string, shades: readonly number[], count: number): void {
  const odd = shades.find((shade) => !(shade >= -1 && shade <= 1));
  if (shades.length === count && odd === undefined) return;
  const got = odd === undefined ? `${shades.length} of them` : odd;
  throw new RangeError(`${where}: shades must be ${count} numbers in [-1, 1], got ${got}`);
}
