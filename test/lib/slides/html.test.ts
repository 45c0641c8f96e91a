import { expect, test } from "vitest";
import type { Fragment } from "../../../lib/src/book/fragments.js";
import { liveData, slidesHtml, viewOf } from "../../../lib/src/slides/html.js";
import { planSlides } from "../../../lib/src/slides/plan.js";

const fragment = (id: string, part: Partial<Fragment>): Fragment => ({
  id,
  kind: "markdown",
  metadata: {},
  source: "",
  html: "",
  output: "",
  parts: [],
  headings: [],
  predicts: false,
  ...part,
});
const title = fragment("title", {
  source: "# Title\n\nSee [lesson 05](05-gates.ipynb), $a_1$ and [a paper](https://example.org).",
});
const html = (...fragments: Fragment[]): string => slidesHtml(planSlides(fragments.map(viewOf)), fragments);

test("slides: formulas are set, links that would leave the deck for another lesson are text, papers stay links", () => {
  const page = html(title);
  expect(page).toContain('class="katex"');
  expect(page).toContain("See lesson 05,");
  expect(page).not.toContain("05-gates.ipynb");
  expect(page).toContain('<a href="https://example.org">a paper</a>');
});

test("slides: code stands without its imports, and what the kernel grumbled is left out", () => {
  const source = 'import { a } from "unrolled";\na();';
  const code = fragment("run", {
    kind: "code",
    source,
    html: '<pre class="code" tabindex="0"><code>import { a } from "unrolled";\na();</code></pre>',
    output:
      '<pre class="shown value" tabindex="0">1</pre>\n<pre class="shown stderr" tabindex="0">Error: pending</pre>',
  });
  const page = html(title, code);
  expect(page).toContain("<code>a();</code>");
  expect(page).toContain(">1</pre>");
  expect(page).not.toContain("pending");
});

test("slides: each question of a quiz has a slide and data of its own", () => {
  const questions = ["One?", "Two?"].map((question) => ({
    question,
    options: [{ text: "yes", correct: true, why: "" }],
  }));
  const quiz = fragment("quiz", {
    kind: "code",
    output: "<div></div>",
    parts: [{ kind: "quiz", key: "k", data: { key: "k", questions } }],
  });
  expect(html(title, quiz).match(/data-key="k-\d"/g)).toEqual(['data-key="k-1"', 'data-key="k-2"']);
  expect(liveData([quiz])).toEqual({
    "k-1": { key: "k-1", questions: [questions[0]] },
    "k-2": { key: "k-2", questions: [questions[1]] },
  });
});
