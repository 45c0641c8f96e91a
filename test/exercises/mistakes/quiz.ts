import type { Mistake } from "./mistake.js";

/** Every wrong letter of a question, as a planted mistake that fails the question's check. */
export const wrongLetters = (
  question: string,
  right: string,
  wrong: string,
  title: string,
): Omit<Mistake, "exercise">[] =>
  [...wrong].map((letter) => ({ from: `${question}: "${right}"`, to: `${question}: "${letter}"`, fails: [title] }));
