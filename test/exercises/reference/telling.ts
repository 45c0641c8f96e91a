import { type Made, type Variants, variants } from "unrolled/exercise/suite";

/** A value as text that small rounding errors do not change. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, entry) => (typeof entry === "number" ? entry.toPrecision(8) : entry));

/** Whether a slip shows in an answer: it is neither the right one nor that of another slip. */
export function tells<Slip extends string>(slip: Slip, { slips, reference }: Variants<Slip>): boolean {
  const answered = (only?: string): string => textOf(reference((asked) => asked === only));
  const others = slips.filter((other) => other !== slip).map((other) => answered(other));
  return ![answered(), ...others].includes(answered(slip));
}

/** Draws inputs until a slip shows in them. For exercises where it changes nothing on some inputs, as rounding does. */
export function telling<Inputs, Slip extends string>(
  slip: Slip,
  slips: readonly Slip[],
  draw: () => Inputs,
  answer: (inputs: Inputs, made: Made<Slip>) => unknown,
): { inputs: Inputs; answers: Variants<Slip> } {
  for (let tries = 0; tries < 1000; tries++) {
    const inputs = draw();
    const answers = variants(slips, (made) => answer(inputs, made));
    if (tells(slip, answers)) return { inputs, answers };
  }
  throw new Error(`telling: 1000 draws did not show ${JSON.stringify(slip)}`);
}
