import { checkOptions } from "../tensor/refuse.js";
import { textDrawing } from "./text-drawing.js";
import { Widget } from "./widget.js";

/** What the page starts from. */
export interface LookBackData {
  readonly letters: readonly string[];
  readonly models: readonly {
    readonly name: string;
    /** rows[t][s]: how much character s mattered to the answer after t, as a share of the row's greatest. */
    readonly rows: readonly (readonly number[])[];
  }[];
}

/**
 * A text in which the reader points at a character, and its past is shaded by how much it mattered to the answer
 * there; several models one below the other.
 *
 *     explore.lookBack(text, { LSTM: rows, RNN: others });    // rows[t] = connectivity(model, xs, { at: t })
 *
 * @throws RangeError unless every model has a row of t + 1 numbers >= 0 for each character t
 */
export function lookBack(
  text: string,
  models: Readonly<Record<string, readonly (readonly number[])[]>>,
  options: { title?: string } = {},
): Widget {
  checkOptions("explore.lookBack", options, ["title"]);
  const { title = "What each answer went back to" } = options;
  const letters = [...text];
  const known = Object.entries(models).map(([name, rows]) => {
    if (rows.length !== letters.length || rows.some((row, t) => row.length !== t + 1 || !row.every((n) => n >= 0))) {
      throw new RangeError(`explore.lookBack: ${name} must have ${letters.length} rows of 1, 2, … numbers >= 0`);
    }
    return { name, rows: rows.map(shares) };
  });
  if (known.length === 0) throw new RangeError("explore.lookBack: there must be at least one model, got none");
  const last = letters.length - 1;
  return new Widget({
    kind: "look-back",
    title,
    data: { letters, models: known } satisfies LookBackData,
    still: textDrawing(
      letters,
      known[0].rows[last],
      `${title}. ${known[0].name}, after the last character of: ${text}`,
    ),
    words: known.map(({ name, rows }) => `${name}: ${farthest(rows)}`),
  });
}

/** Of the row's greatest, to two digits. */
function shares(row: readonly number[]): number[] {
  const most = Math.max(...row);
  return row.map((n) => (most > 0 ? Math.round((100 * n) / most) / 100 : 0));
}

/** In words: how far back the answers look. */
function farthest(rows: readonly (readonly number[])[]): string {
  const back = rows.map((row, t) => t - row.lastIndexOf(Math.max(...row)));
  const most = Math.max(...back);
  return `what matters most lies at most ${most} characters back, after character ${back.indexOf(most) + 1}.`;
}
