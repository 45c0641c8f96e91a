import { type Cell, type CellState, type LSTMState, type Tensor, tensor, unroll } from "unrolled";
import { describe, expect, test } from "vitest";
import { cellOf, disagreement, fixture, tracked, underOurNames } from "../../fixtures/pytorch.js";

const limit = 1e-12;

describe.each(fixture.cells)("PyTorch $kind $options", (reference) => {
  const cell = cellOf(reference) as unknown as Cell<CellState>;
  const xs = reference.x.map(tracked);
  const initial = { h: tracked(reference.h0), ...(reference.c0 && { c: tracked(reference.c0) }) };
  const steps = unroll(cell, xs, initial);
  const weighted = steps.map(({ h }, t) => h.mul(tensor(reference.outputWeights[t])).sum());
  weighted.reduce((total, part) => total.add(part)).backward();

  test("every hidden state agrees, and the last cell state", () => {
    for (const [t, step] of steps.entries()) {
      expect(disagreement(step.h.data, reference.outputs[t].flat())).toBeLessThan(limit);
    }
    if (!reference.finalC) return;
    expect(disagreement((steps.at(-1) as LSTMState).c.data, reference.finalC.flat())).toBeLessThan(limit);
  });

  test("every parameter's gradient agrees", () => {
    const theirs = underOurNames(reference.kind, reference.gradients, "input");
    const ours = cell.parameters();
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    for (const [name, gradient] of Object.entries(theirs)) {
      expect([name, disagreement(ours[name].grad, gradient.flat()) < limit]).toEqual([name, true]);
    }
  });

  test("the gradients of the inputs and of the initial state agree", () => {
    const gradients: [Tensor, number[][]][] = xs.map((x, t) => [x, reference.dx[t]]);
    gradients.push([initial.h, reference.dh0]);
    if (reference.c0) gradients.push([(initial as LSTMState).c, reference.dc0!]);
    for (const [ours, theirs] of gradients) expect(disagreement(ours.grad, theirs.flat())).toBeLessThan(limit);
  });
});
