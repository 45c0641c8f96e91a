import { describe, expect, test } from "vitest";
import { renderMarkdown, slug } from "../../../lib/src/book/markdown.js";
import { linkFrom, relativePath } from "../../../lib/src/book/page.js";
import { sanitize } from "../../../lib/src/book/sanitize.js";

const html = (text: string): string => renderMarkdown(text).html;

describe("renderMarkdown", () => {
  test("formulas are set, with MathML for those who listen; a lone dollar stays a dollar", () => {
    expect(html("The state $c_t$ is kept.")).toMatch(/<math[\s\S]*<msub><mi>c<\/mi><mi>t<\/mi><\/msub>/);
    expect(html("$$h = o \\odot \\tanh(c)$$")).toContain("katex-display");
    expect(html("It costs $5 or 6 dollars")).toContain("$5 or 6 dollars");
    expect(html("`$x$`")).toContain("<code>$x$</code>");
  });

  test("a formula over several lines is one formula, also with a full stop after it", () => {
    const text = "so\n\n$$\\sigma' = \\sigma\\,(1 - \\sigma),\n\\qquad \\tanh' = 1 - \\tanh^2 .$$\n\nand on";
    expect(html(text).match(/class="katex-display"/g)).toHaveLength(1);
    expect(html("$$a$$.")).toMatch(/class="formula"/);
  });

  test("two display formulas on a line are two", () => {
    expect(html("$$a$$ and $$b$$").match(/class="katex-display"/g)).toHaveLength(2);
  });

  test("headings get anchors that differ, on one page", () => {
    const ids = new Set<string>();
    const first = renderMarkdown("## 3 · The forget gate: what is no longer true?", { ids });
    const again = renderMarkdown("### Summary\n\n### Summary", { ids });
    expect(first.headings).toEqual([
      {
        level: 2,
        id: "3-the-forget-gate-what-is-no-longer-true",
        text: "3 · The forget gate: what is no longer true?",
      },
    ]);
    expect(again.headings.map(({ id }) => id)).toEqual(["summary", "summary-2"]);
    expect(again.html).toContain('<h3 id="summary-2">');
  });

  test("a paragraph that begins *Before you … asks for a prediction, others do not", () => {
    expect(renderMarkdown("*Before you run it: how much?*")).toMatchObject({ predicts: true });
    expect(html("*Before you run it: how $x$ much?* And why?")).toContain('<p class="predict">');
    expect(renderMarkdown("Think *before you run* it.").predicts).toBe(false);
  });

  test("links are turned; one that leads out of the book leaves its words", () => {
    const link = (href: string) => (href === "in.ipynb" ? "in.html" : undefined);
    const { html: turned } = renderMarkdown("[in **here**](in.ipynb) and [out](out.ts)", { link });
    expect(turned).toContain('<a href="in.html">in <strong>here</strong></a> and out');
  });

  test.each([
    ["<script>alert(1)</script>", "script"],
    ['<img src=x onerror="alert(1)">', "onerror"],
    ["[go](javascript:alert(1))", "<a href"],
    ['<a href="javascript:alert(1)">go</a>', "javascript:"],
    ['<iframe src="https://example.org"></iframe>', "iframe"],
    ["<style>p{display:none}</style>", "style"],
    ['<form action="https://example.org"><input name="password"></form>', "form"],
    ["$\\href{javascript:alert(1)}{x}$", 'href="javascript'],
    ["<svg><script>alert(1)</script></svg>", "script"],
    ["<span data-formula='\\htmlData{a=b}{x}'></span>", "data-a"],
  ])("%s is harmless", (text, gone) => {
    expect(html(text)).not.toContain(gone);
  });

  test("folded hints, anchors of terms and tables stay", () => {
    const kept = html(
      '<details><summary>Hint</summary>\n\nLook at $c$.\n</details>\n\n| <a id="term-gate"></a>Gate | x |\n|:--|:--|\n| 1 | 2 |',
    );
    for (const part of ["<details>", "<summary>Hint</summary>", 'id="term-gate"', "<td", "katex"])
      expect(kept).toContain(part);
  });
});

test("sanitize: pictures in data addresses stay, scripts in them do not", () => {
  const picture = '<img alt="a" src="data:image/svg+xml;base64,PHN2Zy8+">';
  expect(sanitize(picture)).toContain('src="data:image/svg+xml;base64,PHN2Zy8+"');
  expect(sanitize('<a href="data:text/html;base64,PHN2Zy8+">a</a>')).not.toContain("data:");
});

test("slug: letters of any script and digits, joined by hyphens; never empty", () => {
  expect(slug("Why σ, and not tanh?")).toBe("why-σ-and-not-tanh");
  expect(slug("?!")).toBe("section");
});

describe("linkFrom", () => {
  const pages = new Set(["lessons/05-gates.html", "exercises/05-gates.html", "benchmarks.html", "index.html"]);
  const link = linkFrom("notebooks/04-cell-state.ipynb", "lessons/04-cell-state.html", pages);
  test.each([
    ["05-gates.ipynb", "../lessons/05-gates.html"],
    ["05-gates.ipynb#summary", "../lessons/05-gates.html#summary"],
    ["../exercises/05-gates.ipynb", "../exercises/05-gates.html"],
    ["00-start-here.ipynb#term-gate", "../glossary.html#term-gate"],
    ["../docs/benchmarks.md", "../benchmarks.html"],
    ["../README.md", "../index.html"],
    ["#summary", "#summary"],
    ["https://doi.org/10.1", "https://doi.org/10.1"],
    ["../solutions/05-gates.ipynb", undefined],
    ["12-language.ipynb", undefined],
    ["../lib/src/index.ts", undefined],
  ])("%s → %s", (href, expected) => {
    expect(link(href)).toBe(expected);
  });
});

test("relativePath: up as many folders as the page lies deep", () => {
  expect(relativePath("index.html", "a/b.html")).toBe("a/b.html");
  expect(relativePath("lessons/a.html", "assets/x.js")).toBe("../assets/x.js");
  expect(relativePath("index.html", "")).toBe("./");
});
