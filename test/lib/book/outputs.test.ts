import { explore, figures, quiz, table } from "unrolled";
import { describe, expect, test } from "vitest";
import { dataScript, type LivePart } from "../../../lib/src/book/live.js";
import { showOutputs } from "../../../lib/src/book/outputs.js";
import { StillMaker } from "../../../lib/src/book/stills.js";
import type { Output } from "../../../lib/src/notebook/notebook-file.js";
import { bundleOf } from "../../../lib/src/notebook/show.js";

const shown = (value: unknown): Output => ({ output_type: "display_data", data: bundleOf(value), metadata: {} });
const still = async (part: LivePart): Promise<string> => `parts/${part.key}.svg`;
const questions = [
  {
    question: "1 + 1?",
    options: [
      { text: "2", correct: true, why: "Yes." },
      { text: "3", why: "No." },
    ],
  },
];

describe("showOutputs", () => {
  test("a figure is its still picture and its words; its data come apart", async () => {
    const { html, parts } = await showOutputs([shown(figures.halfLife([0, 1], { start: 1 }))], still);
    expect(parts).toHaveLength(1);
    const [{ kind, key, data }] = parts;
    expect(kind).toBe("figure");
    expect(html).toContain(`data-live="figure" data-key="${key}"`);
    expect(html).toContain(`src="parts/${key}.svg"`);
    expect(html).toMatch(/role="img" aria-label="[^"]{20,}" tabindex="0"/);
    expect(html).toContain("<figcaption>");
    expect(html).not.toContain("<script");
    expect((data as { frames: unknown[]; data: unknown[] }).data.length).toBeGreaterThan(0);
    expect(JSON.stringify(data)).not.toContain("cdn");
  });

  test.each([
    ["widget", () => explore.lstmCell()],
    ["quiz", () => quiz(questions)],
  ] as const)("a %s reads without scripts and takes none along", async (kind, make) => {
    const { html, parts } = await showOutputs([shown(make())], still);
    expect(parts.map((part) => part.kind)).toEqual([kind]);
    expect(html).toContain(`data-live="${kind}"`);
    expect(html).not.toContain("<script");
    expect(html.length).toBeGreaterThan(100);
  });

  test("a table stays a table", async () => {
    const { html, parts } = await showOutputs([shown(table([{ word: "wave", c: 0.98 }]))], still);
    expect(html).toContain('<th scope="row"');
    expect(parts).toEqual([]);
  });

  test("text is escaped, colours of the terminal are dropped, nothing shows as nothing", async () => {
    const outputs: Output[] = [
      { output_type: "stream", name: "stdout", text: ["\u001b[31m<b>\u001b[0m & more\n"] },
      { output_type: "error", ename: "Error", evalue: "x < 3", traceback: [] },
      { output_type: "stream", name: "stdout", text: ["  \n"] },
    ];
    const { html } = await showOutputs(outputs, still);
    expect(html).toContain("&lt;b&gt; &amp; more");
    expect(html).toContain("Error: x &lt; 3");
    expect(html.match(/<pre/g)).toHaveLength(2);
  });

  test("HTML that is not ours is sanitized", async () => {
    const html = '<b>hi</b><script>alert(1)</script><img src=x onerror="alert(1)">';
    const output: Output = { output_type: "display_data", data: { "text/html": html }, metadata: {} };
    expect((await showOutputs([output], still)).html).toBe('<b>hi</b><img src="x">');
  });
});

test("dataScript: no text of a notebook can end the script", () => {
  const script = dataScript({ kind: "quiz", key: "k", data: { question: "</script><!-- \u2028" } });
  expect(script).not.toMatch(/<\/script|<!--|\u2028/);
});

describe("StillMaker", () => {
  const maker = new StillMaker();
  test("draws every point's axis, title and curve as SVG whose ink follows the page", async () => {
    const figure = figures.alongSequence(
      { c: [0, 0.5, 1], h: [0, 0.2, 0.4] },
      { title: "A title to be seen", y: "state" },
    );
    const svg = await maker.draw(JSON.parse(JSON.stringify(figure)));
    expect(svg).toContain("A title to be seen");
    expect(svg.match(/class="trace scatter/g)).toHaveLength(2);
    expect(svg).toMatch(/rotate\(-90\)" text-anchor="middle"[^>]*>state<\/text><\/svg>$/);
    expect(svg).toContain("var(--ink)");
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).not.toContain("NaN");
  });

  test("draws a heat map's pixels", async () => {
    const data = [
      {
        type: "heatmap",
        z: [
          [0, 1],
          [2, 3],
        ],
      },
    ];
    expect(await maker.draw({ data, layout: {} } as never)).toMatch(/xlink:href="data:image\/png;base64,iVBOR/);
  });
});
