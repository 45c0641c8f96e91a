import {
  type Figure,
  figures,
  forgetGateAt,
  gateTraces,
  gradientFlow,
  halfLife,
  LSTMCell,
  RNNCell,
  restPoints,
  saturation,
  seededRng,
  tensor,
} from "unrolled";
import { expect, test } from "vitest";

const xs = Array.from({ length: 6 }, (_, t) => tensor([[Math.sin(t), 1]]));
const cell = new LSTMCell(2, 4, { rng: seededRng(1) });

function oneUnit(weight: number, bias: number): RNNCell {
  const unit = new RNNCell(1, 1);
  unit.hidden.Wh.data[0] = weight;
  unit.hidden.b.data[0] = bias;
  return unit;
}

test("restPoints: a weak loop forgets, a strong one holds one bit, until the bias takes a side", () => {
  expect(restPoints(oneUnit(0.5, 0))).toBeAllClose([0], { atol: 1e-6 });
  const strong = restPoints(oneUnit(2, 0), { starts: 20 }); // an even number: no start on the knife's edge at 0
  expect(strong).toHaveLength(2);
  for (const h of strong) expect(Math.tanh(2 * h)).toBeCloseTo(h, 6);
  expect(restPoints(oneUnit(2, 1))).toHaveLength(1);
  expect(() => restPoints(new RNNCell(1, 2))).toThrow("restPoints: the cell must have one unit, got 2");
});

test("figures.bifurcation: every rest point, and in words where their number changes", () => {
  const parameter = [-1, 0, 1];
  const figure = figures.bifurcation({
    parameter,
    rest: parameter.map((b) => restPoints(oneUnit(2, b), { starts: 20 })),
  });
  expect(figure.data[0].x).toEqual([-1, 0, 0, 1]);
  expect(figure.alt).toContain("The number of rest points changes at 0, 1.");
});

test("figures.successRate: the shares with Wilson's intervals", () => {
  const [trace] = figures.successRate({ LSTM: { x: [50, 500], successes: [5, 0], runs: 5 } }).data;
  expect(trace.y).toEqual([1, 0]);
  const { array, arrayminus } = trace.error_y as { array: number[]; arrayminus: number[] };
  expect(array[1]).toBeCloseTo(1.96 ** 2 / (5 + 1.96 ** 2), 4); // Wilson's bounds at 0 of 5 and 5 of 5
  expect(arrayminus[0]).toBeCloseTo(1 - 5 / (5 + 1.96 ** 2), 4);
});

test("figures.successRate: bars of one length stand side by side, and are named by their length", () => {
  const counts = { x: [50, 550], successes: [5, 0], runs: 5 };
  const [left, right] = figures.successRate({ LSTM: counts, GRU: counts }).data;
  expect([left.x, right.x]).toEqual([
    [47, 547],
    [53, 553],
  ]);
  expect([left.customdata, right.customdata]).toEqual([counts.x, counts.x]);
});

test("figures.gradientHeatMap: log₁₀ of the norm, one scale for all, lag by training step", () => {
  const history = (model: LSTMCell | RNNCell) => ({
    step: [0, 10],
    flow: [gradientFlow(model as LSTMCell, xs), gradientFlow(model as LSTMCell, xs)],
  });
  const figure = figures.gradientHeatMap({ LSTM: history(cell), RNN: history(new RNNCell(2, 4)) });
  const [left, right] = figure.data as unknown as { z: number[][]; zmin: number; zmax: number }[];
  expect(left.z[0][1]).toBe(Math.log10(gradientFlow(cell, xs).norm[0]));
  expect([left.zmin, left.zmax]).toEqual([right.zmin, right.zmax]);
  expect(left.z).toHaveLength(6);
  expect(figure.layout.xaxis2).toMatchObject({ title: { text: "RNN: training step" } });
});

test("figures.gradientHeatMapSlider: one pair of maps per setting, one colour scale, only the chosen ones visible", () => {
  const histories = (of: number) => {
    const flow = [gradientFlow(new LSTMCell(2, 4, { forgetBias: of }), xs)];
    return { a: { step: [0], flow }, b: { step: [0], flow } };
  };
  const settings = [0, 5].map((value) => ({ value, histories: histories(value) }));
  const figure = figures.gradientHeatMapSlider(settings, { title: "Reach", parameter: "forget bias", start: 1 });
  expect(figure.data.map(({ visible }) => visible)).toEqual([false, false, true, true]);
  expect(new Set(figure.data.map(({ zmin }) => zmin)).size).toBe(1);
  const [slider] = figure.layout.sliders as { active: number; steps: { args: unknown[] }[] }[];
  expect(slider.active).toBe(1);
  expect(slider.steps[0].args).toEqual([{ visible: [true, true, false, false] }]);
  expect(figure.alt).toContain("with a slider for forget bias. 0: a: at the greatest lag");
});

test("figures.cliff: one frame per step of the longest descent; a shorter one waits at its end", () => {
  const surface = { x: [0, 1], y: [0, 1], loss: [[0, 1], [2, 3]] }; // biome-ignore format: a matrix
  const figure = figures.cliff(surface, { long: { x: [0, 0.5, 1], y: [0, 0, 0] }, short: { x: [1], y: [1] } });
  expect(figure.frames.map(({ name }) => name)).toEqual(["0", "1", "2"]);
  const drawn = figure.frames.map(({ data }) => (data as { x: number[] }[]).map(({ x }) => x));
  expect(drawn).toEqual([[[0], [1]], [[0, 0.5], [1]], [[0, 0.5, 1], [1]]]); // biome-ignore format: a matrix
  expect(figure.frames[0].traces).toEqual([1, 2]); // the surface, trace 0, stays
  expect(figure.data[1].x).toEqual([0, 0.5, 1]); // and a page without scripts' play shows all of it
});

test("figures.halfLife: fᵗ with f = σ(bias), and the step at which half is left", () => {
  const { data, alt } = figures.halfLife([0, 5], { start: 1 });
  const [left, half] = data as { y: number[]; x: number[]; visible: boolean }[];
  expect(left.y.slice(0, 3)).toEqual([1, 0.5, 0.25]);
  expect(half.x).toEqual([0, 1, 1]);
  expect(data[3].x).toEqual([0, halfLife(forgetGateAt(5)), halfLife(forgetGateAt(5))]);
  expect(data.map(({ visible }) => visible)).toEqual([false, false, true, true]);
  expect(alt).toContain("bias 0: 1 steps; bias 5: 103 steps");
});

test("figures.saturation: one point per unit", () => {
  const traces = gateTraces(cell, xs);
  const units = saturation(traces.f, { low: 0.4, high: 0.7 });
  expect(figures.saturation({ "forget gate": units }).data[0].y).toEqual(units.map(({ open }) => open));
});

test("figures.ablation: medians over the seeds; refuses a variant without results for a task", () => {
  const results = { V: { adding: [0.1, 0.3, 0.2] }, NFG: { adding: [0.5, 0.4, 0.9] } };
  const figure = figures.ablation(results);
  expect(figure.data[0].z).toEqual([[0.2], [0.5]]);
  expect(figure.alt).toContain("adding: lowest V (0.2), highest NFG (0.5)");
  expect(() => figures.ablation({ ...results, NIG: {} })).toThrow("figures.ablation: NIG must have results for adding");
});

test("figures.lines: what has no figure of its own", () => {
  const figure = figures.lines(
    { norm: { x: [0, 1], y: [2, 4] } },
    { title: "Cell norm", x: "time step t", y: "‖c‖", log: true },
  );
  expect(figure.data[0]).toMatchObject({ name: "norm", x: [0, 1], y: [2, 4] });
  expect(figure.layout.yaxis).toMatchObject({ type: "log" });
});

test("each of them has alt text, a title, axis titles and stays below 300 KB", () => {
  const flow = gradientFlow(cell, xs);
  const all: Figure[] = [
    figures.bifurcation({ parameter: [0], rest: [[0]] }),
    figures.successRate({ LSTM: { x: [50], successes: [1], runs: 5 } }),
    figures.gradientHeatMap({ LSTM: { step: [0], flow: [flow] } }),
    figures.halfLife([0, 1, 2]),
    figures.saturation({ f: saturation(gateTraces(cell, xs).f) }),
    figures.ablation({ V: { adding: [1] } }),
    figures.lines({ a: { x: [0], y: [1] } }, { title: "A", x: "b", y: "c" }),
  ];
  const titled = { title: { text: expect.stringMatching(/\w/) } };
  for (const figure of all) {
    expect(figure.alt).toMatch(/\d/);
    expect(figure.layout).toMatchObject({ ...titled, xaxis: titled, yaxis: titled });
    expect(JSON.stringify(figure).length).toBeLessThan(300_000);
  }
});

test("figures.connectivity: each row scaled to its greatest entry; the future is empty", () => {
  const mattered = [[2], [1, 4]];
  const figure = figures.connectivity(["a", "b"], mattered);
  expect(figure.data[0].z).toEqual([[1, null], [0.25, 1]]); // biome-ignore format: a matrix
  expect((figure.data[0].text as string[][])[1][0]).toBe("after “b”, “a” 1 steps back: 1.0e+0");
  expect(() => figures.connectivity(["a"], mattered)).toThrow("figures.connectivity: mattered must have 1 rows, got 2");
});

test("figures.tracesOverTraining: one frame per snapshot, one scale for all, a slider and a play button", () => {
  const snapshots = [
    { step: 0, series: { c: [0, 0.1] } },
    { step: 50, series: { c: [0, 3] } },
  ];
  const figure = figures.tracesOverTraining(["a", "b"], snapshots, { title: "Counting", y: "cell state c" });
  expect(figure.frames.map(({ name }) => name)).toEqual(["0", "50"]);
  expect(figure.data[0].y).toEqual([0, 0.1]);
  expect((figure.layout.yaxis as { range: number[] }).range).toBeAllClose([-0.15, 3.15]);
  expect(figure.alt).toContain("At the end: c from 0 to 3");
});
