import { explore, figures } from "unrolled";
import { expect, test } from "vitest";
import { bundleOf } from "../../../lib/src/notebook/show.js";

const html = (value: unknown): string => String(bundleOf(value)["text/html"]);
const withoutScripts = (text: string): string => text.replace(/<script>[\s\S]*?<\/script>/g, "");

test("show: a widget reads well where scripts do not run: its picture with alt text, its words, no empty frame", () => {
  const still = withoutScripts(html(explore.lstmCell()));
  expect(still).toMatch(/<img alt="Inside an LSTM cell\./);
  expect(still).toMatch(/<p>toggle: At a pulse it turns over/);
  expect(bundleOf(explore.lstmCell())["text/plain"]).toMatch(/^A live LSTM cell\nInside an LSTM cell/);
});

test("show: a drawing with moves gets buttons and a list of them; one without stays a picture", () => {
  const built = html(figures.unrolled(3, {}, { animate: true }));
  expect(withoutScripts(built)).toMatch(/<p>3\. Step 3: the same cell, with the same weights, reads x₃/);
  expect(built).toContain("unrolledPage.mount");
  expect(html(figures.unrolled(3))).not.toContain("<script>");
});

test("show: equal widgets give equal outputs; what a title says cannot end the element it stands in", () => {
  expect(html(explore.lstmCell())).toBe(html(explore.lstmCell()));
  const nasty = html(explore.lstmCell(undefined, [], { title: "</div><script>alert(1)</script>" }));
  expect(nasty.match(/<script>/g)).toHaveLength(1);
  expect(nasty).toContain("&lt;/div&gt;");
});
