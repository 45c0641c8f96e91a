import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Figure } from "../../../lib/src/figures/figure.js";
import { DISPLAY, type Displayable } from "../../../lib/src/notebook/bundle.js";
import { figureBundle, figureTitle } from "../../../lib/src/notebook/figure-bundle.js";
import { plotlyFile } from "../../../lib/src/notebook/kernelspec.js";
import { plotlySource } from "../../../lib/src/notebook/page-script.js";
import "../../../lib/src/notebook/show.js";

const figure = new Figure({
  data: [{ y: new Float32Array([0.5, Number.NaN]), name: "</script><img src=x>" }],
  layout: { title: { text: "Loss <b>falls</b>" } },
  alt: 'From 0.5 to "nothing" & back.',
});

test("figureBundle: the Plotly object is plain data", () => {
  const plotly = figureBundle(figure)["application/vnd.plotly.v1+json"] as { data: object[] };
  expect(plotly.data[0]).toEqual({ y: [0.5, null], name: "</script><img src=x>" });
});

test("figureBundle: without scripts the HTML still says title and finding", () => {
  const html = String(figureBundle(figure)["text/html"]);
  const still = html.replace(/<script>[\s\S]*<\/script>/, "");
  expect(still).toContain('role="img"');
  expect(still).toContain("<strong>Loss falls</strong> From 0.5 to &quot;nothing&quot; &amp; back.");
  expect(html.match(/<\/script>/g)).toHaveLength(1);
  expect(html).not.toContain("<img src=x>");
});

test("figureBundle: equal figures have equal bundles, others differ", () => {
  const other = new Figure({ ...figure, alt: "x", data: [{ y: [1] }] });
  expect(figureBundle(figure)).toEqual(figureBundle(figure));
  expect(figureBundle(other)["text/html"]).not.toEqual(figureBundle(figure)["text/html"]);
});

test("figureBundle: a still picture is stored beside the words", () => {
  const html = String(figureBundle(figure, { still: "<svg/>" })["text/html"]);
  expect(html).toContain(`src="data:image/svg+xml;base64,${Buffer.from("<svg/>").toString("base64")}"`);
});

test("figureBundle: the page's script is JavaScript that parses", () => {
  const script = /<script>([\s\S]*)<\/script>/.exec(String(figureBundle(figure)["text/html"]))![1];
  expect(() => new Function(script)).not.toThrow();
});

test("figureTitle: Plotly's markup is left out, and a title may be missing", () => {
  expect(figureTitle({ data: [], layout: { title: "a<br>b" }, alt: "" })).toBe("a b");
  expect(figureTitle({ data: [], alt: "" })).toBe("");
});

test("plotlySource: the network's copy must be the file that npm installed", () => {
  const hash = createHash("sha384").update(readFileSync(plotlyFile())).digest("base64");
  expect(plotlySource({}).cdn?.integrity).toBe(`sha384-${hash}`);
});

test("plotlySource: UNROLLED_OFFLINE forbids the network", () => {
  expect(plotlySource({ UNROLLED_OFFLINE: "1" })).toEqual({ served: "kernelspecs/unrolled/plotly.min.js" });
});

test("Figure: displays itself by the hook, and inspects as its words", () => {
  expect((figure as unknown as Displayable)[DISPLAY]()).toEqual(figureBundle(figure));
  expect(inspect(figure)).toMatch(/^Figure: Loss falls/);
});
