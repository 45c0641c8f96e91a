import { describe, expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";

const kinds = ["peephole", "coupled", "1997", "gru", "gru, reset after", "mgu", "janet"] as const;
const svgOf = (kind: (typeof kinds)[number]): string => figures.variant(kind).svg;
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, inside]) => inside.replace(/<[^>]+>|\u200b/g, ""));
/** Where the × and + stand, and the boxes: x of each. */
const circles = (svg: string): number[] => [...svg.matchAll(/class="round" cx="([\d.]+)"/g)].map(([, x]) => Number(x));

describe.each(kinds)("figures.variant, %s", (kind) => {
  const { svg, alt } = figures.variant(kind);

  test("is one SVG that closes every tag it opens", () => {
    const open: string[] = [];
    for (const [, end, name, empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("draws finite numbers inside the paper of the LSTM's drawing", () => {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain('viewBox="0 0 740 390"');
    for (const [, x] of svg.matchAll(/ c?x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThan(740);
    for (const [, y] of svg.matchAll(/ c?y="(-?[\d.]+)"/g)) expect(Number(y)).toBeLessThan(390);
  });

  test("says in words what is different, and lets what is shared stand back", () => {
    expect(svg).toContain(`<title>${alt}</title>`);
    expect(alt).toContain("difference is in full ink");
    expect(svg).toContain('<g opacity="0.33">');
  });
});

test("figures.variant: a dashed box for each part that is missing, and only there", () => {
  const missing = Object.fromEntries(
    kinds.map((kind) => [kind, texts(svgOf(kind)).filter((t) => t.startsWith("no "))]),
  );
  expect(missing).toEqual({
    peephole: [],
    coupled: ["no input gate"],
    "1997": ["no forget gate"],
    gru: ["no output gate"],
    "gru, reset after": ["no output gate"],
    mgu: ["no output gate"],
    janet: ["no output gate"],
  });
});

test("figures.variant: the output gate's peephole leaves the cell state after the sum, the others before it", () => {
  const svg = svgOf("peephole");
  const taps = [...svg.matchAll(/<circle class="tip output" cx="([\d.]+)" cy="95"/g)].map(([, x]) => Number(x));
  const [show, early, late] = taps.filter((x) => x !== 135);
  const plus = 400;
  expect([show, early < plus, late > plus]).toEqual([592, true, true]);
});

test("figures.variant: the cell of 1997 has no product on the line of the cell state", () => {
  const onBelt = (svg: string) => [...svg.matchAll(/class="round" cx="[\d.]+" cy="95" r="14"\/><text[^>]*>(.)/g)];
  expect(onBelt(svgOf("1997")).map(([, sign]) => sign)).toEqual(["+"]);
  expect(onBelt(svgOf("coupled")).map(([, sign]) => sign)).toEqual(["×", "+"]);
});

test("figures.variant: before and after differ in the order of the reset gate's × and the matrix W_h alone", () => {
  const order = (svg: string): string => {
    const reset = Number(/class="round" cx="([\d.]+)" cy="272"/.exec(svg)![1]);
    const matrix = Number(/<text[^>]*x="([\d.]+)" y="277">W/.exec(svg)![1]);
    return reset < matrix ? "× then W" : "W then ×";
  };
  expect([order(svgOf("gru")), order(svgOf("mgu")), order(svgOf("gru, reset after"))]).toEqual([
    "× then W",
    "× then W",
    "W then ×",
  ]);
  expect(texts(svgOf("gru")).sort()).toEqual(texts(svgOf("gru, reset after")).sort());
});

test("figures.variant: JANET's gate does not touch what the candidate sees", () => {
  expect(circles(svgOf("mgu")).length).toBe(circles(svgOf("janet")).length + 2); // 1 − f and the × on h
});

test("figures.variant: refuses a name it does not know", () => {
  expect(() => figures.variant("lstm" as "gru")).toThrow("kind must be");
});
