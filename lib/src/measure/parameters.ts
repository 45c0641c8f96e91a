import type { Cell } from "../cells/cell.js";

/** How many numbers a cell learns. An LSTM of the same sizes has four times as many as a vanilla RNN. */
export function parameterCount(cell: Pick<Cell, "parameters">): number {
  return Object.values(cell.parameters()).reduce((sum, { data }) => sum + data.length, 0);
}

/**
 * The hidden size at which a kind of cell comes closest to a number of parameters: a fair opponent.
 *
 *     matchedHiddenSize((hiddenSize) => new RNNCell(2, hiddenSize), parameterCount(lstm))
 */
export function matchedHiddenSize(make: (hiddenSize: number) => Pick<Cell, "parameters">, target: number): number {
  let size = 1;
  while (parameterCount(make(size)) < target) size++;
  if (size === 1) return 1;
  const [below, above] = [parameterCount(make(size - 1)), parameterCount(make(size))];
  return target - below < above - target ? size - 1 : size;
}
