import { expect, test } from "vitest";
import * as figures from "../../../lib/src/figures/index.js";

const curves = { LSTM: { step: [10, 20], loss: [[0.1, 0.01]] } };

test("figures.learningCurves: on a logarithmic axis a label stands at its line", () => {
  const { layout } = figures.learningCurves(curves, { log: true, lines: { tenth: 0.1 }, range: [0.001, 1] });
  expect(layout.shapes).toMatchObject([{ y0: 0.1 }]); // Plotly takes shapes in data units,
  expect(layout.annotations).toMatchObject([{ y: -1 }]); // annotations and ranges in exponents
  expect(layout.yaxis).toMatchObject({ type: "log", range: [-3, 0] });
});

test("figures.learningCurves: on a linear axis everything is in data units", () => {
  const { layout } = figures.learningCurves(curves, { lines: { tenth: 0.1 }, range: [0, 1] });
  expect(layout.annotations).toMatchObject([{ y: 0.1 }]);
  expect(layout.yaxis).toMatchObject({ range: [0, 1] });
});
