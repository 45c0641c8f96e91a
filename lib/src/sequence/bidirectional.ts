import type { Cell, CellState } from "../cells/cell.js";
import { said } from "../tensor/refuse.js";
import { SequenceNet } from "./net.js";

/**
 * Two cells of any kind over the same sequence, one from left to right and one from right to left:
 *
 *     outputₜ = [h⃗ₜ, h⃖ₜ]        [batchSize, 2 · hiddenSize]
 *
 * h⃗ₜ has seen x up to t, h⃖ₜ from t to the sequence's own end: its last real step where `lengths` are given.
 *
 *     bidirectional(new LSTMCell(4, 6, { rng }), new LSTMCell(4, 6, { rng })).run(xs, { lengths: [8, 3, 5] })
 *
 * @throws TypeError if the two are one cell, RangeError if they differ in their sizes
 * @see Schuster & Paliwal (1997), IEEE Transactions on Signal Processing 45(11).
 */
export function bidirectional<State extends CellState>(
  forward: Cell<State>,
  backward: Cell<State>,
): SequenceNet<State> {
  for (const cell of [forward, backward]) {
    if (typeof cell?.step !== "function") {
      throw new TypeError(`bidirectional: forward and backward must be cells, got ${said(cell)}`);
    }
  }
  if (forward === backward)
    throw new TypeError("bidirectional: backward must be a cell of its own, got the forward one");
  const sizes = (cell: Cell<State>): string => `${cell.inputSize} -> ${cell.hiddenSize}, ${cell.dtype}`;
  if (sizes(forward) !== sizes(backward)) {
    throw new RangeError(`bidirectional: backward must be ${sizes(forward)} as forward is, got ${sizes(backward)}`);
  }
  return new SequenceNet([{ forward, backward }]);
}
