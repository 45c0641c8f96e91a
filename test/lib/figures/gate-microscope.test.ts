import { figures, gateTraces, LSTMCell, seededRng, tensor } from "unrolled";
import { expect, test } from "vitest";

const xs = [0.5, -1, 2].map((v) => tensor([[v]]));
const tracesOf = (seed: number) => gateTraces(new LSTMCell(1, 2, { rng: seededRng(seed) }), xs);
const networks = { untrained: tracesOf(1), trained: tracesOf(2) };

test("figures.gateMicroscope: a panel per value, the last network first, a slider over the networks", () => {
  const { data, layout } = figures.gateMicroscope(networks);
  expect(data.map(({ visible }) => visible)).toEqual([...Array(4).fill(false), ...Array(4).fill(true)]);
  expect(data[4].z).toEqual(networks.trained.f);
  expect(data.slice(0, 4).map(({ yaxis }) => yaxis)).toEqual(["y", "y2", "y3", "y4"]);
  const [{ steps, active }] = layout.sliders as { active: number; steps: { label: string; args: unknown[] }[] }[];
  expect([active, steps.map(({ label }) => label)]).toEqual([1, ["untrained", "trained"]]);
  expect(steps[0].args).toEqual([{ visible: [...Array(4).fill(true), ...Array(4).fill(false)] }]);
});

test("figures.gateMicroscope: gates on a scale from 0 to 1, states on one scale around 0 for all networks", () => {
  const { data } = figures.gateMicroscope(networks, { show: ["f", "c"] });
  expect(data[0]).toMatchObject({ zmin: 0, zmax: 1 });
  const most = Math.max(...Object.values(networks).flatMap(({ c }) => c.flat().map(Math.abs)));
  for (const k of [1, 3]) expect(data[k]).toMatchObject({ zmin: -most, zmax: most });
});

test("figures.gateMicroscope: events are framed, inputs stand below, the words say the ranges", () => {
  const { layout, alt } = figures.gateMicroscope(networks, { marked: [0, 1, 0], inputs: ["a", "b", "c"], show: ["f"] });
  expect(layout.shapes).toMatchObject([{ x0: 1.5, x1: 2.5 }]);
  expect(layout.xaxis).toMatchObject({ tickvals: [1, 2, 3], ticktext: ["a", "b", "c"] });
  expect(alt).toMatch(/untrained and trained, over 3 steps\. untrained: f from 0\.\d+ to 0\.\d+; trained: f from/);
});

test("figures.gateMicroscope: refuses values, texts and marks that do not fit", () => {
  expect(() => figures.gateMicroscope(networks, { show: ["z"] })).toThrow('show must be of h, c, i, f, o, g, got "z"');
  expect(() => figures.gateMicroscope(networks, { marked: [1] })).toThrow("marked must have 3 entries, got 1");
  expect(() => figures.gateMicroscope(networks, { inputs: ["a"] })).toThrow("inputs must have 3 entries, got 1");
});
