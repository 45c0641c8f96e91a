import { describe, expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";
import { bundleOf } from "../../../lib/src/notebook/show.js";

const numbers = { x: [1, 2, -1], h: [0.462, 0.879, 0.2], gradient: [-0.112, -0.614, -0.8] };

describe.each([
  ["selfLoop", figures.selfLoop()],
  ["rnnCell", figures.rnnCell()],
  ["rnnCell, animated", figures.rnnCell({ animate: true })],
  ["unrolled", figures.unrolled(3, numbers)],
  ["unrolled, animated", figures.unrolled(4, {}, { animate: true })],
  ["sharedWeight", figures.sharedWeight("W_x", [-0.09, -0.28, 0.77])],
])("figures.%s", (_, diagram) => {
  test("is one SVG that closes every tag it opens", () => {
    const open: string[] = [];
    for (const [, end, name, empty] of diagram.svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
    }
    expect(open).toEqual([]);
    expect(diagram.svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/);
  });

  test("draws finite numbers inside its own paper", () => {
    expect(diagram.svg).not.toMatch(/NaN|undefined|Infinity/);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(diagram.svg)!.map(Number);
    for (const [, x] of diagram.svg.matchAll(/ x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThan(width);
    for (const [, y] of diagram.svg.matchAll(/ y="(-?[\d.]+)"/g)) expect(Number(y)).toBeLessThan(height);
  });

  test("tells those who cannot see it what it shows", () => {
    const shown = bundleOf(diagram);
    expect(shown["text/plain"]).toBe(diagram.alt);
    expect(shown["text/html"]).toContain(`alt="${diagram.alt}"`);
    expect(diagram.svg.match(/class="turn turn\d"/g)?.length ?? 0).toBe(diagram.turns.length);
    expect(diagram.svg).toContain(`<title>${diagram.alt}</title>`);
  });
});

test("figures.unrolled: one cell per step, and a way back only with gradients", () => {
  const cells = (svg: string) => svg.match(/class="cell"/g)?.length;
  const backward = (svg: string) => svg.match(/class="wire gradient"/g)?.length ?? 0;
  expect([cells(figures.unrolled(4).svg), backward(figures.unrolled(4).svg)]).toEqual([4, 0]);
  expect([cells(figures.unrolled(3, numbers).svg), backward(figures.unrolled(3, numbers).svg)]).toEqual([3, 3]);
});

test("figures.unrolled: the alt text says the numbers on the wires", () => {
  expect(figures.unrolled(3, numbers).alt).toContain("Inputs: 1, 2, −1. Hidden states: 0.462, 0.879, 0.2.");
});

test("figures.unrolled: numbers for another count of steps are refused", () => {
  expect(() => figures.unrolled(4, { h: [1, 2, 3] })).toThrow("figures.unrolled: h must have 4 entries, got 3");
  expect(() => figures.unrolled(0)).toThrow("figures.unrolled: steps must be");
});

test("figures.unrolled: the build-up is for screens, for those who want motion, and ends", () => {
  const { svg } = figures.unrolled(2, {}, { animate: true });
  expect(svg).toContain("@media screen and (prefers-reduced-motion:no-preference)");
  expect(svg).not.toContain("infinite");
});

test("figures.sharedWeight: the terms add up to the number at the weight", () => {
  const { alt, svg } = figures.sharedWeight("W_h", [0, -0.25, -0.5]);
  expect(alt).toContain("step 1 adds 0, step 2 adds −0.25, step 3 adds −0.5; the sum is −0.75.");
  expect(svg).toContain(">−0.75<");
});
