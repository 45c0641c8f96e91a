import { createHash } from "node:crypto";
import { escapeHtml } from "../../notebook/bundle.js";
import { plainText, roundPoints } from "../export/learner-view.js";

/** What learners wrote, as HTML: escaped, without terminal codes and marks that reverse the line. */
export const safe = (text: string): string => escapeHtml(plainText(text));

/** A name in a box of its own: letters that run right to left do not reorder what stands beside it. */
export const nameHtml = (text: string): string => `<bdi>${safe(text)}</bdi>`;

export const pointsHtml = (earned: number, points: number): string =>
  `<span class="points">${roundPoints(earned)} of ${roundPoints(points)}</span>`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** "1 point", "2 points" */
export const counted = (count: number, noun: string): string =>
  `${roundPoints(count)} ${noun}${count === 1 ? "" : "s"}`;

const colours = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #fff; --box: #f4f6f8; --line: #d4dae0;
  --good: #00694d; --bad: #a8400b; --bar: #0072b2; --bar-soft: #c3dcec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3adb8; --paper: #15181c; --box: #20252b;
  --line: #3a424b; --good: #4cc9a0; --bad: #ff9d66; --bar: #56b4e9; --bar-soft: #2a4558; } }`;

const layout = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 52rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 0; } h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
p { margin: .4rem 0; } a { color: var(--bar); } .soft { color: var(--soft); } .small { font-size: .875rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
.head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; justify-content: space-between; }
.points { white-space: nowrap; font-variant-numeric: tabular-nums; } .score { font-size: 2rem; font-weight: 650; }
.good { color: var(--good); } .bad { color: var(--bad); } .state { white-space: nowrap; font-weight: 600; }
pre, .answer { margin: .3rem 0; padding: .5rem .7rem; background: var(--box); border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
pre { font: .875rem/1.45 ui-monospace, Menlo, Consolas, monospace; } ul.tests { list-style: none; padding: 0; margin: .6rem 0 0; }
ul.tests > li { padding: .5rem 0; border-top: 1px dashed var(--line); } dl { margin: .3rem 0; display: grid; gap: 0 .8rem; } @media (min-width: 40rem) { dl { grid-template-columns: max-content 1fr; align-items: baseline; } } dt { color: var(--soft); font-size: .875rem; } dd { margin: 0; min-width: 0; }
.note { border-left: 4px solid var(--bar); background: var(--box); padding: .5rem .8rem; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; } td { overflow-wrap: break-word; } td:first-child { min-width: 6rem; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .scroll { overflow-x: auto; }
svg { display: block; width: 100%; max-width: 36rem; height: auto; } svg text { fill: currentColor; font: 12px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
svg.share { width: clamp(3rem, 12vw, 6rem); height: .7rem; margin-top: .4rem; }
.bar { fill: var(--bar); } .track { fill: var(--bar-soft); } .axis { stroke: var(--line); }
:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; }
@media print { body { background: #fff; color: #000; } section { break-inside: avoid; } }`;

const style = `${colours}${layout}\n`;
const hashed = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export interface PageParts {
  readonly title: string;
  /** HTML that is already safe. */
  readonly body: string;
}

/**
 * One self-contained page that runs no script, loads nothing and sends nothing: what slipped through the escaping would
 * still be dead.
 */
export function pageHtml({ title, body }: PageParts): string {
  const policy = `default-src 'none'; style-src ${hashed(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${safe(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
