import type { GradeResult } from "../result.js";
import { classroomPayload } from "./classroom.js";
import { type GradescopeOptions, gradescopeResults } from "./gradescope.js";
import { junitXml } from "./junit.js";
import { forLearner } from "./learner-view.js";
import { nbgraderCsv } from "./nbgrader.js";
import { prairieLearnResults } from "./prairielearn.js";

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

export type FormatOptions = GradescopeOptions;

const writers = {
  json: (result: GradeResult) => json(forLearner(result)),
  gradescope: (result: GradeResult, options?: FormatOptions) => json(gradescopeResults(result, options)),
  classroom: (result: GradeResult) => `${classroomPayload(result)}\n`,
  prairielearn: (result: GradeResult) => json(prairieLearnResults(result)),
  nbgrader: (result: GradeResult) => nbgraderCsv([result]),
  junit: (result: GradeResult) => junitXml(result),
} as const satisfies Record<string, (result: GradeResult, options?: FormatOptions) => string>;

export type Format = keyof typeof writers;

export const formats = Object.keys(writers) as Format[];

export const isFormat = (name: string): name is Format => Object.hasOwn(writers, name);

/** A result in another tool's words. No format shows what a hidden test was given, got or expected. */
export const formatted = (result: GradeResult, format: Format, options: FormatOptions = {}): string =>
  writers[format](result, options);

/** The name that the tool expects the file to have. */
export const formatFile: Readonly<Record<Format, string>> = {
  json: "result.learner.json",
  gradescope: "results.json",
  classroom: "classroom.txt",
  prairielearn: "results.json",
  nbgrader: "gradebook.csv",
  junit: "junit.xml",
};
