import type { ExerciseReport, ShownCall, TestReport, TestState } from "../../exercise/report.js";
import { escapeHtml, type MimeBundle } from "../bundle.js";

const marks: Record<TestState, string> = { passed: "✓ passed", failed: "✗ failed", "not-started": "○ not started" };
const pointsText = (points: number): string => `${points} point${points === 1 ? "" : "s"}`;

/** The one line that sums a check up. */
export function headline({ id, title, state, earned, points }: ExerciseReport): string {
  const name = `${id} ${title}`;
  if (state === "not-started") {
    return `○ ${name}: not started. Write your answer where the card says so, run that cell, then run this check again (${pointsText(points)}).`;
  }
  if (state === "to-mark") return `● ${name}: to be marked by hand (${pointsText(points)}).`;
  if (state === "passed") return `✓ ${name}: all checks passed, ${earned} of ${pointsText(points)}.`;
  return `✗ ${name}: ${earned} of ${pointsText(points)}.`;
}

const arrow = ({ answer }: ShownCall): string[] => (answer === undefined ? [] : [`→ ${answer}`]);

/**
 * What went in and came out, a line each: for the last call of the test, which is the one that failed; or for all, where
 * they are few and the answer was put together from them.
 */
function numbers({ calls = [], got, expected }: TestReport): string[] {
  const each = calls.map((call) => [call.call, ...arrow(call)].join(" "));
  const together = got !== undefined && got !== calls.at(-1)?.answer;
  const all = together && calls.length > 1 && calls.length <= 8 && each.join("").length < 1500;
  const lines = all ? each : calls.slice(-1).flatMap((call) => [call.call, ...arrow(call)]);
  if (together) lines.push(`got       ${got}`);
  if (expected !== undefined) lines.push(`expected  ${expected}`);
  return lines;
}

interface Row {
  readonly test: TestReport;
  readonly looksLike?: string;
  readonly problem?: string;
  readonly numbers: readonly string[];
}

const asked = ({ calls = [] }: TestReport): string | undefined => calls.at(-1)?.call.split("(")[0];

const sameTrouble = (a: TestReport, b: TestReport): boolean =>
  a.problem === b.problem || (a.kind !== undefined && a.kind === b.kind && asked(a) === asked(b));

/** Says a trouble once: the rows after the first that failed of it only point back. */
function rows(tests: readonly TestReport[]): Row[] {
  const told: TestReport[] = [];
  return tests.map((test) => {
    if (test.state !== "failed") return { test, numbers: [] };
    const { looksLike, problem = "no reason given" } = test;
    if (looksLike) return { test, looksLike, problem, numbers: numbers(test) };
    if (told.some((earlier) => sameTrouble(earlier, test))) return { test, problem: "as above", numbers: [] };
    told.push(test);
    const more = test.kind === "unexplained" ? " (and no slip that this check knows gives these numbers)" : "";
    return { test, problem: problem + more, numbers: numbers(test) };
  });
}

function plainRow({ test, looksLike, problem, numbers }: Row): string[] {
  const title = `${marks[test.state]}  ${test.earned}/${test.points}  ${test.name}`;
  const reasons = [looksLike && `it looks like this: ${looksLike}`, problem].filter(Boolean);
  return [title, ...reasons.map((line) => `    ${line}`), ...numbers.map((line) => `      ${line}`)];
}

const CELL =
  "text-align:left;vertical-align:top;padding:.35em .8em .35em 0;border-top:1px solid rgba(128,128,128,.35);white-space:normal";
const NUMBERS =
  "margin:.3em 0 0;padding:.4em .6em;white-space:pre-wrap;overflow-wrap:anywhere;color:inherit;background:rgba(128,128,128,.12)";

// Notebook 6 hides the triangle of a summary; display:list-item brings it back.
function details({ looksLike, problem, numbers }: Row, open: boolean): string {
  const reasons = [
    looksLike && `<div><strong>It looks like this:</strong> ${escapeHtml(looksLike)}</div>`,
    problem && `<div>${escapeHtml(problem)}</div>`,
    numbers.length > 0 &&
      `<details${open ? " open" : ""}><summary style="display:list-item">inputs and numbers</summary><pre style="${NUMBERS}">${escapeHtml(numbers.join("\n"))}</pre></details>`,
  ];
  return reasons.filter(Boolean).join("");
}

function htmlRow(row: Row, open: boolean, reasons: boolean): string {
  const { name, state, earned, points } = row.test;
  return `<tr><th scope="row" style="${CELL};font-weight:normal">${escapeHtml(name)}</th>
<td style="${CELL};white-space:nowrap">${marks[state]}</td>${reasons ? `<td style="${CELL}">${details(row, open)}</td>` : ""}
<td style="${CELL};white-space:nowrap">${earned} of ${points}</td></tr>`;
}

function table(tests: readonly Row[]): string {
  const first = tests.find(({ test }) => test.state === "failed");
  const reasons = first !== undefined;
  const head = ["What is checked", "Result", ...(reasons ? ["What came back"] : []), "Points"]
    .map((name) => `<th scope="col" style="${CELL};border-top:0">${name}</th>`)
    .join("");
  const body = tests.map((row) => htmlRow(row, row === first, reasons)).join("\n");
  return `<table style="border-collapse:collapse;background:none;margin:.4em 0"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A check's outcome as text for every front end, and as a table where HTML is shown. Meaning never hangs on colour. */
export function reportBundle(report: ExerciseReport, notes: readonly string[] = []): MimeBundle {
  const title = headline(report);
  const shown = report.state === "not-started" ? [] : rows(report.tests);
  const plain = [title, ...shown.flatMap(plainRow), ...notes.map((note) => `Note: ${note}`)];
  const html = `<div role="group" aria-label="Check ${escapeHtml(report.id)}"><p role="status" style="margin:.2em 0"><strong>${escapeHtml(title)}</strong></p>
${shown.length > 0 ? table(shown) : ""}${notes.map((note) => `<p style="margin:.2em 0">Note: ${escapeHtml(note)}</p>`).join("")}</div>`;
  return { "text/plain": plain.join("\n"), "text/html": html };
}

/** One line, for a check that was not possible. */
export function lineBundle(line: string): MimeBundle {
  return {
    "text/plain": line,
    "text/html": `<p role="status" style="margin:.2em 0"><strong>${escapeHtml(line)}</strong></p>`,
  };
}
