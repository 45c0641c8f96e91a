import { escapeHtml, scriptJson } from "../notebook/bundle.js";
import { type Group, type Page, relativePath } from "./page.js";

export interface Site {
  readonly pages: readonly Page[];
  /** Where the site is published, if that is known: "https://…/". */
  readonly baseUrl?: string;
}

const mark = `<svg viewBox="0 0 52 22" aria-hidden="true"><path d="M5 11h42" stroke="#C24E00" stroke-width="1.2"/><path d="M26 11h21" stroke="#C24E00" stroke-width="4"/><g fill="var(--paper)" stroke="var(--accent)" stroke-width="2"><rect x="2" y="6" width="10" height="10" rx="2.5"/><rect x="21" y="6" width="10" height="10" rx="2.5"/><rect x="40" y="6" width="10" height="10" rx="2.5"/></g></svg>`;

/** Sets the reader's own choice of light or dark before anything is painted. */
const early = `try{var t=localStorage.getItem("unrolled-theme");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;

/** A page of the book as a whole file. */
export function wholePage(page: Page, site: Site): string {
  const to = (path: string): string => escapeHtml(relativePath(page.path, path));
  const asset = (name: string): string => to(`assets/${name}`);
  const title = page.path === "index.html" ? page.title : `${page.title} · Unrolled`;
  const types = page.types?.length
    ? `<script type="application/json" id="types">${scriptJson(page.types)}</script>`
    : "";
  return `<!doctype html>
<html lang="en" data-base="${relativePath(page.path, "")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(page.description)}">
${card(page, title, site)}<link rel="icon" href="${asset("icon.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="${asset("katex.css")}">
<link rel="stylesheet" href="${asset("book.css")}">
<script>${early}</script>
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="top"><a class="brand" href="${to("index.html")}">${mark}<span>Unrolled</span></a>
<button id="predict" type="button" hidden aria-pressed="true" title="Outputs wait for your prediction">Predict <span class="word">first: </span><b>on</b></button>
<button id="search" type="button" hidden aria-label="Search">⌕ <span class="word">Search</span> <kbd class="word">/</kbd></button>
<button id="theme" type="button" hidden>◐ <span class="word">auto</span></button></header>
<div class="frame">
<div class="sidebar"><details><summary>☰ Contents</summary>${contents(page, site)}</details></div>
<main id="text">
${page.html}
${around(page, site)}
<footer>Unrolled teaches LSTMs by unrolling them. Every curve was measured on a network that ran. MIT license.</footer>
</main>
<div class="here">${here(page)}</div>
</div>
<dialog id="searching" aria-label="Search the book"><form role="search"><input type="search" aria-label="Search the book" placeholder="forget gate, clipping, LSTMCell …" autocomplete="off"><button type="button" class="button">Close</button></form><ul id="found"></ul><p class="none" role="status"></p></dialog>
${types}<script src="${asset("live.js")}"></script>
<script src="${asset("site.js")}"></script>
</body>
</html>
`;
}

/** What other sites show of a link to this page. */
function card({ path, description }: Page, title: string, { baseUrl }: Site): string {
  const tags: [string, string][] = [
    ["og:type", "article"],
    ["og:site_name", "Unrolled"],
    ["og:title", title],
    ["og:description", description],
    ["twitter:card", "summary_large_image"],
  ];
  if (baseUrl) tags.push(["og:url", baseUrl + path], ["og:image", `${baseUrl}assets/card.png`]);
  const lines = tags.map(([name, content]) => `<meta property="${name}" content="${escapeHtml(content)}">\n`);
  const canonical = baseUrl ? `<link rel="canonical" href="${escapeHtml(baseUrl + path)}">\n` : "";
  return lines.join("") + canonical;
}

const groups: readonly Group[] = ["Lessons", "Exercises", "Look up", "Teach"];

function contents(page: Page, { pages }: Site): string {
  const link = (other: Page): string => {
    const current = other === page ? ' aria-current="page"' : "";
    const number = other.number ? `<span class="number">${other.number}</span> ` : "";
    return `<li><a href="${escapeHtml(relativePath(page.path, other.path))}"${current}>${number}${escapeHtml(other.name ?? other.title)}</a></li>`;
  };
  const lists = groups.map((group) => {
    const links = pages.filter((other) => other.group === group).map(link);
    return links.length ? `<h2>${group}</h2><ul>${links.join("")}</ul>` : "";
  });
  return `<nav class="contents" aria-label="Contents of the book">${lists.join("")}</nav>`;
}

function here({ headings }: Page): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return "";
  const links = shown.map(({ level, id, text }) => {
    return `<li${level === 3 ? ' class="deep"' : ""}><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`;
  });
  return `<nav aria-label="On this page"><h2>On this page</h2><ul>${links.join("")}</ul></nav>`;
}

/** The pages before and after, within the same part of the book. */
function around(page: Page, { pages }: Site): string {
  const part = pages.filter(({ group }) => group === page.group);
  const at = part.indexOf(page);
  const link = (other: Page | undefined, name: string, words: string): string => {
    if (!other) return "";
    const title = `${other.number ? `${other.number} · ` : ""}${other.name ?? other.title}`;
    return `<a class="${name}" rel="${name}" href="${escapeHtml(relativePath(page.path, other.path))}"><span>${words}</span>${escapeHtml(title)}</a>`;
  };
  const links = link(part[at - 1], "prev", "← Before") + link(part[at + 1], "next", "Next →");
  return links ? `<nav class="around" aria-label="Before and after">${links}</nav>` : "";
}
