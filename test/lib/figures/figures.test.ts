import { figures, gateTraces, gradientFlow, LSTMCell, RNNCell, seededRng, tensor } from "unrolled";
import { expect, test } from "vitest";

const xs = Array.from({ length: 5 }, (_, t) => tensor([[Math.sin(t), 1]]));
const flow = gradientFlow(new RNNCell(2, 4, { rng: seededRng(1) }), xs);

test("figures.gradientFlow: one curve per network, the measured numbers, a logarithmic axis, alt text with the ends", () => {
  const figure = figures.gradientFlow({ RNN: flow, LSTM: gradientFlow(new LSTMCell(2, 4, { rng: seededRng(1) }), xs) });
  expect(figure.data.map(({ name }) => name)).toEqual(["RNN", "LSTM"]);
  expect(figure.data[0].y).toEqual(flow.norm);
  expect(figure.layout.yaxis).toMatchObject({ type: "log", title: { text: "‖∂L/∂hₜ‖" } });
  expect(figure.alt).toContain("RNN from 2 at lag 0 to");
});

test("figures.learningCurves: the median line between the best and the worst seed, with reference lines", () => {
  const figure = figures.learningCurves(
    {
      LSTM: {
        step: [1, 2],
        loss: [
          [3, 1],
          [2, 0.5],
          [9, 0.7],
        ],
      },
    },
    { title: "Adding", lines: { "predict the mean": 1 / 6 } },
  );
  const [low, high, median] = figure.data as unknown as { y: number[] }[];
  expect([low.y, high.y, median.y]).toEqual([
    [2, 0.5],
    [9, 1],
    [3, 0.7],
  ]);
  expect(figure.layout.shapes).toMatchObject([{ y0: 1 / 6, y1: 1 / 6 }]);
  expect(figure.alt).toBe("Adding. LSTM ends at 0.7 (3 seeds, 0.5 to 1). Reference lines: predict the mean at 0.167.");
});

test("figures.gateTraces: a heat map of one gate on a scale from 0 to 1; refuses a gate that is not there", () => {
  const traces = gateTraces(new LSTMCell(2, 4, { rng: seededRng(1) }), xs);
  expect(figures.gateTraces(traces, { name: "f" }).data[0]).toMatchObject({ z: traces.f, zmin: 0, zmax: 1 });
  expect(() => figures.gateTraces(traces, { name: "q" })).toThrow(
    'figures.gateTraces: name must be one of h, c, i, f, o, g, got "q"',
  );
});

test("every figure says in words what it shows and has a title and axis titles", () => {
  const all = [figures.gradientFlow({ RNN: flow }), figures.learningCurves({ RNN: { step: [1], loss: [[1]] } })];
  for (const { alt, layout } of all) {
    expect(alt.length).toBeGreaterThan(40);
    expect(layout).toMatchObject({
      title: { text: expect.stringMatching(/\w/) },
      xaxis: { title: { text: expect.stringMatching(/\w/) } },
    });
  }
});
