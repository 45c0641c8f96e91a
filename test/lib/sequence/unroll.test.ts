import { LSTMCell, RNNCell, seededRng, tensor, unroll, zeros } from "unrolled";
import { expect, test } from "vitest";

const xs = [tensor([[0.3, 1]]), tensor([[0.7, 0]])];

test("unroll: each step is fed the state of the one before", () => {
  const cell = new LSTMCell(2, 3, { rng: seededRng(1) });
  const [first, second] = unroll(cell, xs);
  expect(second.c.tolist()).toEqual(cell.step(xs[1], first).c.tolist());
  expect(first.h.tolist()).toEqual(cell.step(xs[0], cell.initialState(1)).h.tolist());
});

test("unroll: going on from a state is the same as one longer run", () => {
  const cell = new RNNCell(2, 3, { rng: seededRng(1) });
  const whole = unroll(cell, [...xs, ...xs]);
  const half = unroll(cell, xs);
  expect(unroll(cell, xs, half[1])[1].h.tolist()).toEqual(whole[3].h.tolist());
});

test("unroll: what one sequence of a batch does, it does alone", () => {
  const cell = new LSTMCell(2, 3, { rng: seededRng(1) });
  const batch = unroll(cell, [
    tensor([
      [0.3, 1],
      [5, -5],
    ]),
    tensor([
      [0.7, 0],
      [2, 2],
    ]),
  ]);
  expect(batch[1].h.tolist()[0]).toBeAllClose(unroll(cell, xs)[1].h.tolist()[0], { rtol: 1e-14 });
});

test("unroll: refuses an empty sequence, and names the step whose shape is wrong", () => {
  const cell = new LSTMCell(2, 3);
  expect(() => unroll(cell, [])).toThrow(
    "unroll: xs must be an array of tensors, one per time step, got an array of 0",
  );
  expect(() => unroll(cell, [xs[0], zeros(1, 4)])).toThrow("unroll, step 1: x must be [batchSize, 2], got [1, 4]");
});
