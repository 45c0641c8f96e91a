import { expect, test } from "vitest";
import { escapeHtml, scriptJson, textWithCode, toPlain } from "../../../lib/src/notebook/bundle.js";

test("escapeHtml: nothing can open a tag or leave an attribute", () => {
  expect(escapeHtml(`<b a="1" c='2'>&`)).toBe("&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
});

test("textWithCode: backticks mark code, and what they hold is escaped", () => {
  expect(textWithCode("is `a < b` so?")).toBe("is <code>a &lt; b</code> so?");
});

test("scriptJson: cannot end its script element, and stays the same value", () => {
  const value = { text: "</script><!--\u2028\u2029" };
  const json = scriptJson(value);
  expect(json).not.toMatch(/[<\u2028\u2029]/);
  expect(JSON.parse(json)).toEqual(value);
});

test("toPlain: typed arrays become arrays; NaN and infinities become null, at every depth", () => {
  const value = {
    y: new Float64Array([1, Number.NaN, Number.POSITIVE_INFINITY]),
    deep: [{ z: Number.NEGATIVE_INFINITY }],
  };
  expect(toPlain(value)).toEqual({ y: [1, null, null], deep: [{ z: null }] });
});
