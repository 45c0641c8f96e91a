import type { ScoreboardRow } from "../experiments/scoreboard.js";
import { escapeHtml } from "../notebook/bundle.js";
import type { Page } from "./page.js";
import { plainText } from "./search-index.js";

/** Published numbers beside ours, with what is between them: the rows of `scoreboard()`. */
export function scoreboardPage(rows: readonly ScoreboardRow[]): Page {
  const measured = rows.filter(({ ours }) => ours !== "");
  const head = ["experiment", "published", "ours", "verdict"].map((name) => `<th scope="col">${name}</th>`).join("");
  const words = `${rows.length} published numbers; ${measured.length} of them stand beside a measurement of ours`;
  return {
    path: "scoreboard.html",
    group: "Look up",
    title: "Scoreboard",
    description: plainText(`${words}, with the reason where the two differ.`),
    headings: [],
    html: `<h1>Scoreboard</h1><p class="lead">${words}. Where the two differ, or are hard to compare, the reason stands below.</p>
<div class="prose"><div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.map(row).join("\n")}</tbody></table></div></div>`,
  };
}

function row({
  id,
  experiment,
  paper,
  source,
  ours,
  seeds,
  interval,
  deviation,
  verdict,
  why,
  measuredBy,
}: ScoreboardRow): string {
  const details = [seeds ? `${seeds} seeds` : "", interval, deviation].filter(Boolean).join("; ");
  const cells = [
    `${escapeHtml(paper)}<br><small>${escapeHtml(source)}</small>`,
    `${escapeHtml(ours)}${details ? `<br><small>${escapeHtml(details)}</small>` : ""}`,
    escapeHtml(verdict),
  ].map((cell) => `<td>${cell}</td>`);
  const note = `<tr><td colspan="4"><small>${escapeHtml(why)} <code>${escapeHtml(measuredBy)}</code></small></td></tr>`;
  return `<tr id="row-${escapeHtml(id)}"><th scope="row">${escapeHtml(experiment)}</th>${cells.join("")}</tr>${note}`;
}
