import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lateness, parseExtensions, parseLatePolicy, withLatePolicy } from "../../lib/src/grader/export/late.js";
import { faulty, sample } from "./sample-results.js";

const policy = { due: "2026-10-05T23:59:00+02:00", graceMinutes: 15, perDay: 0.1, floor: 0.5 };
const hours = (count: number): string => new Date(Date.parse(policy.due) + count * 3_600_000).toISOString();

describe("lateness", () => {
  test.each([
    ["a week early", -168, 0, 0],
    ["on the second", 0, 0, 0],
    ["at the end of the grace period", 0.25, 0, 0],
    ["a minute past grace", 0.25 + 1 / 60, 1, 1],
    ["a day", 24, 1, 1],
    ["a day and a minute", 24 + 1 / 60, 2, 2],
    ["four days", 96, 4, 4],
    ["six days: the floor holds", 144, 6, 5],
    ["a year", 8760, 365, 5],
  ])("%s: of 10 points", (_when, after, days, penalty) => {
    expect(lateness(hours(after), 10, policy)).toEqual({ days, penalty });
  });

  test("the same moment in another zone is as late", () => {
    expect(lateness("2026-10-07T00:30:00+02:00", 10, policy)).toEqual(lateness("2026-10-06T22:30:00Z", 10, policy));
  });

  test("takes off between nothing and what the floor leaves, never less for being later", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const later = fc.integer({ min: -100, max: 2000 });
    fc.assert(
      fc.property(later, later, fc.integer({ min: 0, max: 100 }), share, share, (a, b, earned, perDay, floor) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)].map(
          (after) => lateness(hours(after), earned, { ...policy, perDay, floor }).penalty,
        );
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first).toBeLessThanOrEqual(second);
        expect(second).toBeLessThanOrEqual(earned * (1 - floor) + 1e-6);
      }),
    );
  });
});

describe("withLatePolicy", () => {
  const late = sample({ submission: { ...sample().submission, receivedAt: hours(30) }, earned: 10 });

  test("an extension moves the deadline of its learner and assignment only", () => {
    const extensions = parseExtensions(`learner,assignment,due\nada,05-gates,${hours(20)}\nada,06-flow,${hours(99)}\n`);
    expect(withLatePolicy(late, policy).late).toEqual({ days: 2, penalty: 2 });
    expect(withLatePolicy(late, policy, extensions).late).toEqual({ days: 1, penalty: 1 });
    expect(withLatePolicy({ ...late, learner: "bob" }, policy, extensions).late).toEqual({ days: 2, penalty: 2 });
  });

  test("without a time, or without a grade, nothing is late", () => {
    const { receivedAt: _, ...submission } = late.submission;
    expect(withLatePolicy({ ...late, submission }, policy)).not.toHaveProperty("late");
    expect(withLatePolicy(faulty(), policy)).not.toHaveProperty("late");
  });

  test("does not change the result it is given", () => {
    const before = JSON.stringify(late);
    withLatePolicy(late, policy);
    expect(JSON.stringify(late)).toBe(before);
  });
});

describe("a policy file", () => {
  test("has defaults that take nothing off", () => {
    expect(parseLatePolicy('{ "due": "2026-10-05T23:59Z" }')).toEqual({
      due: "2026-10-05T23:59Z",
      graceMinutes: 0,
      perDay: 0,
      floor: 0,
    });
  });

  test.each([
    ['{ "due": "2026-10-05" }', "due must be a time with its offset"],
    ['{ "due": "2026-10-05T23:59:00" }', "due must be a time with its offset"],
    ['{ "due": "2026-13-05T23:59:00Z" }', "due must be a time with its offset"],
    ['{ "due": "2026-10-05T23:59Z", "perDay": 10 }', "perDay must be from 0 to 1, got 10"],
    ['{ "due": "2026-10-05T23:59Z", "grace": 10 }', 'unknown field "grace"'],
    ['{ "due": "2026-10-05T23:59Z", "graceMinutes": "5" }', 'graceMinutes must be a number of minutes, got "5"'],
    ["[]", "must be an object"],
  ])("%s is refused", (json, message) => {
    expect(() => parseLatePolicy(json, "late.json")).toThrow(message);
  });

  test("an extension with a time that is none names its row", () => {
    expect(() => parseExtensions("learner,assignment,due\nada,05-gates,tomorrow\n")).toThrow(
      'extensions, row 1: due must be a time with its offset like 2026-10-05T23:59:00+02:00, got "tomorrow"',
    );
  });
});
