/**
 * Values as plain JSON, so that learner's code and checks exchange data and nothing else.
 *
 *     NaN, ±Infinity, −0      { "$number": "NaN" }
 *     typed array             { "$array": "Float64Array", "data": [...] }
 *     Tensor                  { "$tensor": [2, 3], "data": [...] }
 *     object with a $ key     { "$object": [[key, value], ...] }
 *     the rest                itself
 *
 * Functions, symbols, undefined, dates, maps and class instances do not cross.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Limits {
  /** How deep arrays and objects may nest. */
  readonly maxDepth: number;
  /** How many numbers, texts, arrays and objects one message may hold. */
  readonly maxValues: number;
}

export const defaultLimits: Limits = { maxDepth: 32, maxValues: 2_000_000 };

/** A value that may not cross; the message says where it is and why. */
export class CrossingError extends TypeError {
  override readonly name = "CrossingError";
}

const typedArrays = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const;
type TypedArrayName = keyof typeof typedArrays;
const oddNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

/** The name of a typed array's class, from the object itself and not from what it says of itself. */
function typedArrayName(value: object): string | undefined {
  const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;
  return ArrayBuffer.isView(value) ? tag?.call(value) : undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null; // also an object of another realm
}

/** Counts values and depth on the way down, so that both directions stop at the same limits. */
class Walk {
  private left: number;
  constructor(private readonly limits: Limits) {
    this.left = limits.maxValues;
  }
  step(path: string, depth: number, count = 1): void {
    if (depth > this.limits.maxDepth)
      throw new CrossingError(`${path.slice(0, 80)}… is nested deeper than ${this.limits.maxDepth} levels`);
    this.left -= count;
    if (this.left < 0) throw new CrossingError(`the value holds more than ${this.limits.maxValues} entries`);
  }
}

const encodeNumber = (value: number): Json =>
  Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };

function encodeNumbers(data: ArrayLike<number>, path: string): Json[] {
  return Array.from(data, (entry, k) => {
    if (typeof entry !== "number") throw new CrossingError(`${path}[${k}] must be a number, got ${typeof entry}`);
    return encodeNumber(entry);
  });
}

function encodeObject(value: object, path: string, depth: number, walk: Walk): Json {
  const name = typedArrayName(value);
  if (name !== undefined) {
    if (!Object.hasOwn(typedArrays, name)) throw new CrossingError(`${path} is a ${name}, which cannot be compared`);
    walk.step(path, depth, (value as Float64Array).length);
    return { $array: name, data: encodeNumbers(value as Float64Array, path) };
  }
  if (Array.isArray(value)) {
    walk.step(path, depth, value.length); // counted before it is read: a sparse array may claim any length
    return Array.from(value, (entry, k) => encodeAt(entry, `${path}[${k}]`, depth + 1, walk));
  }
  const { shape, data } = value as { shape?: unknown; data?: unknown };
  if (Array.isArray(shape) && typeof data === "object" && data !== null && typedArrayName(data) !== undefined) {
    walk.step(path, depth, (data as Float64Array).length);
    return {
      $tensor: encodeNumbers(shape, `${path}.shape`),
      data: encodeNumbers(data as Float64Array, `${path}.data`),
    };
  }
  if (!isPlain(value))
    throw new CrossingError(
      `${path} is a ${value.constructor?.name ?? "class instance"}; only numbers, texts, arrays and plain objects are compared`,
    );
  const entries = Object.keys(value).map((key): [string, Json] => {
    if (key === "__proto__") throw new CrossingError(`${path} has a key __proto__`);
    return [key, encodeAt((value as Record<string, unknown>)[key], `${path}.${key}`, depth + 1, walk)];
  });
  return entries.some(([key]) => key.startsWith("$")) ? { $object: entries } : Object.fromEntries(entries);
}

function encodeAt(value: unknown, path: string, depth: number, walk: Walk): Json {
  walk.step(path, depth);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "object") return encodeObject(value, path, depth, walk);
  throw new CrossingError(
    value === undefined ? `${path} is undefined` : `${path} is a ${typeof value}, which cannot be compared`,
  );
}

/**
 * @param name how messages call the value: "answer"
 * @throws CrossingError where a value cannot cross, naming its place: `answer.h[2] is undefined`
 */
export function encode(value: unknown, name = "answer", limits: Limits = defaultLimits): Json {
  return encodeAt(value, name, 0, new Walk(limits));
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function decodeNumber(value: Json, path: string): number {
  if (typeof value === "number") return value;
  const tag = isObject(value) && Object.keys(value).length === 1 ? value.$number : undefined;
  if (typeof tag === "string" && Object.hasOwn(oddNumbers, tag)) return oddNumbers[tag];
  throw new CrossingError(`${path} must be a number`);
}

function decodeNumbers(value: Json | undefined, path: string, depth: number, walk: Walk): number[] {
  if (!Array.isArray(value)) throw new CrossingError(`${path} must be a list of numbers`);
  walk.step(path, depth, value.length);
  return value.map((entry, k) => decodeNumber(entry, `${path}[${k}]`));
}

/** A tensor on this side of the wall: numbers and their shape, without a tape. */
export interface PlainTensor {
  readonly shape: number[];
  readonly data: Float64Array;
}

function decodeTagged(value: Record<string, Json>, path: string, depth: number, walk: Walk): unknown {
  const keys = Object.keys(value).sort().join();
  if (keys === "$number") return decodeNumber(value, path);
  if (keys === "$array,data") {
    const name = value.$array;
    if (typeof name !== "string" || !Object.hasOwn(typedArrays, name))
      throw new CrossingError(`${path} names no typed array`);
    return typedArrays[name as TypedArrayName].from(decodeNumbers(value.data, path, depth, walk));
  }
  if (keys === "$tensor,data") {
    const shape = decodeNumbers(value.$tensor, `${path}.shape`, depth, walk);
    const data = Float64Array.from(decodeNumbers(value.data, `${path}.data`, depth, walk));
    const size = shape.reduce((product, n) => product * n, 1);
    if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || size !== data.length) {
      throw new CrossingError(`${path} is a tensor of shape [${shape.join(", ")}] with ${data.length} entries`);
    }
    return { shape, data } satisfies PlainTensor;
  }
  if (keys !== "$object" || !Array.isArray(value.$object))
    throw new CrossingError(`${path} has an unknown tag: ${keys.slice(0, 40)}`);
  const entries = value.$object.map((entry): [string, Json] => {
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== "string")
      throw new CrossingError(`${path} has a malformed entry`);
    return [entry[0], entry[1]];
  });
  return decodeEntries(entries, path, depth, walk);
}

function decodeEntries(entries: [string, Json][], path: string, depth: number, walk: Walk): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, entry] of entries) {
    if (key === "__proto__") throw new CrossingError(`${path} has a key __proto__`);
    result[key] = decodeAt(entry, `${path}.${key}`, depth + 1, walk);
  }
  return result;
}

function decodeAt(value: Json, path: string, depth: number, walk: Walk): unknown {
  walk.step(path, depth);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((entry, k) => decodeAt(entry, `${path}[${k}]`, depth + 1, walk));
  const entries = Object.entries(value);
  return entries.some(([key]) => key.startsWith("$"))
    ? decodeTagged(value, path, depth, walk)
    : decodeEntries(entries, path, depth, walk);
}

/** @throws CrossingError where the JSON is not something `encode` makes */
export function decode(value: Json, limits: Limits = defaultLimits): unknown {
  return decodeAt(value, "answer", 0, new Walk(limits));
}
