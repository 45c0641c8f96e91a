/** Numbers as a learner writes them: a number, a nested array, a typed array, or a tensor with `shape` and `data`. */
export type Numbers =
  | number
  | ArrayLike<unknown>
  | { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/** Nested numbers laid out flat: what two answers must share before their entries can be compared. */
export interface Flat {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const isTensor = (value: object): value is { shape: number[]; data: ArrayLike<number> } =>
  "shape" in value && "data" in value && Array.isArray(value.shape);

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);

/** What a value is, in the words of someone who expected numbers. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "object")
    return isList(value) ? "an array" : `an object with ${Object.keys(value).join(", ") || "nothing in it"}`;
  return `a ${typeof value}`;
}

/**
 * Lays nested arrays, typed arrays and tensors out flat.
 * @throws TypeError if an entry is not a number, or rows differ in length; the message says where
 */
export function flatten(value: unknown, name = "answer"): Flat {
  if (typeof value === "object" && value !== null && isTensor(value)) {
    return { shape: [...value.shape], data: Array.from(value.data) };
  }
  const data: number[] = [];
  const walk = (part: unknown, path: string): number[] => {
    if (typeof part === "number") {
      data.push(part);
      return [];
    }
    if (!isList(part)) throw new TypeError(`${path} must be a number, got ${nameOf(part)}`);
    const shapes = Array.from(part, (entry, k) => walk(entry, `${path}[${k}]`));
    const first = shapes[0] ?? [];
    const odd = shapes.findIndex((shape) => shape.join() !== first.join());
    if (odd > 0)
      throw new TypeError(
        `${path}[${odd}] must be ${shapeText(first)} like its neighbours, got ${shapeText(shapes[odd])}`,
      );
    return [part.length, ...first];
  };
  const shape = walk(value, name);
  return { shape, data };
}

/** [2, 3], or "a single number". */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? "a single number" : `[${shape.join(", ")}]`;

/** The place of flat entry k: "[0][2]", or "dWx[2]" where the first entries have names; empty for a single number. */
export function placeOf(k: number, shape: readonly number[], names: readonly string[] = []): string {
  let rest = k;
  const indices: number[] = [];
  for (const size of [...shape].reverse()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices.map((index, axis) => (axis === 0 && names[index]) || `[${index}]`).join("");
}

/** As few digits as tell the number to someone reading a table: 0.1, 1.05, 2.5e-8. */
export function digits(value: number, precision = 6): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return Object.is(value, -0) ? "-0" : String(value);
  return String(Number(value.toPrecision(precision)));
}

/** Two different numbers, printed with as many digits as it takes to see the difference. */
export function apart(got: number, expected: number): [string, string] {
  for (const precision of [6, 9, 12, 17]) {
    const pair: [string, string] = [digits(got, precision), digits(expected, precision)];
    if (pair[0] !== pair[1] || precision === 17) return pair;
  }
  return [String(got), String(expected)];
}
