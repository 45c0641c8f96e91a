import { type CloseOptions, difference } from "./difference.js";

/** Asks, inside a reference, whether a slip is made: `const gate = made("σ is missing") ? pre : sigmoid(pre)`. */
export type Made<Slip extends string> = (slip: Slip) => boolean;

/** A right answer, and the answers that known slips give in its place. */
export interface Variants<Slip extends string = string> {
  readonly slips: readonly Slip[];
  readonly reference: (made: Made<Slip>) => unknown;
}

export const variants = <Slip extends string>(
  slips: readonly Slip[],
  reference: (made: Made<Slip>) => unknown,
): Variants<Slip> => ({ slips, reference });

export const rightAnswer = ({ reference }: Variants): unknown => reference(() => false);

/** No slip, each slip, each pair of slips. */
function* combinations(slips: readonly string[]): Generator<readonly string[]> {
  yield [];
  for (const slip of slips) yield [slip];
  for (const [k, slip] of slips.entries()) for (const other of slips.slice(k + 1)) yield [slip, other];
}

/** The fewest known slips that together give this answer: none for a right one; undefined if no one or two of them do. */
export function slipsIn(
  answer: unknown,
  { slips, reference }: Variants,
  options: CloseOptions = {},
): readonly string[] | undefined {
  for (const made of combinations(slips)) {
    if (
      difference(
        answer,
        reference((slip) => made.includes(slip)),
        options,
      ) === undefined
    )
      return made;
  }
  return undefined;
}
