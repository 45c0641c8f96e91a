import { afterEach, expect, test, vi } from "vitest";
import { liveFigure } from "../../../lib/src/notebook/live-figure.js";
import { inKernel, publish } from "../../../lib/src/notebook/publish.js";
import { quiz } from "../../../lib/src/notebook/quiz.js";
import { bundleOf, markdown, show, svg } from "../../../lib/src/notebook/show.js";
import { table } from "../../../lib/src/notebook/table.js";

afterEach(() => vi.restoreAllMocks());

test("publish: outside a kernel it does nothing and says so", () => {
  expect(publish({ "text/plain": "x" })).toBe(false);
  expect(inKernel()).toBe(false);
});

test("show: outside a kernel prints the text of each value", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  show("a", svg("<svg/>", "a circle"), { b: 1 });
  expect(log.mock.calls).toEqual([["a"], ["a circle"], ["{ b: 1 }"]]);
});

test("bundleOf: Markdown stays Markdown", () => {
  expect(bundleOf(markdown("**b**"))).toEqual({ "text/markdown": "**b**", "text/plain": "**b**" });
});

test("table: numbers are rounded and right, headers head, text is escaped", () => {
  const { bundle } = table(
    [
      { name: "a<b", loss: 0.123456 },
      { name: "LSTM", loss: 3 },
    ],
    { caption: "Loss" },
  );
  expect(bundle["text/html"]).toContain("<caption>Loss</caption>");
  expect(bundle["text/html"]).toContain('<th scope="row" style="text-align: left">a&lt;b</th>');
  expect(bundle["text/html"]).toContain('<td style="text-align: right; white-space: nowrap">0.1235</td>');
  expect(bundle["text/plain"]).toBe("Loss\nname    loss\n----  ------\na<b   0.1235\nLSTM       3");
});

test("table: rows may lack a column", () => {
  expect(table([{ a: 1 }, { b: 2 }]).bundle["text/plain"]).toBe("a  b\n-  -\n1\n   2");
});

const question = {
  question: "What does `f < 1` do?",
  options: [
    { text: "It forgets", correct: true, why: "c shrinks." },
    { text: "It learns", why: "That is `i`." },
  ],
};

test("quiz: reads without scripts, answers folded away", () => {
  const html = String(quiz([question]).bundle["text/html"]);
  const still = html.replace(/<script>[\s\S]*<\/script>/, "");
  expect(still).toContain("What does <code>f &lt; 1</code> do?");
  expect(still).toContain("<details><summary>Show the answers</summary>");
  expect(still).toContain("(b) No. That is <code>i</code>.");
  expect(() => new Function(/<script>([\s\S]*)<\/script>/.exec(html)![1])).not.toThrow();
});

test("quiz: refuses a question without exactly one right answer", () => {
  const options = question.options.map((option) => ({ ...option, correct: true }));
  expect(() => quiz([{ ...question, options }])).toThrow('"What does `f < 1` do?" must have 1 correct option, got 2');
});

test("liveFigure: holds every point, gaps included", () => {
  const live = liveFigure(["a", "b"], { title: "T", yType: "log" });
  live.push(0, [1, 2]);
  live.push(5, [Number.NaN, 4]);
  const { data, layout } = live.figure();
  expect(data.map(({ name, x, y }) => ({ name, x, y }))).toEqual([
    { name: "a", x: [0, 5], y: [1, Number.NaN] },
    { name: "b", x: [0, 5], y: [2, 4] },
  ]);
  expect(layout).toMatchObject({ title: { text: "T" }, yaxis: { type: "log" } });
});

test("liveFigure: the words say where each line starts and ends", () => {
  const live = liveFigure(["a"], { yTitle: "Loss" });
  live.push(0, [1]);
  live.push(9, [0.25]);
  expect(live.figure().alt).toBe("Loss for step 0 to 9: a from 1 to 0.25.");
});

test("LiveFigure.push: refuses the wrong number of values", () => {
  expect(() => liveFigure(["a", "b"]).push(0, [1])).toThrow("push: values must be 2 numbers, got 1");
});
