import { expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";

const products = (svg: string) => svg.match(/>×</g)?.length ?? 0;

test("figures.cellState: nothing multiplies the bare belt; two gates in 1997, a third on the belt in 2000", () => {
  const counts = (["carousel", "gates", "forget"] as const).map((stage) => products(figures.cellState(stage).svg));
  expect(counts).toEqual([0, 2, 3]);
});

test("figures.cellState: every stage has one plus, finite numbers and its own words for who cannot see it", () => {
  const drawings = (["carousel", "gates", "forget"] as const).map((stage) => figures.cellState(stage));
  for (const { svg, alt } of drawings) {
    expect(svg.match(/>\+</g)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain(`<title>${alt}</title>`);
  }
  expect(new Set(drawings.map(({ alt }) => alt)).size).toBe(3);
});

test("figures.cellState: another stage is refused by name", () => {
  expect(() => figures.cellState("2016" as never)).toThrow("figures.cellState: stage must be");
});
