import { dropout, full, noGrad, seededRng, stacked, type Tensor, tensor, zeros } from "unrolled";
import { describe, expect, test } from "vitest";
import { throughMask } from "../../../lib/src/sequence/dropout.js";

const xs = [1, -0.5, 2].map((v) => full(4, 3, v));
const outputsOf = (net: ReturnType<typeof stacked>, training: boolean): number[][][] =>
  noGrad(() => net.run(xs, { training }).outputs.map((output) => output.tolist()));

describe("dropout", () => {
  test("sets a share of the entries to 0 and scales the others, so that the mean stays", () => {
    const dropped = dropout(full(100, 100, 3), 0.25, seededRng(1));
    const kept = dropped.data.filter((v) => v !== 0);
    expect([...new Set(kept)]).toEqual([4]);
    expect(kept.length / 10_000).toBeCloseTo(0.75, 1);
    expect(dropped.mean().item()).toBeCloseTo(3, 1);
  });
  test("lets the gradient through where the entry was kept, scaled alike", () => {
    const x = full(1, 8, 1, { requiresGrad: true });
    const dropped = dropout(x, 0.5, seededRng(2));
    dropped.sum().backward();
    expect([...x.grad]).toEqual([...dropped.data]);
    expect(new Set(x.grad)).toEqual(new Set([0, 2]));
  });
  test("at rate 0 leaves x as it is", () => {
    expect(dropout(xs[0], 0, seededRng(1))).toBe(xs[0]);
  });
  test("refuses a rate of 1", () => {
    expect(() => dropout(xs[0], 1, seededRng(1))).toThrow("dropout: rate must be in [0, 1), got 1");
    expect(() => dropout(xs[0], -0.1, seededRng(1))).toThrow("dropout: rate must be in [0, 1), got -0.1");
  });
});

describe("a net with dropout between its layers", () => {
  const net = (rate: number) => stacked("lstm", 3, 5, { layers: 2, dropout: rate, rng: seededRng(3) });

  test("drops in training only: elsewhere it is the net without", () => {
    expect(outputsOf(net(0.5), false)).toEqual(outputsOf(net(0), false));
    const unasked = net(0.5)
      .run(xs)
      .outputs.map((output) => output.tolist());
    expect(unasked).toEqual(outputsOf(net(0), false));
    expect(outputsOf(net(0.5), true)).not.toEqual(outputsOf(net(0), true));
    expect(outputsOf(net(0), true)).toEqual(outputsOf(net(0), false));
  });
  test("drops the same for the same seed, other things in the next run", () => {
    const [one, two] = [net(0.5), net(0.5)];
    const first = outputsOf(one, true);
    expect(outputsOf(two, true)).toEqual(first);
    expect(outputsOf(one, true)).not.toEqual(first);
  });
  test("leaves the lowest layer and the outputs whole", () => {
    const { outputs, final } = net(0.3).run(xs, { training: true });
    expect(final.h[0].tolist()).toEqual(net(0.3).run(xs).final.h[0].tolist());
    expect(outputs.flatMap((output) => [...output.data]).every((v) => v !== 0)).toBe(true);
  });
  test("one layer has nothing to drop between", () => {
    const one = () => stacked("gru", 3, 5, { dropout: 0.9, rng: seededRng(3) });
    expect(outputsOf(one(), true)).toEqual(outputsOf(one(), false));
  });
});

describe("recurrentDropout (Gal & Ghahramani 2016)", () => {
  test("acts in training only, from the second step on: the first has no past", () => {
    const net = stacked("lstm", 3, 5, { recurrentDropout: 0.5, rng: seededRng(3) });
    const [dropping, whole] = [outputsOf(net, true), outputsOf(net, false)];
    expect(dropping[0]).toEqual(whole[0]);
    expect(dropping[1]).not.toEqual(whole[1]);
  });

  test.each(["rnn", "lstm", "gru"] as const)(
    "%s: one mask for all steps is a net without those units' way back",
    (kind) => {
      const net = stacked(kind, 3, 2, { rng: seededRng(4) });
      const [cell] = net.cells;
      const masked = throughMask(cell, tensor([[0, 1]]));
      let state = cell.initialState(1);
      for (let t = 0; t < 3; t++) state = masked(full(1, 3, t - 1), state);
      for (const [name, weight] of Object.entries(cell.parameters())) {
        if (name.endsWith(".Wh")) weight.data.fill(0, 0, 2); // what unit 0 tells the gates
      }
      const { final } = net.run([-1, 0, 1].map((v) => full(1, 3, v)));
      expect(state.h).toBeAllClose(final.h[0].tolist(), { rtol: 1e-14 });
    },
  );

  test("each run draws a mask per sequence and layer, and scales what it keeps", () => {
    const net = stacked("rnn", 3, 4, { recurrentDropout: 0.5, rng: seededRng(3) });
    for (const weight of Object.values(net.parameters())) weight.data.fill(0);
    net.parameters()["layer0.forward.hidden.Wh"].data.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    const start = (): { h: Tensor[] } => ({ h: [full(4, 4, 0.1)] });
    const run = () => net.run([zeros(4, 3)], { training: true, initial: start() }).outputs[0];
    const first = run();
    expect(new Set(first.data)).toEqual(new Set([0, Math.tanh(0.2)]));
    expect(new Set(first.tolist().map(String)).size).toBeGreaterThan(1);
    expect(run().tolist()).not.toEqual(first.tolist());
  });
});
