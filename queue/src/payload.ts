import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

/** What travels to a worker. Nothing in it is a path, a command, a sandbox or a seed. */
export type Payload = GradePayload | ReproducePayload | DrillPayload;

interface Common {
  /** Which program and settings it is for; see fitOf. */
  readonly fit: string;
  /** The key of its one result. */
  readonly key: string;
}

export interface GradePayload extends Common {
  readonly kind: "grade";
  readonly learner: string;
  readonly assignment: string;
  /** The notebook: gzip, base64. */
  readonly notebook: string;
}

/** A run is named, and looked up in the worker's own list of runs. */
export interface ReproducePayload extends Common {
  readonly kind: "reproduce";
  readonly experiment: string;
  readonly tier: "quick" | "full";
  readonly run: string;
}

/** What the queue's own tests are made of. */
export interface DrillPayload extends Common {
  readonly kind: "drill";
  readonly number: number;
  readonly milliseconds: number;
  readonly act: DrillAct;
}

export const drillActs = ["well", "fails", "fails twice", "kills"] as const;
export type DrillAct = (typeof drillActs)[number];

/** In bytes: of a notebook, of what it travels as, of a result. */
export const sizes = { notebook: 10 * 2 ** 20, packed: 8 * 2 ** 20, result: 2 * 2 ** 20 };

type Check = (value: unknown) => boolean;
const text =
  (most: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= most;
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const integer =
  (most: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

const common = { fit: matches(/^[0-9a-f]{32}$/), key: matches(/^[0-9a-f]{64}$/) };
const schemas: Record<Payload["kind"], Readonly<Record<string, Check>>> = {
  grade: {
    ...common,
    kind: oneOf(["grade"]),
    learner: text(1000),
    assignment: matches(/^[\w-]{1,100}$/),
    notebook: (value) => text(sizes.packed)(value) && matches(/^[A-Za-z0-9+/]*={0,2}$/)(value),
  },
  reproduce: {
    ...common,
    kind: oneOf(["reproduce"]),
    experiment: matches(/^[\w-]{1,100}$/),
    tier: oneOf(["quick", "full"]),
    run: text(1000),
  },
  drill: {
    ...common,
    kind: oneOf(["drill"]),
    number: integer(2 ** 31),
    milliseconds: integer(60_000),
    act: oneOf(drillActs),
  },
};

/**
 * A payload as it came out of Redis, where anybody may have put it.
 * @throws TypeError that names the field, without its content
 */
export function readPayload(value: unknown): Payload {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("a job must be an object");
  const held = value as Record<string, unknown>;
  const { kind } = held;
  if (typeof kind !== "string" || !Object.hasOwn(schemas, kind)) throw new TypeError("a job must be of a known kind");
  const schema = schemas[kind as Payload["kind"]];
  const unknown = Object.keys(held).filter((field) => !Object.hasOwn(schema, field));
  if (unknown.length > 0) throw new TypeError(`a job of kind ${kind} has ${unknown.length} unknown fields`);
  for (const [field, check] of Object.entries(schema))
    if (!Object.hasOwn(held, field) || !check(held[field]))
      throw new TypeError(`a ${kind} job's ${field} is not valid`);
  return value as Payload;
}

/** @throws RangeError if it is too large to travel */
export async function packNotebook(bytes: Uint8Array): Promise<string> {
  const packed = bytes.length <= sizes.notebook ? (await promisify(gzip)(bytes)).toString("base64") : "";
  if (bytes.length > sizes.notebook || packed.length > sizes.packed)
    throw new RangeError(
      `the notebook has ${(bytes.length / 2 ** 20).toFixed(1)} MB, and ${sizes.notebook / 2 ** 20} MB can travel: grade it without --queue`,
    );
  return packed;
}

/** @throws Error if it is no gzip, or holds more than a notebook may: a bomb is not unpacked */
export const unpackNotebook = (packed: string): Promise<Uint8Array> =>
  promisify(gunzip)(Buffer.from(packed, "base64"), { maxOutputLength: sizes.notebook });
