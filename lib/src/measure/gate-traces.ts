import type { Cell, CellState } from "../cells/cell.js";
import { unroll } from "../sequence/unroll.js";
import { checkCount } from "../tensor/refuse.js";
import { noGrad, Tensor } from "../tensor/tensor.js";

/** For each value of a step (h, c, i, f, …) the history of every unit: traces.f[unit][t]. */
export type GateTraces = Record<string, number[][]>;

/**
 * What every gate and state did over one sequence of a batch.
 *
 *     gateTraces(cell, xs).f[3]      // the forget gate of unit 3, step by step
 */
export function gateTraces<State extends CellState, Step extends State>(
  cell: Cell<State, Step>,
  xs: readonly Tensor[],
  { sequence = 0 }: { sequence?: number } = {},
): GateTraces {
  checkCount("gateTraces", "sequence", sequence, 0);
  const steps = noGrad(() => unroll(cell, xs)) as unknown as Record<string, unknown>[];
  const names = Object.keys(steps[0]).filter((name) => steps[0][name] instanceof Tensor);
  const history = (name: string, unit: number): number[] =>
    steps.map((step) => {
      const { data, cols } = step[name] as Tensor;
      return data[sequence * cols + unit];
    });
  const units = Array.from({ length: cell.hiddenSize }, (_, unit) => unit);
  return Object.fromEntries(names.map((name) => [name, units.map((unit) => history(name, unit))]));
}
