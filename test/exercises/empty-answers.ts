import type { Answers } from "../../lib/src/notebook/check/client.js";

type Fill = (value: number) => unknown;
function fill(answer: unknown, by: Fill): unknown {
  if (typeof answer === "number") return by(answer);
  if (Array.isArray(answer)) return answer.map((entry) => fill(entry, by));
  if (typeof answer !== "object" || answer === null) return by(0);
  return Object.fromEntries(Object.entries(answer).map(([key, entry]) => [key, fill(entry, by)]));
}

/** Every array inside the arguments: what an answer could echo. */
function arraysIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(arraysIn);
  return Array.isArray(value) ? [value, ...inside] : inside;
}

const isRecord = (answer: unknown): boolean => typeof answer === "object" && answer !== null && !Array.isArray(answer);

/** Remembers a function's answers: an experiment trains for seconds, and is asked the same some twenty times. */
function remembered(f: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  const known = new Map<string, unknown>();
  return (...args) => {
    if (args.some((arg) => typeof arg === "function")) return f(...args);
    const key = JSON.stringify(args);
    if (!known.has(key)) known.set(key, f(...structuredClone(args)));
    return known.get(key);
  };
}

/** Answers of the right form that say nothing, made from a right answer: none may earn a point. */
export function emptyAnswers(solution: Answers): Record<string, Answers> {
  const right = Object.entries(solution).map(([name, value]): [string, unknown] => [
    name,
    typeof value === "function" ? remembered(value as (...args: unknown[]) => unknown) : value,
  ]);
  const change = (by: (answer: unknown, args: unknown[]) => unknown): Answers =>
    Object.fromEntries(
      right.map(([name, value]) => {
        if (typeof value !== "function") return [name, by(value, [])];
        return [
          name,
          (...args: unknown[]) => {
            const answer: unknown = value(...args);
            return answer instanceof Promise ? answer.then((settled) => by(settled, args)) : by(answer, args);
          },
        ];
      }),
    );
  const echoes = Array.from({ length: 12 }, (_, k) => [
    `echo ${k}`,
    change((answer, args) => {
      const echo = arraysIn(args)[k] ?? [];
      return isRecord(answer) ? Object.fromEntries(Object.keys(answer as object).map((key) => [key, echo])) : echo;
    }),
  ]);
  return {
    zeros: change((answer) => fill(answer, () => 0)),
    ones: change((answer) => fill(answer, () => 1)),
    NaN: change((answer) => fill(answer, () => Number.NaN)),
    infinite: change((answer) => fill(answer, () => Number.POSITIVE_INFINITY)),
    empty: change((answer) =>
      isRecord(answer) ? Object.fromEntries(Object.keys(answer as object).map((key) => [key, []])) : [],
    ),
    "the whole input": change((_answer, args) => args),
    "the first argument": change((_answer, args) => args[0] ?? null),
    nothing: change(() => undefined),
    "a matcher in disguise": change(() => ({ $$typeof: "Symbol(jest.asymmetricMatcher)", asymmetricMatch: true })),
    ...Object.fromEntries(echoes),
  };
}
