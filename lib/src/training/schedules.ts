import { checkCount, checkNumber, checkOptions, said } from "../tensor/refuse.js";

/** The learning rate of each update; step is 1 for the first. */
export type Schedule = (step: number) => number;

/** The same rate for ever. */
export function constant(rate: number): Schedule {
  checkNumber("constant", "rate", rate, { positive: true });
  return () => rate;
}

/**
 * The rate times `factor` after every `every` updates.
 *
 *     rate · factor^⌊(step − 1) / every⌋
 */
export function stepDecay(rate: number, options: { every: number; factor?: number }): Schedule {
  checkNumber("stepDecay", "rate", rate, { positive: true });
  checkOptions("stepDecay", options ?? {}, ["every", "factor"]);
  const { every, factor = 0.1 } = options ?? {};
  checkCount("stepDecay", "every", every);
  checkNumber("stepDecay", "factor", factor, { positive: true });
  return (step) => rate * factor ** Math.floor((step - 1) / every);
}

/**
 * Half a cosine wave from rate down to `least` over `steps` updates, and `least` from then on.
 *
 *     least + (rate − least) (1 + cos(π (step − 1) / steps)) / 2
 *
 * @see Loshchilov & Hutter (2017), ICLR, arXiv:1608.03983.
 */
export function cosine(rate: number, options: { steps: number; least?: number }): Schedule {
  checkNumber("cosine", "rate", rate, { positive: true });
  checkOptions("cosine", options ?? {}, ["steps", "least"]);
  const { steps, least = 0 } = options ?? {};
  checkCount("cosine", "steps", steps);
  if (!(least >= 0 && least <= rate)) {
    throw new RangeError(`cosine: least must be in [0, ${rate}], got ${said(least)}`);
  }
  return (step) => least + ((rate - least) * (1 + Math.cos((Math.PI * Math.min(step - 1, steps)) / steps))) / 2;
}

/**
 * Up in even steps to where another schedule (or a constant rate) starts, then that schedule from its beginning.
 *
 *     then(1) · step / steps            while step < steps
 *     then(step − steps + 1)            from there on
 */
export function warmup(then: number | Schedule, options: { steps: number }): Schedule {
  const after = typeof then === "function" ? then : constant(then);
  checkOptions("warmup", options ?? {}, ["steps"]);
  const { steps } = options ?? {};
  checkCount("warmup", "steps", steps);
  return (step) => (step < steps ? (after(1) * step) / steps : after(step - steps + 1));
}
