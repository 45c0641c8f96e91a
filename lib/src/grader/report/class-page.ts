import { roundPoints } from "../export/learner-view.js";
import { columns, shareBar } from "./charts.js";
import {
  type AssignmentCount,
  type ClassSummary,
  commonSlips,
  hardestTests,
  quantile,
  tenths,
} from "./class-summary.js";
import { counted, nameHtml, pageHtml, percent, safe } from "./page.js";

type Column = { readonly name: string; readonly number?: boolean };

/** Rows of cells that are already safe HTML. */
function table(caption: string, head: readonly Column[], rows: readonly (readonly string[])[]): string {
  const kind = ({ number }: Column): string => (number ? ' class="number"' : "");
  const header = head.map((column) => `<th scope="col"${kind(column)}>${column.name}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell, k) => `<td${kind(head[k])}>${cell}</td>`).join("")}</tr>`);
  return `<div class="scroll"><table><caption class="soft small">${caption}</caption><thead><tr>${header}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>`;
}

function distribution({ shares, exercises }: AssignmentCount): string {
  const open = [...exercises.values()].reduce((sum, { toMark }) => sum + toMark, 0);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((at) => percent(quantile(shares, at)));
  const counts = tenths(shares);
  const label = `Learners by score, in tenths from 0 to 100 %: ${counts.join(", ")}`;
  return `<h3>Scores</h3>
<p>Half of the class has ${middle} or more; the middle half lies between ${low} and ${high}.</p>
${open > 0 ? `<p class="note">${counted(open, "answer")} to be marked by a person still count as 0 here.</p>` : ""}
${columns(counts, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"], label)}
<p class="soft small">Learners in each tenth of the score.</p>`;
}

function exerciseTable({ exercises }: AssignmentCount): string {
  const rows = [...exercises.values()].map(({ id, title, points, submissions, started, toMark, earned }) => {
    const known = submissions - toMark;
    const mean = known > 0 ? earned / known : 0;
    const waiting = toMark > 0 ? ` <span class="soft small">${toMark} to mark</span>` : "";
    return [
      `${safe(`${id} ${title}`)}${waiting}`,
      `${shareBar(points > 0 ? mean / points : 0)}`,
      `${known > 0 ? Math.round(mean * 100) / 100 : "–"} of ${roundPoints(points)}`,
      percent(started / submissions),
    ];
  });
  const head = [
    { name: "Exercise" },
    { name: "Mean" },
    { name: "Points", number: true },
    { name: "Started", number: true },
  ];
  return `<h3>Exercises</h3>${table("Mean points over all submissions that have a verdict, and how many learners began.", head, rows)}`;
}

function hardestTable(count: AssignmentCount): string {
  const rows = hardestTests(count)
    .slice(0, 12)
    .map(({ exercise, name, visibility, tried, share }) => [
      `${safe(name)}<br><span class="soft small">${safe(exercise)}${visibility === "hidden" ? ", hidden" : ""}</span>`,
      shareBar(share),
      percent(share),
      String(tried),
    ]);
  if (rows.length === 0) return "";
  const head = [{ name: "Test" }, { name: "Passed" }, { name: "", number: true }, { name: "Tried", number: true }];
  return `<h3>Hardest tests</h3>${table("Share that passed, of those who started the exercise.", head, rows)}`;
}

function slipTable(count: AssignmentCount): string {
  const rows = commonSlips(count)
    .slice(0, 12)
    .map(({ exercise, looksLike, count, share }) => [
      `${safe(looksLike)}<br><span class="soft small">${safe(exercise)}</span>`,
      String(count),
      percent(share),
    ]);
  if (rows.length === 0) return "";
  const head = [{ name: "What it looks like" }, { name: "Learners", number: true }, { name: "Share", number: true }];
  return `<h3>Common mistakes</h3>${table("Slips that the tests know by their numbers.", head, rows)}`;
}

const assignmentSection = (count: AssignmentCount): string => `<section>
<h2>${safe(count.assignment)}</h2>
${[distribution, exerciseTable, hardestTable, slipTable].map((part) => part(count)).join("\n")}
</section>`;

type Listed = ClassSummary["flagged"];
function listSection(title: string, caption: string, listed: Listed, total: number): string {
  if (total === 0) return "";
  const rows = listed.map(({ learner, assignment, message }) => [
    `${nameHtml(learner)}<br><span class="soft small">${safe(assignment)}</span>`,
    `<span dir="auto">${safe(message.slice(0, 500))}</span>`,
  ]);
  const more = total > listed.length ? `<p>And ${total - listed.length} more.</p>` : "";
  const head = [{ name: "Learner" }, { name: "Why" }];
  return `<section><h2>${title}</h2>${table(caption, head, rows)}${more}</section>`;
}

/** The page for the instructor: how the class did, where it stumbled, what needs a person. */
export function classPage(summary: ClassSummary): string {
  const { submissions, graded, late, ungradable, flagged, odd } = summary;
  const failed = submissions - graded;
  const facts = [
    `${counted(submissions, "submission")}, ${graded} graded.`,
    failed > 0 ? `<span class="bad">${failed} could not be graded: no points yet, not a zero.</span>` : "",
    late > 0 ? `${late} late.` : "",
    odd > 0 ? `${odd} to look at, listed below.` : "",
  ];
  const ordered = [...summary.assignments.values()].sort((a, b) => (a.assignment < b.assignment ? -1 : 1));
  const body = [
    "<h1>Class report</h1>",
    `<p>${facts.filter(Boolean).join(" ")}</p>`,
    '<p class="small soft">Points: gradebook.csv, one line a submission; exercises.csv, one line an exercise.</p>',
    listSection("Not graded", "Nothing was lost and no one got a zero for it.", ungradable, failed),
    ...ordered.map(assignmentSection),
    listSection("To look at", "What was odd about a file, and what was done about it.", flagged, odd),
  ];
  return pageHtml({ title: "Class report", body: body.join("\n") });
}
