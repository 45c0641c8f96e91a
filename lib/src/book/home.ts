import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml } from "../notebook/bundle.js";
import type { Page } from "./page.js";

/** The first page: what this is, the hero figure, and the lessons as questions. */
export function homePage(root: string, lessons: readonly Page[], exercises: number, cell: string): Page {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const questions = lessonRows(readme);
  const entry = (page: Page): string => {
    const { asks = page.title, minutes } = questions.get(page.number ?? "") ?? {};
    return `<li><a href="${page.path}"><span class="number">${page.number}</span><span class="asks">${escapeHtml(asks)}</span><small>${minutes ? `${minutes} min` : ""}</small><span class="name">${escapeHtml(page.name ?? "")}</span></a></li>`;
  };
  const hero = readFileSync(join(root, "docs/hero.svg"), "utf8");
  const minutes = [...questions.values()].reduce((sum, row) => sum + Number(row.minutes || 0), 0);
  return {
    path: "index.html",
    group: "Start",
    title: "Unrolled: learn LSTMs by unrolling them",
    description:
      "A book that is alive: from the vanishing gradient to gates and beyond, every curve measured, every figure movable, without a server.",
    headings: [],
    html: `<h1>Learn LSTMs by unrolling them</h1>
<p class="lead">${lessons.length} lessons from the vanishing gradient to gates and beyond. Every curve was measured on a network that ran, every prediction is yours to make first, and the figures move.</p>
<figure class="hero"><div class="scroll" tabindex="0">${themedSvg(hero)}</div>
<figcaption>Three networks, unrolled. The line between two steps is as thick as the gradient that was measured there. In the plain network it is gone after ten steps. In an LSTM whose forget gates start open it stays. Why? That is the course.</figcaption></figure>
<p class="actions"><a class="button first" href="${lessons[0]?.path}">Start with lesson 00</a><a class="button" href="${lessons.find(({ number }) => number === "05")?.path ?? ""}">Jump to the gates</a><a class="button" href="laboratory.html">Play in the laboratory</a></p>
<div class="prose"><h2 id="drive">Drive one yourself</h2><p>One LSTM cell, one unit. Choose <em>toggle</em>, press Play, then move a slider while it runs. The numbers on the wires are computed here, by the library that the lessons teach.</p></div>
${cell}
<div class="prose"><h2 id="lessons">The lessons are questions</h2></div>
<ol class="lessons">${lessons.map(entry).join("\n")}</ol>
<div class="prose"><h2 id="how">How to read it</h2>
<p>Before each experiment you are asked what will happen. Write it down: a wrong guess is remembered better than a read sentence. What the cell showed appears when you have answered; the switch at the top shows everything at once.</p>
<p>Point at a name in the code to see its type, at a <a href="glossary.html#term-gate">linked word</a> to see what it means. Sliders, drawings and quizzes work right here, computed by the same library that the lessons teach. All pages work without a network.</p>
<p>${exercises} sets of exercises check themselves in Jupyter: each page says how to open it there. The lessons take about ${Math.round(minutes / 60)} hours together.</p></div>`,
  };
}

/** The question and the minutes of each lesson, as the README lists them. */
function lessonRows(readme: string): Map<string, { asks: string; minutes: string }> {
  const rows = readme.matchAll(/^\| \[?(\d\d) [^|]*\| ([^|]+) \| *(\d*) *\|/gm);
  return new Map([...rows].map(([, number, asks, minutes]) => [number, { asks: asks.trim(), minutes }]));
}

/** The drawing in the page itself: its dark colours follow the page's switch, not only the reader's system. */
function themedSvg(svg: string): string {
  const [, light = "", dark = ""] =
    /<style>([\s\S]*?)@media \(prefers-color-scheme:dark\)\{([\s\S]*?)\}<\/style>/.exec(svg) ?? [];
  const scoped = (rules: string, scope: string): string =>
    rules.replace(
      /([^{}]+)\{([^}]*)\}/g,
      (_, names: string, body: string) =>
        `${names
          .trim()
          .split(",")
          .map((name) => `${scope} ${name.trim()}`)
          .join(",")}{${body}}`,
    );
  const style = `${scoped(light, ".hero svg")}${scoped(dark, ":root[data-theme=dark] .hero svg")}@media (prefers-color-scheme:dark){${scoped(dark, ":root:not([data-theme=light]) .hero svg")}}`;
  return svg.replace(/<style>[\s\S]*?<\/style>/, `<style>${style}</style>`);
}
