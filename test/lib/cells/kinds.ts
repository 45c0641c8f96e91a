import {
  AblatedLSTMCell,
  type Cell,
  type CellKind,
  type CellOptions,
  CoupledLSTMCell,
  cellKinds,
  GRUCell,
  JANETCell,
  LSTM1997Cell,
  LSTMCell,
  type LSTMVariant,
  lstmVariants,
  MGUCell,
  PeepholeLSTMCell,
  RNNCell,
} from "unrolled";

// biome-ignore lint/suspicious/noExplicitAny: states differ from kind to kind
export type AnyCell = Cell<any, any>;

/** A cell of a kind; the LSTM of 1997 with cells in pairs, where hiddenSize allows it. */
export function cellOfKind(kind: CellKind, inputSize: number, hiddenSize: number, options: CellOptions = {}): AnyCell {
  if (lstmVariants.includes(kind as LSTMVariant)) {
    return new AblatedLSTMCell(inputSize, hiddenSize, { ...options, variant: kind as LSTMVariant });
  }
  switch (kind) {
    case "rnn":
      return new RNNCell(inputSize, hiddenSize, options);
    case "gru":
      return new GRUCell(inputSize, hiddenSize, options);
    case "gru, reset after":
      return new GRUCell(inputSize, hiddenSize, { ...options, reset: "after" });
    case "peephole":
      return new PeepholeLSTMCell(inputSize, hiddenSize, options);
    case "coupled":
      return new CoupledLSTMCell(inputSize, hiddenSize, options);
    case "mgu":
      return new MGUCell(inputSize, hiddenSize, options);
    case "janet":
      return new JANETCell(inputSize, hiddenSize, options);
    case "lstm1997":
      return new LSTM1997Cell(inputSize, hiddenSize, { ...options, cellsPerBlock: hiddenSize % 2 === 0 ? 2 : 1 });
    default:
      return new LSTMCell(inputSize, hiddenSize, options);
  }
}

export { cellKinds };

/** The cell with every parameter set, gate by gate: a number for all entries, or entry by entry; 0 where nothing is said. */
export function filled<C extends AnyCell>(
  cell: C,
  gates: Record<string, Record<string, number | readonly number[]>>,
): C {
  const parameters = cell.parameters();
  for (const { data } of Object.values(parameters)) data.fill(0);
  for (const [gate, weights] of Object.entries(gates)) {
    for (const [name, value] of Object.entries(weights)) {
      const { data } = parameters[`${gate}.${name}`];
      if (typeof value === "number") data.fill(value);
      else data.set(value);
    }
  }
  return cell;
}
