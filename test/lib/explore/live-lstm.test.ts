import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { explore, LSTMCell, RNNCell, seededRng, tensor, unroll } from "unrolled";
import { expect, test } from "vitest";
import { bundlePage } from "../../../lib/bin/bundle-page.mjs";
import { LSTMPlayer, runMachine } from "../../../lib/src/explore/lstm-player.js";
import { cellOf, machines } from "../../../lib/src/explore/machine.js";
import { trace } from "../../../lib/src/explore/trace.js";

const machine = (name: string) => machines.find((one) => one.name === name)!;
const states = (name: string) => runMachine(machine(name)).map(({ c }) => c);
/** Steps at which the shared sequence has its pulse. */
const pulses = [1, 4, 6];

test("explore.lstmCell: the latch takes the value at each pulse and holds it between", () => {
  const c = states("latch");
  const value = (t: number) => Math.tanh(2 * machine("latch").xs[t][1]);
  const expected = [0, value(1), value(1), value(1), value(4), value(4), value(6), value(6)];
  c.forEach((v, t) => {
    expect(Math.abs(v - expected[t])).toBeLessThan(1e-3);
  });
});

test("explore.lstmCell: erase is empty at every pulse and piles up between", () => {
  const c = states("erase");
  for (const t of pulses) expect(Math.abs(c[t])).toBeLessThan(1e-3);
  expect(c[3]).toBeCloseTo(Math.tanh(-0.9) + Math.tanh(0.3), 2);
});

test("explore.lstmCell: count counts the pulses, toggle turns over at each", () => {
  expect(states("count").map(Math.round)).toEqual([0, 1, 1, 1, 2, 2, 3, 3]);
  expect(states("toggle").map(Math.round)).toEqual([0, 1, 1, 1, -1, -1, 1, 1]);
});

test("LSTMPlayer: stepping by hand gives what unroll gives, to the last bit", () => {
  for (const one of machines) {
    const steps = unroll(
      cellOf(one),
      one.xs.map((x) => tensor([[...x]])),
    );
    expect(runMachine(one).map(({ c, h, f, i, g, o }) => [c, h, f, i, g, o])).toEqual(
      steps.map(({ c, h, f, i, g, o }) => [c, h, f, i, g, o].map((value) => value.item())),
    );
  }
});

test("LSTMPlayer: a changed input counts for its own step only; at the end it stays", () => {
  const player = new LSTMPlayer(machine("count"));
  player.x[0] = 1;
  expect(player.now().c).toBeCloseTo(1, 3);
  expect(player.advance()).toBe(true);
  expect(player.x).toEqual(machine("count").xs[1]);
  while (player.advance());
  expect([player.last, player.advance(), player.t]).toEqual([true, false, 7]);
});

test("explore.lstmCell: a cell of one's own travels as plain data and is the same cell after it", () => {
  const cell = new LSTMCell(1, 1, { rng: seededRng(3) });
  const xs = [1, -0.5, 2].map((v) => tensor([[v]]));
  const { machines: travelled } = JSON.parse(JSON.stringify(explore.lstmCell({ mine: cell }, xs).data));
  expect(runMachine(travelled[0]).map(({ h }) => h)).toEqual(unroll(cell, xs).map(({ h }) => h.item()));
});

test("explore.lstmCell: without scripts its words say every state", () => {
  const { words, still } = explore.lstmCell();
  expect(words).toHaveLength(4);
  expect(words[2]).toMatch(/^count: It adds one.* Its cell state c, step by step: 0, 1, 1, 1, 2, 2, 3, 2\.999\.$/);
  expect(still.svg).toContain('class="ring"');
});

test("explore.lstmCell: refuses cells and sequences that it cannot show", () => {
  const xs = [tensor([[1]])];
  expect(() => explore.lstmCell({ wide: new LSTMCell(1, 2) }, xs)).toThrow("wide must have 1 unit, got 2");
  expect(() => explore.lstmCell({ a: new LSTMCell(1, 1) }, [])).toThrow("xs must have at least one step");
  expect(() => explore.lstmCell({ a: new LSTMCell(2, 1) }, xs)).toThrow("each of xs must be [1, 2], got [1, 1]");
  expect(() => explore.lstmCell(undefined, [], { inputs: ["one"] })).toThrow("inputs must be 2 names, got 1");
  expect(() => explore.lstmCell({ rnn: new RNNCell(1, 1) as unknown as LSTMCell }, xs)).toThrow("must be an LSTMCell");
});

test("trace: one dot per step so far, inputs for the whole sequence", () => {
  const steps = runMachine(machine("count")).slice(0, 3);
  const { svg, alt } = trace(steps, { xs: machine("count").xs, inputs: ["pulse", "value"] });
  expect(svg.match(/<circle/g)).toHaveLength(3);
  expect(svg).toContain(">−0.9<");
  expect(alt).toBe("Cell state c so far: 0, 1, 1.");
});

test("the page's script is small, has no mathjs in it, and cannot end the element it stands in", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-page-"));
  try {
    const file = join(folder, "page.js");
    await bundlePage(fileURLToPath(new URL("../../..", import.meta.url)), file);
    const text = readFileSync(file, "utf8");
    expect(text.length).toBeLessThan(60_000);
    expect(text).not.toMatch(/<\/script|<!--|WebAssembly\.Module|createRequire/i);
    expect(text).toMatch(/^"use strict";var unrolledPage=/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
