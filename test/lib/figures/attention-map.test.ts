import { type Figure, figures } from "unrolled";
import { expect, test } from "vitest";

test("figures.attentionMap: one row per written symbol, and in words where each looked most", () => {
  const weights = [
    [0.9, 0.1],
    [0.25, 0.75],
    [0.5, 0.5],
  ];
  const figure: Figure = figures.attentionMap(["x", "y"], ["a", "b", "c"], weights, { title: "Who looks where" });
  expect(figure.data).toMatchObject([{ type: "heatmap", z: weights, zmin: 0, zmax: 1 }]);
  expect(figure.layout).toMatchObject({
    xaxis: { tickvals: [0, 1], ticktext: ["x", "y"] },
    yaxis: { ticktext: ["a", "b", "c"], autorange: "reversed" }, // the first symbol written stands on top
  });
  expect(figure.alt).toBe(
    "Who looks where. In each row the largest share: a: x at step 1 (0.90); b: y at step 2 (0.75); c: x at step 1 (0.50).",
  );
});

test("figures.attentionMap: refuses weights that do not fit the texts", () => {
  const expected = (came: string) => `figures.attentionMap: weights must be [2, 2], got ${came}`;
  expect(() => figures.attentionMap(["x", "y"], ["a", "b"], [[1, 0]])).toThrow(expected("[1, 2]"));
  expect(() => figures.attentionMap(["x", "y"], ["a", "b"], [[1, 0], [1]])).toThrow(expected("[2, 1]"));
});

test("figures.lines: logarithmic axes only where they are asked for", () => {
  const line = { a: { x: [1, 10], y: [2, 20] } };
  const text = { title: "t", x: "x", y: "y" };
  const type = (axis: string, options: object) =>
    (figures.lines(line, { ...text, ...options }).layout[axis] as { type?: string }).type;
  expect([type("xaxis", {}), type("yaxis", {})]).toEqual([undefined, undefined]);
  expect([type("xaxis", { logX: true }), type("yaxis", { logX: true })]).toEqual(["log", undefined]);
  expect(figures.lines(line, { ...text, logX: true }).layout.xaxis).toMatchObject({
    tickvals: [1, 10],
    ticktext: ["1", "10"],
  });
  expect([type("xaxis", { log: true }), type("yaxis", { log: true })]).toEqual([undefined, "log"]);
});
