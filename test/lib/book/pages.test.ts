import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Fragment } from "../../../lib/src/book/fragments.js";
import { glossaryPage, readTerms, termWords } from "../../../lib/src/book/glossary.js";
import { highlighter } from "../../../lib/src/book/highlight.js";
import { notebookPage } from "../../../lib/src/book/notebook-page.js";
import type { Page } from "../../../lib/src/book/page.js";
import { referencesPage } from "../../../lib/src/book/references.js";
import { scoreboardPage } from "../../../lib/src/book/scoreboard.js";
import { plainText, searchIndex } from "../../../lib/src/book/search-index.js";
import { Store } from "../../../lib/src/book/store.js";
import { wholePage } from "../../../lib/src/book/template.js";
import type { Notebook } from "../../../lib/src/notebook/notebook-file.js";

const folder = mkdtempSync(join(tmpdir(), "unrolled-book-"));
afterAll(() => rmSync(folder, { recursive: true }));

const part = (over: Partial<Fragment>): Fragment => ({
  id: "cell",
  kind: "markdown",
  metadata: {},
  source: "",
  html: "",
  output: "",
  parts: [],
  headings: [],
  predicts: false,
  ...over,
});
const title = part({
  source: "# 05 · Gates: what now?\n\n- read it aloud;\n\nAbout 45 minutes.",
  html: '<h1 id="gates">05 · Gates: what now?</h1>\n<p>Read.</p>',
  headings: [{ level: 1, id: "gates", text: "05 · Gates: what now?" }],
});
const pageOf = (...parts: Fragment[]): Page =>
  notebookPage([title, ...parts], {
    file: "notebooks/05-gates.ipynb",
    path: "lessons/05-gates.html",
    group: "Lessons",
  });
const asks = (verb: string) => part({ html: `<p class="predict"><em>Before you ${verb} it: how much?</em></p>` });
const code = (output: string, parts: Fragment["parts"] = []) =>
  part({ kind: "code", html: "<pre>code</pre>", output, parts });
const read = part({ html: "<p><strong>What we saw.</strong> 3.</p>\n<p>More.</p>" });

describe("notebookPage", () => {
  test("number, name and title come apart; minutes, download and Jupyter are offered", () => {
    const page = pageOf();
    expect(page).toMatchObject({ number: "05", name: "Gates", title: "Gates: what now?" });
    expect(page.html).toContain('<h1 id="gates"><span class="number">05</span>Gates: what now?</h1>');
    for (const words of ["About 45 minutes", 'href="../notebooks/05-gates.ipynb"', "npm start"])
      expect(page.html).toContain(words);
    expect(page.description).toContain("You will be able to read it aloud");
  });

  test("after *Before you run it* the output and the first paragraph after it answer; later ones do not", () => {
    const { html, predicts } = pageOf(asks("run"), code(""), code("<pre>3</pre>"), read, code("<pre>4</pre>"));
    expect(predicts).toBe(true);
    expect(html).toContain('<div class="output" data-answer="1"><pre>3</pre>');
    expect(html).toContain('<div data-answer="1"><p><strong>What we saw.</strong> 3.</p></div>\n<p>More.</p>');
    expect(html).toContain('<div class="output"><pre>4</pre>');
    expect(html.match(/data-answer/g)).toHaveLength(2);
  });

  test("what the reader must touch to answer is not hidden; the words after it are", () => {
    const widget = { kind: "widget", key: "k", data: {} } as const;
    const touched = pageOf(asks("touch"), code("<div>live</div>", [widget]), read).html;
    expect(touched).toContain('<div class="output"><div>live</div>');
    expect(touched).toContain('<div data-answer="1"><p><strong>What we saw.');
  });

  test("the next prediction waits for its own answer", () => {
    const { html } = pageOf(asks("run"), code("<pre>3</pre>"), asks("run"), code("<pre>4</pre>"));
    expect(html).toContain('data-answer="1"><pre>3</pre>');
    expect(html).toContain('data-asks="2"');
    expect(html).toContain('data-answer="2"><pre>4</pre>');
  });
});

describe("the glossary", () => {
  const file = join(folder, "00.ipynb");
  const row = '| <a id="term-gap"></a><a id="term-lag"></a>Gap, lag | How many steps lie `between`: $h_t$. | 01, 02 |';
  writeFileSync(file, JSON.stringify({ cells: [{ cell_type: "markdown", metadata: {}, source: `| T |\n${row}\n` }] }));
  const terms = readTerms(file);

  test("reads names, meaning and lessons from the table", () => {
    expect(terms).toEqual([
      {
        ids: ["term-gap", "term-lag"],
        term: "Gap, lag",
        meaning: "How many steps lie `between`: $h_t$.",
        lessons: ["01", "02"],
      },
    ]);
  });

  test("each name can be linked to, each lesson is linked where there is one", () => {
    const { html } = glossaryPage(terms, new Map([["01", "lessons/01.html"]]), undefined);
    expect(html).toContain('<dt id="term-gap"><span id="term-lag"></span>Gap, lag</dt>');
    expect(html).toContain('<a href="lessons/01.html">lesson 01</a>, lesson 02');
  });

  test("its words without marks of Markdown", () => {
    expect(termWords(terms)["term-lag"]).toBe("Gap, lag: How many steps lie between: h_t.");
  });
});

test("references: the same work from two lessons is one entry, without what one lesson remarks", () => {
  const lesson = (line: string): Notebook =>
    ({ cells: [{ cell_type: "markdown", metadata: {}, source: `## References\n\n- ${line}` }] }) as unknown as Notebook;
  const work =
    "S. Hochreiter & J. Schmidhuber (1997). [Long short-term memory](https://doi.org/10.1162/x). Neural Computation 9(8)";
  const lessons = new Map([
    ["04-a", lesson(`${work}: experiment 4.`)],
    ["05-b", lesson(`${work.replace("doi.org", "www.doi.org")}.`)],
  ]);
  const { html } = referencesPage(lessons, (name) => `lessons/${name}.html`);
  expect(html.match(/<li>/g)).toHaveLength(1);
  expect(html).not.toContain("experiment 4");
  expect(html).toContain('Lesson <a href="lessons/04-a.html">04</a>, <a href="lessons/05-b.html">05</a>');
});

describe("the search index", () => {
  const page: Page = {
    path: "lessons/05.html",
    group: "Lessons",
    title: "Gates",
    description: "d",
    headings: [],
    html: '<h1>Gates</h1><p>First.</p><h2 id="forget">The forget gate</h2><p>Keeps a share &amp; more.</p>',
  };

  test("holds one entry a section and one a name", () => {
    const script = searchIndex([page], [{ name: "LSTMCell", url: "api/classes/LSTMCell.html" }]);
    const index = JSON.parse(script.replace(/^unrolledIndex = |;\n$/g, "")) as {
      documentCount: number;
      storedFields: object;
    };
    expect(index.documentCount).toBe(3);
    expect(Object.values(index.storedFields)).toContainEqual({
      title: "Gates",
      heading: "The forget gate",
      url: "lessons/05.html#forget",
      text: "Keeps a share & more.",
    });
  });

  test("plainText: formulas once, tags and entities gone", () => {
    const math =
      '<span class="katex"><span class="katex-mathml"><math><mi>c</mi><annotation>c</annotation></math></span><span class="katex-html">c</span></span>';
    expect(plainText(`<p>The state ${math} is &lt; 1.</p><p>So.</p>`)).toBe("The state c is < 1. So.");
  });
});

describe("wholePage", () => {
  const page: Page = {
    path: "a/b.html",
    group: "Lessons",
    title: 'A "title" <b>',
    description: "d",
    headings: [],
    html: "<h1>x</h1>",
  };
  test("titles are escaped, paths lead up, and no address is invented", () => {
    const html = wholePage(page, { pages: [page] });
    expect(html).toContain("<title>A &quot;title&quot; &lt;b&gt; · Unrolled</title>");
    expect(html).toContain('href="../assets/book.css"');
    expect(html).not.toContain("og:image");
  });
  test("where it is published, other sites get whole addresses", () => {
    const html = wholePage(page, { pages: [page], baseUrl: "https://example.org/x/" });
    expect(html).toContain('<link rel="canonical" href="https://example.org/x/a/b.html">');
    expect(html).toContain('content="https://example.org/x/assets/card.png"');
  });
});

test("highlight: names with a type carry its number, whatever token they lie in", async () => {
  const paint = await highlighter();
  const html = paint("const a = b < 1; // so", [{ start: 10, length: 1, type: 7 }]);
  expect(html).toContain('<span class="keyword">const</span>');
  expect(html).toMatch(/<span[^>]* data-t="7">b<\/span>/);
  expect(html).toContain("&lt;");
  expect(html).toContain('<span class="comment">// so</span>');
});

test("Store: makes a thing once for the same input, and again for another", async () => {
  const store = new Store(join(folder, "store"));
  let made = 0;
  const make = () => `made ${++made}`;
  expect(await store.get("x", [1], make)).toBe("made 1");
  expect(await store.get("x", [1], make)).toBe("made 1");
  expect(await store.get("x", [2], make)).toBe("made 2");
});

test("the scoreboard: every row's number, source, verdict and reason, as text", () => {
  const row = {
    id: "a",
    experiment: "Adding",
    paper: "0.1 < x",
    source: "Y 1997",
    ours: "",
    seeds: undefined,
    interval: "",
  };
  const { html, description } = scoreboardPage([
    { ...row, deviation: "", verdict: "not run yet", why: "So & so.", measuredBy: "npm run" },
  ]);
  for (const part of ["Adding", "0.1 &lt; x", "Y 1997", "not run yet", "So &amp; so.", "<code>npm run</code>"])
    expect(html).toContain(part);
  expect(description).toMatch(/^1 published numbers; 0 of them/);
});
