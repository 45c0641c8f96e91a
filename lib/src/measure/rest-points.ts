import type { Cell, CellState } from "../cells/cell.js";
import { unroll } from "../sequence/unroll.js";
import { full, zeros } from "../tensor/create.js";
import { checkCount, checkOptions } from "../tensor/refuse.js";
import { noGrad } from "../tensor/tensor.js";

export interface RestPointsOptions {
  /** How many starting states, spread over [−1, 1]. Default 21. */
  starts?: number;
  /** How long each is left alone, in time steps. Default 300. */
  steps?: number;
}

/**
 * Where a one-unit network comes to rest when it is left alone with zero input: the end states of runs from many
 * starting states, those closer than 1e-3 counted once, in rising order. Two of them are a memory of one bit; as a
 * weight or bias changes, they appear and vanish all at once, and the gradient with them.
 *
 * @see Doya (1993), Bifurcations of recurrent neural networks in gradient descent learning. Pascanu et al. (2013), fig. 3.
 */
export function restPoints(cell: Cell<CellState>, options: RestPointsOptions = {}): number[] {
  checkOptions("restPoints", options, ["starts", "steps"]);
  const { starts = 21, steps = 300 } = options;
  checkCount("restPoints", "starts", starts, 2);
  checkCount("restPoints", "steps", steps);
  if (cell.hiddenSize !== 1) throw new RangeError(`restPoints: the cell must have one unit, got ${cell.hiddenSize}`);
  const xs = Array.from({ length: steps }, () => zeros(1, cell.inputSize));
  const ends = Array.from({ length: starts }, (_, k) => {
    const h = full(1, 1, -1 + (2 * k) / (starts - 1));
    return noGrad(() => unroll(cell, xs, { h })[steps - 1].h.item());
  }).sort((a, b) => a - b);
  return ends.filter((end, k) => k === 0 || end - ends[k - 1] > 1e-3);
}
