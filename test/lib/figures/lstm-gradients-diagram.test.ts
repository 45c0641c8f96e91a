import { expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";

const numbers = { dh: 1, dcNext: 0.2, dc: 0.4313, f: 0.0299, i: 0.0126, g: 0.0597, o: 0.1267, dcPrev: 0.3897 };

test.each([
  ["alone", figures.lstmGradients()],
  ["with numbers", figures.lstmGradients(numbers)],
  ["highway", figures.lstmGradients(numbers, { highlight: "highway" })],
  ["built up", figures.lstmGradients({}, { animate: true })],
])("figures.lstmGradients, %s: one SVG that closes every tag, finite, inside its paper", (_, { svg, alt }) => {
  const open: string[] = [];
  for (const [, end, name, empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  for (const [, x] of svg.matchAll(/ x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThan(width);
  for (const [, y] of svg.matchAll(/ y="(-?[\d.]+)"/g)) expect(Number(y)).toBeLessThan(height);
  expect(alt).toContain("multiplied by the forget gate alone");
});

test("figures.lstmGradients: every wire goes back, and the highway is the thickest", () => {
  const { svg } = figures.lstmGradients();
  const wires = [...svg.matchAll(/class="wire (\w+)" stroke-width="([\d.]+)"/g)];
  expect(new Set(wires.map(([, role]) => role))).toEqual(new Set(["gradient"]));
  expect(wires.filter(([, , width]) => width === "5")).toHaveLength(4);
});

test("figures.lstmGradients: the numbers stand on the wires and in the alt text", () => {
  const { svg, alt } = figures.lstmGradients(numbers);
  for (const text of [" = 1<", " = 0.431<", ">0.03<", ">0.127<", " = 0.39<"]) expect(svg).toContain(text);
  expect(alt).toContain("Gradients: dh 1, along the cell state from the step after 0.2, dc 0.431");
});

test("figures.lstmGradients: highlighting one kind of road makes the other faint", () => {
  const faint = (options: object) => figures.lstmGradients({}, options).svg.match(/<g opacity="0.16">/g)?.length ?? 0;
  expect([faint({}), faint({ highlight: "highway" }), faint({ highlight: "side roads" })]).toEqual([0, 5, 2]);
});

test("figures.lstmGradients: six moves, each with its sentence; refuses what makes no sense", () => {
  const { svg, turns } = figures.lstmGradients({}, { animate: true });
  expect(svg.match(/class="turn turn\d"/g)).toHaveLength(turns.length);
  expect(() => figures.lstmGradients({ dh: Number.NaN })).toThrow("dh must be");
  expect(() => figures.lstmGradients({}, { highlight: "belt" as "highway" })).toThrow("highlight must be");
});
