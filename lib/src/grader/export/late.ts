import type { GradeResult, Late } from "../result.js";
import { csvRecords } from "./csv.js";
import { roundPoints } from "./learner-view.js";

/** How late work is graded. */
export interface LatePolicy {
  /** ISO 8601 with its offset: "2026-10-05T23:59:00+02:00". */
  readonly due: string;
  /** Minutes after the deadline in which nothing is taken off. */
  readonly graceMinutes: number;
  /** The share of the earned points that each day begun takes off: 0.1 is a tenth. */
  readonly perDay: number;
  /** The share of the earned points that is left however late: 0 to 1. */
  readonly floor: number;
}

/** Deadlines of single learners, by learner and assignment. */
export type Extensions = ReadonlyMap<string, string>;

const DAY = 24 * 60 * 60 * 1000;
const WHEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const extensionKey = (learner: string, assignment: string): string => JSON.stringify([learner, assignment]);

function moment(text: string, where: string): number {
  const time = WHEN.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new RangeError(
    `${where} must be a time with its offset like 2026-10-05T23:59:00+02:00, got ${JSON.stringify(text)}`,
  );
}

/**
 * Days late, begun ones counted whole. Inside the grace period nothing is late; past it, days count from the deadline.
 *
 *     kept = max(floor, 1 − perDay · days)      penalty = earned · (1 − kept)
 */
export function lateness(receivedAt: string, earned: number, policy: LatePolicy): Late {
  const over = moment(receivedAt, "receivedAt") - moment(policy.due, "due");
  if (over <= policy.graceMinutes * 60_000) return { days: 0, penalty: 0 };
  const days = Math.ceil(over / DAY);
  const kept = Math.max(policy.floor, 1 - policy.perDay * days);
  return { days, penalty: roundPoints(earned * (1 - kept)) };
}

/** A result under a late policy. An extension puts another deadline in place of the policy's. Without a time nothing is late. */
export function withLatePolicy(
  result: GradeResult,
  policy: LatePolicy,
  extensions: Extensions = new Map(),
): GradeResult {
  const { receivedAt } = result.submission;
  if (!receivedAt || !result.gradable) return result;
  const due = extensions.get(extensionKey(result.learner, result.assignment)) ?? policy.due;
  return { ...result, late: lateness(receivedAt, result.earned, { ...policy, due }) };
}

const share = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 1;

/**
 * A policy from JSON: `{ "due": "2026-10-05T23:59:00+02:00", "graceMinutes": 15, "perDay": 0.1, "floor": 0.5 }`.
 * @throws SyntaxError, TypeError or RangeError that names the field
 */
export function parseLatePolicy(json: string, name = "late policy"): LatePolicy {
  const value = JSON.parse(json) as Record<string, unknown>;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${name} must be an object { due, graceMinutes, perDay, floor }`);
  const unknown = Object.keys(value).find((field) => !["due", "graceMinutes", "perDay", "floor"].includes(field));
  if (unknown !== undefined)
    throw new TypeError(
      `${name}: unknown field ${JSON.stringify(unknown)}; there are due, graceMinutes, perDay, floor`,
    );
  const { due, graceMinutes = 0, perDay = 0, floor = 0 } = value;
  moment(String(due), `${name}: due`);
  if (typeof graceMinutes !== "number" || !(graceMinutes >= 0))
    throw new RangeError(`${name}: graceMinutes must be a number of minutes, got ${JSON.stringify(graceMinutes)}`);
  for (const [field, held] of Object.entries({ perDay, floor }))
    if (!share(held)) throw new RangeError(`${name}: ${field} must be from 0 to 1, got ${JSON.stringify(held)}`);
  return { due: String(due), graceMinutes, perDay: perDay as number, floor: floor as number };
}

/**
 * Extensions from a CSV file with columns learner, assignment, due.
 * @throws RangeError that names the line
 */
export function parseExtensions(csv: string, name = "extensions"): Extensions {
  const rows = csvRecords(csv, ["learner", "assignment", "due"], name);
  return new Map(
    rows.map(({ learner, assignment, due }, k) => {
      moment(due, `${name}, row ${k + 1}: due`);
      return [extensionKey(learner.trim(), assignment.trim()), due];
    }),
  );
}
