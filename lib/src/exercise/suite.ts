/** What a suite of checks imports. Only vitest loads this file: a kernel never does. */
import { afterAll, afterEach, beforeEach, describe, expect, inject, test as vitestTest } from "vitest";
import { callerOverChannel } from "./channel.js";
import { Draw } from "./draw.js";
import { type SuiteBody, takesSuite, takesTest } from "./in-process.js";
import { matchers } from "./matchers.js";
import { nameOf } from "./numbers.js";
import { coursePack, findExercise, readPack } from "./pack.js";
import { type ShownTrace, shownTrace } from "./report.js";
import { solutionCaller } from "./solution.js";
import { type Caller, subjectOver } from "./subject.js";
import { beginTrace, type Trace } from "./trace.js";

export { expect } from "vitest";
export type { CloseOptions } from "./difference.js";
export { fixture } from "./fixtures.js";
export { type Made, type Variants, variants } from "./slips.js";

expect.extend(matchers);

/** What the engine tells a suite. A suite that is told nothing checks the solutions, on the visible seed. */
export interface SuiteContext {
  /** The ids to check; the others of the file are left out. */
  readonly only: readonly string[];
  readonly seed: string;
  /** The channel, inside this process, to whoever holds the learner's code. */
  readonly channel: string;
  readonly masters: string;
  readonly suites: string;
}

declare module "vitest" {
  interface ProvidedContext {
    unrolled?: SuiteContext;
  }
  interface TaskMeta {
    unrolled?: ShownTrace;
    /** The id of an exercise, on its describe block. */
    exercise?: string;
  }
}

/**
 * The checks of one exercise. Title, points and exports come from the manifest.
 * @param body registers one test per likely mistake, titled with it
 * @throws RangeError if the manifest has no such exercise
 */
export function exercise(id: string, body: SuiteBody): void {
  if (takesSuite(id, body)) return;
  const context = inject("unrolled");
  if (context && !context.only.includes(id)) return;
  const pack = context ? readPack(context.masters, context.suites) : coursePack();
  const { found } = findExercise(pack.exercises, id);
  if (!found) throw new RangeError(`exercise: the manifest has no ${JSON.stringify(id)}`);

  describe(`${id} ${found.title}`, () => {
    const draw = new Draw(context?.seed ?? process.env.UNROLLED_SEED);
    const { caller, close }: { caller: Caller; close?: () => void } = context
      ? callerOverChannel(context.channel)
      : { caller: solutionCaller(pack, found) };
    let trace: Trace = beginTrace();
    beforeEach(({ task }) => {
      trace = beginTrace();
      draw.begin(id, task.name);
    });
    afterEach(({ task }) => {
      task.meta.unrolled = shownTrace(trace);
    });
    afterAll(() => close?.());
    body(subjectOver(caller), draw);
  });
}

/** One check, titled with the right behaviour; the manifest gives its points under this title. */
export function test(title: string, body: () => void | Promise<void>): void {
  if (!takesTest(title, body)) vitestTest(title, body);
}

/**
 * Takes an answer apart: `const { h, c } = parts(await subject.call("lstmStep", ...), "h", "c")`.
 * @throws TypeError that says what the answer must hold, and what it is
 */
export function parts<Name extends string>(answer: unknown, ...names: Name[]): Record<Name, unknown> {
  const held = typeof answer === "object" && answer !== null && !Array.isArray(answer) ? answer : undefined;
  const missing = names.find((name) => !held || !Object.hasOwn(held, name));
  if (missing === undefined) return held as Record<Name, unknown>;
  throw new TypeError(`the answer must be { ${names.join(", ")} }, got ${nameOf(answer)}`);
}
