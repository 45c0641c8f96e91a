import { LSTMCell } from "../cells/lstm.js";
import { lstmCell, said } from "../figures/diagrams/lstm-cell.js";
import { checkOptions } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import { runMachine } from "./lstm-player.js";
import { machines as known, type Machine } from "./machine.js";
import { Widget } from "./widget.js";

export interface LiveLSTMOptions {
  readonly title?: string;
  /** What the entries of x are called. */
  readonly inputs?: readonly string[];
}

/** What the page starts from. */
export interface LiveLSTMData {
  readonly machines: readonly Machine[];
  readonly inputs: readonly string[];
}

/**
 * A live LSTM cell of one unit: the drawing with its numbers on the wires, sliders for x, h, c and for every weight,
 * and buttons that step it along a sequence. Computed in the page by `LSTMCell.step`.
 *
 *     explore.lstmCell()                     latch, erase, count, toggle
 *     explore.lstmCell({ mine: cell }, xs)   a cell of your own, reading xs
 *
 * @param cells by name, each of one unit
 * @param xs what they read: per time step [1, inputSize]
 * @throws RangeError for a cell of more than one unit, or a sequence that does not fit it
 */
export function liveLSTM(
  cells?: Readonly<Record<string, LSTMCell>>,
  xs: readonly Tensor[] = [],
  options: LiveLSTMOptions = {},
): Widget {
  checkOptions("explore.lstmCell", options, ["title", "inputs"]);
  const machines = cells ? Object.entries(cells).map(([name, cell]) => machineOf(name, cell, xs)) : known;
  const size = machines[0].xs[0].length;
  const {
    title = "A live LSTM cell",
    inputs = cells ? Array.from({ length: size }, (_, k) => (size === 1 ? "x" : `x${k + 1}`)) : ["pulse", "value"],
  } = options;
  if (inputs.length !== size) {
    throw new RangeError(`explore.lstmCell: inputs must be ${size} names, got ${inputs.length}`);
  }
  const runs = machines.map(runMachine);
  return new Widget({
    kind: "lstm",
    title,
    data: { machines, inputs } satisfies LiveLSTMData,
    still: lstmCell(runs[0][0], { rings: true }),
    words: machines.map(({ name, says }, k) => {
      const states = runs[k].map(({ c }) => said(c)).join(", ");
      return `${name}: ${says ? `${says} ` : ""}Its cell state c, step by step: ${states}.`;
    }),
  });
}

function machineOf(name: string, cell: LSTMCell, xs: readonly Tensor[]): Machine {
  if (!(cell instanceof LSTMCell)) throw new TypeError(`explore.lstmCell: ${name} must be an LSTMCell`);
  if (cell.hiddenSize !== 1) {
    throw new RangeError(`explore.lstmCell: ${name} must have 1 unit, got ${cell.hiddenSize}`);
  }
  if (xs.length === 0) throw new RangeError("explore.lstmCell: xs must have at least one step, got 0");
  const wrong = xs.find(({ shape: [rows, columns] }) => rows !== 1 || columns !== cell.inputSize);
  if (wrong) {
    throw new RangeError(
      `explore.lstmCell: each of xs must be [1, ${cell.inputSize}], got [${wrong.shape.join(", ")}]`,
    );
  }
  const weights = Object.entries(cell.parameters()).map(([key, { data }]) => [key, Array.from(data)]);
  return { name, weights: Object.fromEntries(weights), xs: xs.map(({ data }) => Array.from(data)) };
}
