import type { GradeResult } from "../result.js";
import { faultText, plainText, type Row, rowsForLearner } from "./learner-view.js";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Text inside XML 1.0; what that version cannot hold at all becomes a question mark. */
const escapeXml = (text: string): string =>
  plainText(text)
    .replace(/[\uFFFE\uFFFF\r]/g, "?")
    .replace(/[&<>"\n\t]/g, (character) => ENTITIES[character]);

const attributes = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");

const classname = ({ exercise: { id, title } }: Row): string => `${id} ${title}`;

function testcase(row: Row): string {
  const head = `<testcase${attributes({ classname: classname(row), name: row.name })}`;
  if (row.waiting) return `${head}><skipped${attributes({ message: row.waiting })}/></testcase>`;
  if (row.passed) return `${head}/>`;
  return `${head}><failure${attributes({ message: row.reason })}>${escapeXml(row.text)}</failure></testcase>`;
}

function counts(rows: readonly Row[]): Record<string, number> {
  const skipped = rows.filter(({ waiting }) => waiting).length;
  const passed = rows.filter(({ waiting, passed }) => passed && !waiting).length;
  return { tests: rows.length, failures: rows.length - passed - skipped, skipped, errors: 0 };
}

const testsuite = (
  rows: readonly Row[],
): string => `  <testsuite${attributes({ name: classname(rows[0]), ...counts(rows) })}>
${rows.map((row) => `    ${testcase(row)}\n`).join("")}  </testsuite>`;

/** JUnit XML, one suite an exercise. What is not started or not marked yet is skipped; what could not be graded is an error. */
export function junitXml(result: GradeResult): string {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  const name = `${result.assignment} ${result.learner}`;
  if (!result.gradable) {
    const one = attributes({ name, tests: 1, failures: 0, skipped: 0, errors: 1 });
    const error = `<error${attributes({ message: faultText(result) })}/>`;
    return `${head}<testsuites${one}>
  <testsuite${one}><testcase classname="grading" name="grading">${error}</testcase></testsuite>
</testsuites>\n`;
  }
  const suites = result.exercises.map((exercise) => rowsForLearner({ ...result, exercises: [exercise] }));
  const totals = attributes({ name, ...counts(suites.flat()), time: result.seconds.toFixed(3) });
  return `${head}<testsuites${totals}>\n${suites.map(testsuite).join("\n")}\n</testsuites>\n`;
}
