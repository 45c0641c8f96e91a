/**
 * Errors in one line: where, what must be, what came.
 *
 *     LSTMCell: unknown option "forgetbias"; did you mean forgetBias?
 *     x must be [batchSize, 3], got [2, 5]
 */

/** "[2, 5]" */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** How many single-letter edits turn a into b, letter case counting half (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const alike = a[i - 1].toLowerCase() === b[j - 1].toLowerCase();
      const change = same ? 0 : alike ? 0.5 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + change);
    }
    row = next;
  }
  return row[b.length];
}

/** The known name that looks most like the given one, if any is close enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((k) => ({ k, d: editDistance(name, k) })).sort((a, b) => a.d - b.d);
  return ranked.length > 0 && ranked[0].d <= Math.max(1, name.length / 2) ? ranked[0].k : undefined;
}

/** @throws TypeError if options holds a name that is not known */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const hint = meant ? `did you mean ${meant}?` : `there are: ${known.join(", ")}`;
    throw new TypeError(`${where}: unknown option "${name}"; ${hint}`);
  }
}

/** @throws TypeError if value is not one of the allowed words */
export function checkChoice(where: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  throw new TypeError(`${where}: ${name} must be ${allowed.map((a) => `"${a}"`).join(" or ")}, got ${said(value)}`);
}

/** @throws RangeError if value is not an integer >= least */
export function checkCount(where: string, name: string, value: unknown, least = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new RangeError(`${where}: ${name} must be an integer >= ${least}, got ${said(value)}`);
}

/** @throws RangeError if value is not a finite number (> 0 where positive is asked for) */
export function checkNumber(where: string, name: string, value: unknown, { positive = false } = {}): void {
  if (Number.isFinite(value) && (!positive || (value as number) > 0)) return;
  throw new RangeError(`${where}: ${name} must be a ${positive ? "positive" : "finite"} number, got ${said(value)}`);
}

/** @throws RangeError unless the shape is the one wanted; a name stands for any size: ["batchSize", 3] */
export function checkShape(name: string, shape: readonly number[], wanted: readonly (number | string)[]): void {
  if (shape.length === wanted.length && shape.every((n, k) => typeof wanted[k] === "string" || wanted[k] === n)) return;
  throw new RangeError(`${name} must be [${wanted.join(", ")}], got ${shapeText(shape)}`);
}

/** A value as an error message shows it: short, and telling a string from a number. */
export function said(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return `an object (${value.constructor?.name ?? "no class"})`;
  return String(value);
}
