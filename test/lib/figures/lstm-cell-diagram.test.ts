import { describe, expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";

const numbers = { x: 1, hPrev: 0.5, cPrev: -2, f: 0.25, i: 0.5, g: -1, o: 0.75, c: -1, h: -0.571 };
const gates = ["forget", "input", "candidate", "output"] as const;

const drawings = {
  alone: figures.lstmCell(),
  "with numbers": figures.lstmCell(numbers),
  animated: figures.lstmCell({}, { animate: true }),
  ...Object.fromEntries(gates.map((highlight) => [highlight, figures.lstmCell(numbers, { highlight })])),
};

describe.each(Object.entries(drawings))("figures.lstmCell, %s", (_, { svg, alt }) => {
  test("is one SVG that closes every tag it opens", () => {
    const open: string[] = [];
    for (const [, end, name, empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("draws finite numbers inside its own paper", () => {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
    for (const [, x] of svg.matchAll(/ x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThan(width);
    for (const [, y] of svg.matchAll(/ y="(-?[\d.]+)"/g)) expect(Number(y)).toBeLessThan(height);
  });

  test("tells those who cannot see it what it shows", () => {
    expect(svg).toContain(`<title>${alt}</title>`);
    expect(alt).toContain("output gate times tanh of the new c");
  });
});

test("figures.lstmCell: four layers and the tanh on the way out, each drawn once", () => {
  expect(figures.lstmCell().svg.match(/class="layer"/g)).toHaveLength(5);
});

test("figures.lstmCell: a highlighted gate leaves the three others faint", () => {
  for (const highlight of gates) {
    const { svg, alt } = figures.lstmCell({}, { highlight });
    expect(svg.match(/<g opacity="0.16">/g)).toHaveLength(3);
    expect(alt).toContain(`Only the ${highlight} layer is in full ink.`);
  }
  expect(figures.lstmCell().svg).not.toContain("opacity=");
});

test("figures.lstmCell: what is kept, written and shown follows from the numbers given", () => {
  const { svg } = figures.lstmCell(numbers);
  expect(svg).toContain(">−0.5<"); // f c = 0.25 · −2, and i g = 0.5 · −1
  expect(svg).toContain(">−0.762<"); // tanh(−1)
});

test("figures.lstmCell: the alt text says the numbers on the wires", () => {
  expect(figures.lstmCell(numbers).alt).toContain("previous c −2, forget gate 0.25, input gate 0.5, candidate −1");
});

test("figures.lstmCell: numbers are rounded to what fits beside a wire", () => {
  expect(figures.lstmCell({ hPrev: -0.00186, cPrev: -12.345, g: -0.0001 }).alt).toContain(
    "Numbers: previous h −0.002, previous c −12.3, candidate 0.",
  );
});

test("figures.lstmCell: builds up in six turns, twice, for those who want motion", () => {
  const { svg } = figures.lstmCell({}, { animate: true });
  expect(svg.match(/class="turn turn\d"/g)).toHaveLength(6);
  expect(svg).toContain("@media screen and (prefers-reduced-motion:no-preference)");
  expect(svg).not.toContain("infinite");
});

test("figures.lstmCell: refuses what makes no sense", () => {
  expect(() => figures.lstmCell({}, { highlight: "reset" as "forget" })).toThrow("highlight must be");
  expect(() => figures.lstmCell({ f: Number.NaN })).toThrow("f must be");
  expect(() => figures.lstmCell({ forget: 1 } as object)).toThrow("forget");
});
