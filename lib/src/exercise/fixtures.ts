/**
 * Functions that a check passes to the learner's function. A function cannot cross to the process where the learner's
 * code runs, so the fixture lives there: what crosses is its name and its options, `{ $fixture: name, options }`.
 */
interface Fixture<Options> {
  readonly make: (options: Options) => unknown;
  /** The fixture as a learner reads it in the table of a check. */
  readonly text: (options: Options) => string;
}
const define = <Options>(made: Fixture<Options>): Fixture<Options> => made;

const fixtures = {
  /**
   * f(x) = Σ aₖ xₖ³ + Σ bₖ xₖ xₖ₊₁, the last entry next to the first: central differences of it are not exact, and a
   * nudge of one entry moves the slope at its neighbours.
   */
  cubic: define<{ a: number[]; b: number[] }>({
    make:
      ({ a, b }) =>
      (x: ArrayLike<number>) =>
        a.reduce((sum, _, k) => sum + a[k] * x[k] ** 3 + b[k] * x[k] * x[(k + 1) % a.length], 0),
    text: ({ a, b }) =>
      `(x) => ${a.map((_, k) => `${a[k]} * x[${k}] ** 3 + ${b[k]} * x[${k}] * x[${(k + 1) % a.length}]`).join(" + ")}`,
  }),
};

export type FixtureName = keyof typeof fixtures;
export type FixtureOptions<Name extends FixtureName> = Parameters<(typeof fixtures)[Name]["make"]>[0];

/** An argument for the learner's function that is itself a function: `subject.call("gradient", fixture("cubic", { a, b }), x)`. */
export const fixture = <Name extends FixtureName>(name: Name, options: FixtureOptions<Name>): unknown => ({
  $fixture: name,
  options,
});

interface FixtureCall {
  readonly $fixture: string;
  readonly options: never;
}

const isFixture = (value: object): value is FixtureCall => typeof (value as Partial<FixtureCall>).$fixture === "string";

function known({ $fixture }: FixtureCall): Fixture<never> {
  if (Object.hasOwn(fixtures, $fixture)) return fixtures[$fixture as FixtureName] as Fixture<never>;
  throw new RangeError(`there is no fixture ${$fixture}; there are ${Object.keys(fixtures).join(", ")}`);
}

/** An argument with every fixture in it made; the runner does this just before the call. */
export function withFixtures(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map(withFixtures);
  if (isFixture(value)) return known(value).make(value.options);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withFixtures(entry)]));
}

/** How a fixture reads; undefined for any other value, also one that only looks like a fixture. */
export function fixtureText(value: object): string | undefined {
  if (!isFixture(value)) return undefined;
  try {
    return known(value).text(value.options);
  } catch {
    return undefined; // a learner's answer may hold anything
  }
}
